"""No burst after an outage: what became overdue while nothing could go out leaves one by one.

Whatever the reason was (no worker, a stop, a hold, a dead token, a rate limit), it shows in one way: for more
than a minute nobody saw the account open. What was due before that minute's end is late; all else is prompt,
however long the queue in front of it is.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from models import Account, Delivery
from services.gates import Moment, account_open

PROMPT = timedelta(minutes=1)
NOTE_EVERY = timedelta(seconds=10)


def note_open(session: Session, now: datetime) -> None:
    """Write down which accounts can publish now; after a gap, what was due before it is late."""
    rows = session.scalars(
        select(Account)
        .where(account_open(now), or_(Account.open_at.is_(None), Account.open_at < now - NOTE_EVERY))
        .order_by(Account.id)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        if row.open_at is None or row.open_at < now - PROMPT:
            row.late_before = now - PROMPT
        row.open_at = now


def late(prompt_since: Moment) -> ColumnElement[bool]:
    """Return the condition that a delivery became overdue while its account could not publish.

    The later parts of a chain never are: readers wait for them once the first is out.
    prompt_since: what has been due since then is prompt in any case; now - PROMPT.
    """
    gap = or_(Account.open_at.is_(None), Account.open_at < prompt_since)
    overdue = or_(
        and_(gap, Delivery.due_at < prompt_since),
        and_(~gap, Delivery.due_at < Account.late_before),
    )
    return and_(Delivery.follows_id.is_(None), overdue)


def turn_free(quiet_since: Moment) -> ColumnElement[bool]:
    """Return the condition that an account's last late post went out before this moment."""
    return or_(Account.paced_at.is_(None), Account.paced_at <= quiet_since)


def take_turn(session: Session, account_id: int, now: datetime, pace_s: float) -> bool:
    """Take the account's turn for one late post; False if another worker was faster."""
    taken = session.scalar(
        update(Account)
        .where(Account.id == account_id, turn_free(now - timedelta(seconds=pace_s)))
        .values(paced_at=now)
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None
