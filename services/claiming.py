"""Step 2 of the send: exactly one worker takes a due delivery, if everything says that it may go out now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager

from connectors.base import Access
from core.vocab import DeliveryState, Health, PostState
from models import Account, Delivery, Post, Switch
from services.runtime import Runtime

SENDABLE = (Health.OK, Health.UNCHECKED, Health.BLOCKED)


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


def stopped(account_id: InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
    """Return the condition that a stop switch covers this account."""
    covers = or_(Switch.scope == "all", and_(Switch.scope == "account", Switch.subject_id == account_id))
    return exists().where(Switch.stopped, covers)


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
            Account.active,
            Account.health.in_(SENDABLE),
            or_(Account.blocked_until.is_(None), Account.blocked_until <= now),
            ~stopped(Delivery.account_id),
        )
        .order_by(Delivery.due_at, Delivery.id)
    )


def due_ids(session: Session, now: datetime, limit: int) -> list[int]:
    """Return ids of deliveries that could be claimed now, oldest first; a hint, not a claim."""
    return list(session.scalars(_due(now).with_only_columns(Delivery.id).limit(limit)))


def claim_next(rt: Runtime, owner: str) -> Claim | None:
    """Take the oldest due delivery for the length of a lease; None if nothing may go out now."""
    lease = timedelta(seconds=rt.settings.lease_s)
    started = rt.clock.monotonic()
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        row = session.scalars(
            _due(now)
            .limit(1)
            .options(contains_eager(Delivery.account))
            .with_for_update(of=Delivery, skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        row.move(DeliveryState.SENDING, now)
        row.fence += 1
        row.owner = owner
        row.lease_until = now + lease
        account = row.account
        return Claim(
            delivery_id=row.id,
            fence=row.fence,
            owner=owner,
            access=access_of(rt, account),
            payload=row.payload,
            payload_sha256=row.payload_sha256,
            not_after=row.not_after,
            lease_ends=started + rt.settings.lease_s,
        )


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
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.reason = "window_passed"
        row.move(DeliveryState.MISSED, now, why="window_passed")
    return [row.id for row in rows]
