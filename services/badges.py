"""What every page's frame tells: how much waits for somebody, and whether publishing is stopped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.vocab import DeliveryState, ModeKind, PostState
from models import Delivery, Mode, Person, Post, Switch
from services.gates import mode_on


@dataclass(frozen=True)
class Stop:
    """Publishing is stopped: since when, by whom and why."""

    at: datetime
    by: str
    why: str


@dataclass(frozen=True)
class Badges:
    """Counts beside the menu, and the stop if there is one."""

    approvals: int
    desk: int
    stop: Stop | None
    modes: tuple[ModeKind, ...] = ()


def badges(session: Session, now: datetime) -> Badges:
    """Return them in three queries; nothing is locked."""
    waiting = select(func.count()).where(Post.state == PostState.IN_REVIEW).scalar_subquery()
    unclear = select(func.count()).where(Delivery.state == DeliveryState.NEEDS_HUMAN).scalar_subquery()
    approvals, desk = session.execute(select(waiting, unclear)).one()
    stopped = session.execute(
        select(Switch.at, Person.name, Switch.why)
        .outerjoin(Person, Person.id == Switch.person_id)
        .where(Switch.scope == "all", Switch.stopped)
    ).first()
    stop = Stop(stopped.at, stopped.name or "", stopped.why) if stopped else None
    modes = session.scalars(select(Mode.kind).where(*mode_on(now)).order_by(Mode.id))
    return Badges(approvals, desk, stop, tuple(modes))
