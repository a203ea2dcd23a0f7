"""What must be open for a post to go out: its account, and no stop, hold or mode that covers it."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import InstrumentedAttribute

from core.vocab import Health
from models import Account, Clearance, Delivery, Mode, Post, Switch

Moment = datetime | ColumnElement[datetime]  # a moment, or a parameter that will be one

# a blocked account may try again once its time is over; the others wait for a good check
SENDABLE = (Health.OK, Health.UNCHECKED, Health.BLOCKED)


def account_open(now: Moment) -> ColumnElement[bool]:
    """Return the condition that an account can publish now."""
    return and_(
        Account.active,
        Account.health.in_(SENDABLE),
        or_(Account.blocked_until.is_(None), Account.blocked_until <= now),
        or_(Account.access_until.is_(None), Account.access_until > now),
        ~stopped(Account.id),
    )


def stopped(account_id: InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
    """Return the condition that everything, or this account, is stopped."""
    covers = or_(Switch.scope == "all", and_(Switch.scope == "account", Switch.subject_id == account_id))
    return exists().where(Switch.stopped, covers)


def post_held(now: Moment) -> ColumnElement[bool]:
    """Return the condition that a delivery's event is held, or that a mode wants it looked at first."""
    event_stopped = exists().where(
        Switch.stopped, Switch.scope == "event", Switch.subject_id == Post.event_id
    )
    return or_(
        event_stopped.correlate(Post), exists().where(*mode_covers(now, Delivery.id)).correlate(Delivery)
    )


def mode_covers(
    now: Moment, delivery_id: InstrumentedAttribute[int] | int
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a mode is on now and this delivery was not let out during it."""
    cleared = exists().where(Clearance.mode_id == Mode.id, Clearance.delivery_id == delivery_id)
    return (*mode_on(now), ~cleared.correlate(Mode, Delivery))


def mode_on(now: Moment) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a mode is on now."""
    return (
        Mode.starts_at <= now,
        or_(Mode.ends_at.is_(None), Mode.ends_at > now),
        Mode.ended_at.is_(None),
    )
