"""What must be open for a post to go out: its account, and no stop that covers it."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import InstrumentedAttribute

from core.vocab import Health
from models import Account, Switch

Moment = datetime | ColumnElement[datetime]  # a moment, or a parameter that will be one

# a blocked account may try again once its time is over; the others wait for a person
SENDABLE = (Health.OK, Health.UNCHECKED, Health.BLOCKED)


def stopped(account_id: InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
    """Return the condition that a stop switch covers this account."""
    covers = or_(Switch.scope == "all", and_(Switch.scope == "account", Switch.subject_id == account_id))
    return exists().where(Switch.stopped, covers)


def account_open(now: Moment) -> ColumnElement[bool]:
    """Return the condition that an account can publish now."""
    return and_(
        Account.active,
        Account.health.in_(SENDABLE),
        or_(Account.blocked_until.is_(None), Account.blocked_until <= now),
        ~stopped(Account.id),
    )
