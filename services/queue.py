"""What people do to the queue: hold, release, cancel, move, send now, stop all and go on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.lifecycle import IN_FLIGHT
from core.vocab import DeliveryState, PostKind, Role
from models.accounts import Switch
from models.calendar import Event
from models.deliveries import Delivery
from models.people import Person
from models.posts import Post
from services import audit
from services.chains import from_here, shown
from services.modes import clear
from services.people import require
from services.queue_list import counts
from services.typed import line
from services.unsent import GIVEN_UP, refuse_if_out
from services.windows import check_takes_place, check_window, default_not_after

ALL = "all"


@dataclass(frozen=True)
class Stopped:
    """What stop-all found: deliveries that wait and now stay, and those that could still land."""

    waiting: int
    in_flight: int


@dataclass(frozen=True)
class Resumed:
    """What resuming lets loose: overdue deliveries that go out at once, and those whose window has passed."""

    overdue: int
    missed: int


def hold_delivery(session: Session, delivery_id: int, why: str, person: Person, now: datetime) -> Delivery:
    """Keep a delivery, and what follows it, from going out until released.

    Raises in_flight, already_published, needs_decision.
    """
    delivery = _changeable(session, delivery_id, person)
    reason = line(why, "why", 300)
    for one in _with_followers(session, delivery, DeliveryState.SCHEDULED):
        one.move(DeliveryState.HELD, now, person.id, reason)
        one.reason = "held_by_person"
    audit.record(session, person.id, "delivery.hold", delivery, now, reason=reason)
    return delivery


def release_delivery(
    session: Session, delivery_id: int, person: Person, now: datetime, why: str = ""
) -> Delivery:
    """Let a held delivery, and what was held behind it, go out at its time, at once if that has passed.

    why: needed for what a mode holds. Raises window_passed, not_held, reason_empty.
    """
    delivery = _changeable(session, delivery_id, person)
    if delivery.state is not DeliveryState.HELD:
        raise Conflict("not_held", state=delivery.state)
    if delivery.not_after < now:
        raise Conflict("window_passed", not_after=delivery.not_after)
    _still_true(session, delivery)
    for one in _with_followers(session, delivery, DeliveryState.HELD):
        clear(session, one, why, person, now)
        one.move(DeliveryState.SCHEDULED, now, person.id, line(why, "why", 300) or "released")
        one.next_at, one.reason = one.due_at, ""
    audit.record(session, person.id, "delivery.release", delivery, now)
    return delivery


def cancel_delivery(session: Session, delivery_id: int, why: str, person: Person, now: datetime) -> Delivery:
    """Give a delivery and its followers up for good. Raises in_flight, already_published, needs_decision."""
    delivery = _changeable(session, delivery_id, person)
    reason = line(why, "why", 300)
    for one in _with_followers(session, delivery, *GIVEN_UP):
        one.move(DeliveryState.CANCELLED, now, person.id, reason)
        one.reason = "cancelled_by_person"
    audit.record(session, person.id, "delivery.cancel", delivery, now, reason=reason)
    return delivery


def reschedule(
    session: Session, delivery_id: int, due_at: datetime, person: Person, now: datetime
) -> Delivery:
    """Give a delivery, and what follows it, another time; what goes out stays what was approved.

    Held ones stay held.

    Failed and missed ones are tried again then. Raises due_in_past, due_after_event, in_flight and others.
    """
    if due_at <= now:
        raise BadInput("due_in_past", field="due_at", due_at=due_at, now=now)
    return _set_time(session, _changeable(session, delivery_id, person), due_at, person, now)


def publish_now(session: Session, delivery_id: int, person: Person, now: datetime, why: str = "") -> Delivery:
    """Make a waiting, held, failed or missed delivery due now; why: needed for what a mode holds.

    Raises due_after_event, in_flight, reason_empty and more.
    """
    delivery = _changeable(session, delivery_id, person)
    followed = _with_followers(session, delivery, *GIVEN_UP)
    for one in followed:
        clear(session, one, why, person, now)
    _set_time(session, delivery, now, person, now)
    for one in followed:
        if one.state is DeliveryState.HELD:
            one.move(DeliveryState.SCHEDULED, now, person.id, "publish_now")
            one.reason = ""
    return delivery


def stop_all(session: Session, why: str, person: Person, now: datetime) -> Stopped:
    """Stop every new send at once; says what could still land. Raises reason_empty, already_stopped."""
    require(person, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
    reason = line(why, "why", 300, needed="reason_empty")
    switch = stop_switch(session)
    if switch is None:
        switch = Switch(scope=ALL, subject_id=0)
        session.add(switch)
    elif switch.stopped:
        raise Conflict("already_stopped", at=switch.at, why=switch.why)
    switch.stopped, switch.person_id, switch.at, switch.why = True, person.id, now, reason
    found = counts(session)
    stopped = Stopped(found[DeliveryState.SCHEDULED], sum(found[state] for state in IN_FLIGHT))
    audit.record(
        session, person.id, "queue.stop_all", switch, now,
        reason=reason, waiting=stopped.waiting, in_flight=stopped.in_flight,
    )  # fmt: skip
    return stopped


def resume_all(session: Session, person: Person, now: datetime) -> Resumed:
    """Let sends go on. Needs an approver or administrator other than the person who stopped.

    Raises not_stopped, second_person_needed.
    """
    require(person, Role.APPROVER, Role.ADMINISTRATOR)
    switch = stop_switch(session)
    if switch is None or not switch.stopped:
        raise Conflict("not_stopped")
    if switch.person_id == person.id:
        raise Forbidden("second_person_needed")
    switch.stopped, switch.person_id, switch.at = False, person.id, now
    resumed = overdue(session, now)
    audit.record(
        session, person.id, "queue.resume_all", switch, now, overdue=resumed.overdue, missed=resumed.missed
    )
    return resumed


def overdue(session: Session, now: datetime) -> Resumed:
    """Return what would go out at once if sends went on now, and what no longer can."""
    waiting = select(func.count()).where(
        Delivery.state == DeliveryState.SCHEDULED, Delivery.due_at <= now, shown()
    )
    return Resumed(
        overdue=session.scalar(waiting.where(Delivery.not_after >= now)) or 0,
        missed=session.scalar(waiting.where(Delivery.not_after < now)) or 0,
    )


def stop_switch(session: Session) -> Switch | None:
    """Return the switch of stop-all; None if it was never used. `.stopped` says whether it is on."""
    return session.scalar(select(Switch).where(Switch.scope == ALL).with_for_update())


def _changeable(session: Session, delivery_id: int, person: Person) -> Delivery:
    """Return a delivery locked for change; raises the truth if it can no longer be changed."""
    require(person, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
    delivery = session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None:
        raise NotFound
    refuse_if_out([delivery])
    if delivery.state not in GIVEN_UP:
        raise Conflict("delivery_over", state=delivery.state)
    return delivery


def _with_followers(session: Session, delivery: Delivery, *states: DeliveryState) -> list[Delivery]:
    """Return a delivery and the parts that follow it, those that are in one of these states."""
    rest = from_here(session, delivery)
    return [delivery, *(one for one in rest if one.id != delivery.id and one.state in states)]


def _still_true(session: Session, delivery: Delivery) -> tuple[PostKind, Event | None]:
    """Return what the delivery is about; raises `event_over` if that does not take place any more."""
    post = session.get_one(Post, delivery.post_id)
    event = session.get(Event, post.event_id) if post.event_id is not None else None
    check_takes_place(post.kind, event)
    return post.kind, event


def _set_time(
    session: Session, delivery: Delivery, due_at: datetime, person: Person, now: datetime
) -> Delivery:
    kind, event = _still_true(session, delivery)
    not_after = default_not_after(kind, due_at, event)
    check_window(kind, due_at, not_after, event)
    before = delivery.due_at
    for one in _with_followers(session, delivery, *GIVEN_UP):
        if one.state in {DeliveryState.FAILED, DeliveryState.MISSED}:
            one.move(DeliveryState.SCHEDULED, now, person.id, "again")
            one.reason, one.detail = "", ""
        one.due_at, one.next_at, one.not_after = due_at, due_at, not_after
    audit.record(
        session, person.id, "delivery.reschedule", delivery, now,
        before=before.isoformat(), due_at=due_at.isoformat(),
    )  # fmt: skip
    return delivery
