"""Step 2 of the send: exactly one worker takes a due delivery, if everything says that it may go out now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager

from connectors.base import Access
from core.vocab import DeliveryState, PostState
from models import Account, Delivery, Post
from services.gates import account_open
from services.missing import miss
from services.pacing import late, take_turn, turn_free
from services.runtime import Runtime


@dataclass(frozen=True)
class Claim:
    """A delivery that this process, and no other, may send until the lease ends."""

    delivery_id: int
    fence: int
    owner: str
    access: Access = field(repr=False)
    payload: dict[str, object]
    payload_sha256: str
    not_after: datetime
    lease_ends: float  # on this process's monotonic clock


def _due(now: datetime) -> Select[Delivery]:
    """Select deliveries that may go out now: time, approval, account and switches all agree."""
    return (
        select(Delivery)
        .join(Delivery.account)
        .join(Delivery.post)
        .where(
            Delivery.state == DeliveryState.SCHEDULED,
            Delivery.next_at <= now,
            Delivery.due_at <= now,
            Delivery.not_after >= now,
            Post.state == PostState.APPROVED,
            Post.approved_revision == Delivery.approved_revision,
            account_open(now),
        )
    )


def due_ids(session: Session, now: datetime, limit: int, pace_s: float = 0.0) -> list[int]:
    """Return ids of deliveries that could be claimed now, oldest first; a hint, not a claim."""
    found = _due(now).where(or_(~late(now), turn_free(now, pace_s))).order_by(Delivery.due_at, Delivery.id)
    return list(session.scalars(found.with_only_columns(Delivery.id).limit(limit)))


def claim_next(rt: Runtime, owner: str) -> Claim | None:
    """Take the oldest due delivery for the length of a lease; None if nothing may go out now."""
    started = rt.clock.monotonic()
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        row = _prompt(session, now) or _late(session, now, rt.settings.pace_s)
        if row is None:
            return None
        row.move(DeliveryState.SENDING, now)
        row.fence += 1
        row.owner = owner
        row.lease_until = now + timedelta(seconds=rt.settings.lease_s)
        return Claim(
            delivery_id=row.id,
            fence=row.fence,
            owner=owner,
            access=access_of(rt, row.account),
            payload=row.payload,
            payload_sha256=row.payload_sha256,
            not_after=row.not_after,
            lease_ends=started + rt.settings.lease_s,
        )


def _prompt(session: Session, now: datetime) -> Delivery | None:
    """Lock the oldest delivery that did not wait for an outage to end."""
    return _lock_first(session, _due(now).where(~late(now)).order_by(Delivery.due_at, Delivery.id))


def _late(session: Session, now: datetime, pace_s: float) -> Delivery | None:
    """Lock the newest late delivery, the likeliest to be still true, of an account whose turn is free."""
    newest_first = (Delivery.due_at.desc(), Delivery.id.desc())
    row = _lock_first(session, _due(now).where(late(now), turn_free(now, pace_s)).order_by(*newest_first))
    return row if row is not None and take_turn(session, row.account_id, now, pace_s) else None


def _lock_first(session: Session, wanted: Select[Delivery]) -> Delivery | None:
    return session.scalars(
        wanted.limit(1)
        .options(contains_eager(Delivery.account))
        .with_for_update(of=Delivery, skip_locked=True)
    ).one_or_none()


def access_of(rt: Runtime, account: Account) -> Access:
    """Return an account's secrets, opened for one use."""
    secrets = rt.vault.unseal(account.channel, account.external_id, account.sealed)
    return Access(account.channel, account.external_id, secrets)


def miss_overdue(session: Session, now: datetime) -> list[int]:
    """Close deliveries whose window has passed while nothing was in flight; return their ids."""
    rows = session.scalars(
        select(Delivery)
        .where(
            Delivery.state.in_((DeliveryState.SCHEDULED, DeliveryState.HELD)),
            Delivery.not_after < now,
        )
        .order_by(Delivery.id)
        .with_for_update(skip_locked=True)
    ).all()
    miss(session, rows, now, why="window_passed")
    return [row.id for row in rows]
