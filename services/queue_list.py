"""The queue as people see it: what waits and what is in trouble, page by page, and how much of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, raiseload

from core.vocab import DeliveryState
from models.deliveries import Delivery
from services.chains import shown


@dataclass(frozen=True)
class QueueFilter:
    """Which deliveries to list; before: (due_at, id) of the last row of the page before."""

    states: frozenset[DeliveryState] = frozenset()
    account_id: int | None = None
    limit: int = 100
    before: tuple[datetime, int] | None = None


def list_queue(session: Session, wanted: QueueFilter | None = None) -> Sequence[Delivery]:
    """Return deliveries with post and account, latest due first; one query.

    Of a thread: its first part, and the part that is next if that is another one.
    """
    chosen = wanted or QueueFilter()
    rows = (
        select(Delivery)
        .where(shown())
        .options(joinedload(Delivery.post).options(raiseload("*")), joinedload(Delivery.account))
        .order_by(Delivery.due_at.desc(), Delivery.id.desc())
        .limit(chosen.limit)
    )
    if chosen.states:
        rows = rows.where(Delivery.state.in_(chosen.states))
    if chosen.account_id is not None:
        rows = rows.where(Delivery.account_id == chosen.account_id)
    if chosen.before is not None:
        due_at, last_id = chosen.before
        rows = rows.where(
            (Delivery.due_at < due_at) | ((Delivery.due_at == due_at) & (Delivery.id < last_id))
        )
    return session.scalars(rows).all()


def counts(session: Session) -> dict[DeliveryState, int]:
    """Return how many of the deliveries that list_queue shows are in each state; states without any are 0."""
    rows = session.execute(select(Delivery.state, func.count()).where(shown()).group_by(Delivery.state)).all()
    return dict.fromkeys(DeliveryState, 0) | dict(rows)
