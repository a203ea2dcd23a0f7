"""People, what they may do, and signing in. Their passwords are changed in services.passwords."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.i18n import LANGUAGES
from core.vocab import Role
from models.people import LoginSession, LoginTry, Person, PersonRole
from services import audit
from services.guesses import count_try
from services.hashing import hash_password, right_password
from services.runtime import Runtime
from services.typed import line

SEEN_STEP = timedelta(minutes=1)
NAME_LENGTH = 60


class WrongPassword(Forbidden):
    """The name or the password is not right; which of them is nobody's business."""

    code = "wrong_password"
    status = 401


@dataclass(frozen=True)
class PersonForm:
    """A new person, as typed. username: what they sign in with; language: th or en."""

    username: str
    name: str
    password: str = field(repr=False)
    roles: frozenset[Role] = frozenset()
    position: str = ""
    language: str = "th"


@dataclass(frozen=True)
class SignedIn:
    """What the browser gets: the key goes into the cookie and is stored nowhere else."""

    key: str = field(repr=False)
    csrf: str = field(repr=False)
    person_id: int


def require(person: Person, *roles: Role) -> None:
    """Raise `role_needed` unless the person is active and has one of the roles."""
    if not person.active or not person.roles.intersection(roles):
        raise Forbidden("role_needed", roles=roles)


def create_person(session: Session, form: PersonForm, by: Person | None, now: datetime) -> Person:
    """Add a person; by None: the command line. Raises username_*, name_empty, password_*, username_taken."""
    if by is not None:
        require(by, Role.ADMINISTRATOR)
    username = _username(form.username)
    if session.scalar(select(Person.id).where(Person.username == username)) is not None:
        raise Conflict("username_taken", field="username", username=username)
    person = Person(
        username=username,
        name=line(form.name, "name", 200, needed="name_empty"),
        position=line(form.position, "position", 200),
        password_hash=hash_password(form.password, username),
        language=form.language if form.language in LANGUAGES else LANGUAGES[0],
        created_at=now,
        grants=[PersonRole(role=role) for role in sorted(form.roles)],
    )
    session.add(person)
    audit.record(session, _id(by), "person.create", person, now, roles=sorted(form.roles))
    return person


def list_people(session: Session) -> Sequence[Person]:
    """Return everybody, active people first, by name."""
    return session.scalars(select(Person).order_by(Person.active.desc(), Person.name)).all()


def load_person(session: Session, person_id: int) -> Person:
    """Return one person; raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def find_person(session: Session, username: str) -> Person:
    """Return the person who signs in with this name; raises `person_unknown`."""
    person = session.scalar(select(Person).where(Person.username == username.strip().casefold()))
    if person is None:
        raise NotFound("person_unknown", username=username)
    return person


def change_roles(
    session: Session, person_id: int, roles: Iterable[Role], by: Person | None, now: datetime
) -> Person:
    """Give a person exactly these roles and end their sessions; raises `last_administrator`."""
    person = administered(session, person_id, by)
    wanted = frozenset(roles)
    if Role.ADMINISTRATOR not in wanted:
        _keep_an_administrator(session, person)
    person.grants = [
        next((grant for grant in person.grants if grant.role == role), PersonRole(role=role))
        for role in sorted(wanted)
    ]
    end_sessions(session, person_id)
    audit.record(session, _id(by), "person.roles", person, now, roles=sorted(wanted))
    return person


def set_active(session: Session, person_id: int, by: Person | None, now: datetime, *, active: bool) -> Person:
    """Let a person in again, or out: their sessions end at once. Raises `last_administrator`."""
    person = administered(session, person_id, by)
    if not active:
        _keep_an_administrator(session, person)
        end_sessions(session, person_id)
    person.active = active
    audit.record(session, _id(by), "person.active", person, now, active=active)
    return person


def set_language(session: Session, person_id: int, language: str) -> None:
    """Remember the language a person reads."""
    if language in LANGUAGES:
        load_person(session, person_id).language = language


def administered(session: Session, person_id: int, by: Person | None) -> Person:
    """Return a person whom `by` may change: an administrator, or None for the command line."""
    if by is not None:
        require(by, Role.ADMINISTRATOR)
    return load_person(session, person_id)


def sign_in(rt: Runtime, username: str, password: str, address: str, replaces: str = "") -> SignedIn:
    """Open a new session; replaces: the key of the browser's old one. Raises as check_password."""
    person, now = check_password(rt, username, password, address), rt.clock.now()
    with rt.sessions.begin() as session:
        sign_out(session, replaces)
        audit.record(session, person.id, "person.sign_in", person, now, address=address[:NAME_LENGTH])
        return _new_session(session, person.id, now)


def check_password(
    rt: Runtime, username: str, password: str, address: str, field: str = "password"
) -> Person:
    """Return whose password it is.

    Unknown names, inactive people and wrong passwords cost the same time and say the same: `wrong_password`.
    After 10 tries in 15 minutes for a name from an address: `too_many_tries`. The try is written down before
    the password is looked at, so that parallel guesses are counted too.
    """
    name, now = username.strip().casefold()[:NAME_LENGTH], rt.clock.now()
    with rt.sessions.begin() as session:
        attempt = count_try(session, name, address[:NAME_LENGTH], now)
        person = session.scalar(select(Person).where(Person.username == name, Person.active))
        stored = person.password_hash if person else None
    if not right_password(password, stored) or person is None:
        raise WrongPassword(field=field)
    with rt.sessions.begin() as session:
        session.execute(delete(LoginTry).where(LoginTry.id == attempt))
    return person


def resume(session: Session, key: str, now: datetime, settings: Settings) -> LoginSession | None:
    """Return the session of a cookie with its person, or None; an outlived one is deleted."""
    found = session.get(LoginSession, digest_of(key)) if key else None
    if found is None:
        return None
    idle = now - found.seen_at > timedelta(minutes=settings.session_idle_min)
    if idle or now - found.created_at > timedelta(hours=settings.session_hours) or not found.person.active:
        session.delete(found)
        return None
    if now - found.seen_at >= SEEN_STEP:
        found.seen_at = now
    return found


def sign_out(session: Session, key: str) -> None:
    """End the session of a cookie; an unknown key is fine."""
    if key:
        session.execute(delete(LoginSession).where(LoginSession.key_sha256 == digest_of(key)))


def end_sessions(session: Session, person_id: int) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(LoginSession).where(LoginSession.person_id == person_id))


def _username(typed: str) -> str:
    username = line(typed, "username", NAME_LENGTH, needed="username_empty").casefold()
    if not username.replace(".", "").replace("-", "").replace("_", "").isalnum() or not username.isascii():
        raise BadInput("username_bad", field="username")
    return username


def _keep_an_administrator(session: Session, person: Person) -> None:
    others = session.scalar(
        select(func.count())
        .select_from(PersonRole)
        .join(Person)
        .where(PersonRole.role == Role.ADMINISTRATOR, Person.active, Person.id != person.id)
    )
    if Role.ADMINISTRATOR in person.roles and not others:
        raise Conflict("last_administrator", name=person.name)


def _new_session(session: Session, person_id: int, now: datetime) -> SignedIn:
    key, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            key_sha256=digest_of(key),
            person_id=person_id,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            confirmed_at=now,
        )
    )
    return SignedIn(key=key, csrf=csrf, person_id=person_id)


def digest_of(key: str) -> str:
    """Return what is stored of a session's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _id(person: Person | None) -> int | None:
    return person.id if person else None
