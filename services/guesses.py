"""Guessing passwords is slow: so many tries for a name from an address, then a wait."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import RukonError
from models.people import LoginTry

MAX_TRIES = 10
TRY_WINDOW = timedelta(minutes=15)


class TooManyTries(RukonError):
    """Somebody guesses: wait `minutes`."""

    code = "too_many_tries"
    status = 429


def count_try(session: Session, username: str, address: str, now: datetime) -> int:
    """Write a try down and return its number; raises too_many_tries after ten in a quarter of an hour."""
    recent = session.scalars(
        select(LoginTry.tried_at)
        .where(LoginTry.username == username, LoginTry.tried_at > now - TRY_WINDOW)
        .where(LoginTry.address == address)
        .order_by(LoginTry.tried_at.desc())
        .limit(MAX_TRIES)
    ).all()
    if len(recent) >= MAX_TRIES:
        wait = recent[-1] + TRY_WINDOW - now
        raise TooManyTries(minutes=max(1, -int(-wait.total_seconds() // 60)))
    attempt = LoginTry(username=username, address=address, tried_at=now)
    session.add(attempt)
    session.flush()
    return attempt.id
