"""Typing the password again before something that cannot be taken back: good for five minutes."""

from datetime import datetime, timedelta

from sqlalchemy import select

from models.people import LoginSession, Person
from services import audit
from services.people import check_password, digest_of
from services.runtime import Runtime

GOOD_FOR = timedelta(minutes=5)


def is_confirmed(found: LoginSession, now: datetime) -> bool:
    """Say whether the password was typed in this browser within the last five minutes."""
    return found.confirmed_at is not None and now - found.confirmed_at <= GOOD_FOR


def confirm(rt: Runtime, key: str, person: Person, password: str, address: str) -> None:
    """Take the password again; guesses count as those at the door. Raises WrongPassword, TooManyTries."""
    check_password(rt, person.username, password, address, field="confirm")
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        found = session.scalar(select(LoginSession).where(LoginSession.key_sha256 == digest_of(key)))
        if found is not None:
            found.confirmed_at = now
        audit.record(session, person.id, "person.confirm", person, now)
