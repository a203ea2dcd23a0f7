"""New passwords, chosen by their owner or given by an administrator; each ends all the person's sessions."""

from models.people import Person
from services import audit
from services.hashing import hash_password, right_password
from services.people import WrongPassword, administered, end_sessions, load_person
from services.runtime import Runtime


def change_password(rt: Runtime, person_id: int, old: str, new: str) -> None:
    """Let a person choose a new password; ends all their sessions. Raises `wrong_password`, password_*."""
    with rt.sessions.begin() as session:
        person = load_person(session, person_id)
        stored, username = person.password_hash, person.username
    if not right_password(old, stored):
        raise WrongPassword("old_password_wrong", field="old_password")
    _store_password(rt, person_id, hash_password(new, username), by_id=person_id)


def set_password(rt: Runtime, person_id: int, new: str, by: Person | None) -> None:
    """Give a person a new password as administrator (or from the command line, by None)."""
    with rt.sessions.begin() as session:
        username = administered(session, person_id, by).username
    _store_password(rt, person_id, hash_password(new, username), by_id=by.id if by else None)


def _store_password(rt: Runtime, person_id: int, hashed: str, by_id: int | None) -> None:
    with rt.sessions.begin() as session:
        person = load_person(session, person_id)
        person.password_hash = hashed
        end_sessions(session, person_id)
        audit.record(session, by_id, "person.password", person, rt.clock.now())
