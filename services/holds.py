"""Holding one account, or all posts of one event; and what a stop leaves under way and overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload

from core.errors import BadInput, Conflict, NotFound
from core.i18n import text
from core.lifecycle import IN_FLIGHT
from core.vocab import DeliveryState, Role
from models import Account, Delivery, Event, Person, Switch
from services import audit
from services.chains import shown
from services.people import require
from services.typed import line

LISTED = 50
ACCOUNT, EVENT = "account", "event"
SUBJECTS: dict[str, type[Account] | type[Event]] = {ACCOUNT: Account, EVENT: Event}


@dataclass(frozen=True)
class Hold:
    """A hold that is on, and the name of what it holds."""

    switch: Switch
    name: str


@dataclass(frozen=True)
class Left:
    """Rows with post and account: what may still land during a stop, and what waits beyond its time."""

    in_flight: Sequence[Delivery]
    overdue: Sequence[Delivery]


def hold(session: Session, scope: str, subject_id: int, why: str, person: Person, now: datetime) -> Switch:
    """Let nothing go out for an account or an event. Raises reason_empty, already_stopped, NotFound."""
    require(person, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
    subject = _subject(session, scope, subject_id)
    reason = line(why, "why", 300, needed="reason_empty")
    switch = _switch(session, scope, subject_id)
    if switch is None:
        switch = Switch(scope=scope, subject_id=subject_id)
        session.add(switch)
    elif switch.stopped:
        raise Conflict("already_stopped", at=switch.at, why=switch.why)
    switch.stopped, switch.person_id, switch.at, switch.why = True, person.id, now, reason
    audit.record(session, person.id, "queue.hold", subject, now, reason=reason)
    return switch


def hold_account(session: Session, account: Account, reason: str, now: datetime) -> None:
    """Let nothing go out for an account until a person releases it: found by the program itself.

    reason: a code of the locales' [reason]. Nothing if the account is held already.
    """
    switch = _switch(session, ACCOUNT, account.id)
    if switch is None:
        switch = Switch(scope=ACCOUNT, subject_id=account.id)
        session.add(switch)
    elif switch.stopped:
        return
    switch.stopped, switch.person_id, switch.at, switch.why = True, None, now, text(f"reason.{reason}")[:300]
    audit.record(session, None, "queue.hold", account, now, reason=reason)


def release(session: Session, scope: str, subject_id: int, person: Person, now: datetime) -> Switch:
    """Let an account's or event's posts go out again. Raises not_stopped."""
    require(person, Role.APPROVER, Role.ADMINISTRATOR)
    subject = _subject(session, scope, subject_id)
    switch = _switch(session, scope, subject_id)
    if switch is None or not switch.stopped:
        raise Conflict("not_stopped")
    switch.stopped, switch.person_id, switch.at = False, person.id, now
    audit.record(session, person.id, "queue.release", subject, now)
    return switch


def holds(session: Session) -> Sequence[Hold]:
    """Return what is held, by name; two queries."""
    accounts = select(Switch, Account.name).join(Account, Account.id == Switch.subject_id)
    events = select(Switch, Event.title).join(Event, Event.id == Switch.subject_id)
    found = [
        *session.execute(accounts.where(Switch.scope == ACCOUNT, Switch.stopped)),
        *session.execute(events.where(Switch.scope == EVENT, Switch.stopped)),
    ]
    return [Hold(switch, name) for switch, name in found]


def what_is_left(session: Session, now: datetime) -> Left:
    """Return what may still land although everything is stopped, and what is overdue, the newest first."""
    rows = select(Delivery).options(
        joinedload(Delivery.post).options(raiseload("*")), joinedload(Delivery.account)
    )
    waiting = rows.where(Delivery.state == DeliveryState.SCHEDULED, Delivery.due_at <= now, shown())
    return Left(
        in_flight=session.scalars(rows.where(Delivery.state.in_(IN_FLIGHT)).order_by(Delivery.id)).all(),
        overdue=session.scalars(
            waiting.order_by(Delivery.due_at.desc(), Delivery.id.desc()).limit(LISTED)
        ).all(),
    )


def _subject(session: Session, scope: str, subject_id: int) -> Account | Event:
    if scope not in SUBJECTS:
        raise BadInput("scope_unknown", field="scope")
    found: Account | Event | None = session.get(SUBJECTS[scope], subject_id)  # type: ignore[assignment]  # one of the two
    if found is None:
        raise NotFound
    return found


def _switch(session: Session, scope: str, subject_id: int) -> Switch | None:
    return session.scalar(
        select(Switch).where(Switch.scope == scope, Switch.subject_id == subject_id).with_for_update()
    )
