"""The office's calendar: events, and what a change of plan does to posts that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import BadInput, Conflict, NotFound
from core.fiscal import day_start
from core.vocab import EventState, Role
from models.calendar import Event
from models.deliveries import Delivery
from models.people import Person
from models.posts import Post
from services import audit
from services.chains import shown
from services.event_changes import Moved, move_posts
from services.event_days import first_day, last_day
from services.holidays import list_holidays
from services.opening import open_event
from services.people import require
from services.search_words import words_of_event
from services.typed import body, line
from services.unsent import Fate, deliveries_of, forbid_resending, hold_scheduled

LAST_MINUTE = timedelta(days=1) - timedelta(minutes=1)
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class EventForm:
    """An event as typed. starts_at and ends_at are aware; all_day counts from 00.00 to 23.59 in Bangkok."""

    title: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool = False
    place: str = ""
    host: str = ""
    target_group: str = ""
    description: str = ""
    public: bool = True
    unplanned: bool = False
    unplanned_reason: str = ""
    royal: bool = False
    minors: bool = False
    flagship: bool = False  # its photos are due within two days
    source: str = ""


@dataclass(frozen=True)
class EventView:
    """One event with its posts and their deliveries; holidays from ten days before it to ten days after."""

    event: Event
    posts: Sequence[Post]
    deliveries: Sequence[Delivery]
    holidays: dict[date, str]


def create_event(session: Session, form: EventForm, person: Person, now: datetime) -> Event:
    """Enter an event.

    Raises event_title_empty, event_end_before_start, event_too_long, unplanned_reason_empty.
    """
    require(person, Role.OFFICER)
    event = Event(**_values(form), created_by=person.id, created_at=now)
    event.search_key = words_of_event(event)
    session.add(event)
    audit.record(session, person.id, "event.create", event, now, title=event.title)
    return event


def edit_event(
    session: Session, event_id: int, form: EventForm, revision: int, person: Person, now: datetime
) -> Moved:
    """Change an event; posts that wait move with it (ADR: a moved event takes its approvals back).

    Times: every post that is not out yet moves by the same offset. Time or place changed: approved posts come
    back to draft and their waiting deliveries are cancelled, because what was approved is no longer true.
    Raises event_changed if somebody else changed it first, event_over if it is cancelled or took place.
    """
    require(person, Role.OFFICER)
    event = _open_event(session, event_id)
    if event.revision != revision:
        raise Conflict("event_changed")
    before = (event.starts_at, event.ends_at, event.place)
    for name, value in _values(form).items():
        setattr(event, name, value)
    event.search_key = words_of_event(event)
    event.revision += 1
    if before[:2] != (event.starts_at, event.ends_at) and event.state is EventState.POSTPONED:
        event.move(EventState.SCHEDULED)
    moved = move_posts(session, event, before, person.id, now)
    audit.record(
        session, person.id, "event.edit", event, now,
        starts_at=event.starts_at.isoformat(), moved=moved.moved, taken_back=moved.taken_back,
    )  # fmt: skip
    return moved


def cancel_event(session: Session, event_id: int, reason: str, person: Person, now: datetime) -> Fate:
    """Cancel an event and hold all its waiting posts at once; says how many, and what is beyond recall."""
    event = _closing(session, event_id, person)
    event.move(EventState.CANCELLED)
    event.cancelled_at = now
    event.cancel_reason = line(reason, "reason", 300, needed="reason_empty")
    return _hold_all(session, event, "event_cancelled", person, now)


def postpone_event(session: Session, event_id: int, reason: str, person: Person, now: datetime) -> Fate:
    """Put an event off without a new date yet: its waiting posts are held until the date is edited."""
    event = _closing(session, event_id, person)
    event.move(EventState.POSTPONED)
    event.cancel_reason = line(reason, "reason", 300, needed="reason_empty")
    return _hold_all(session, event, "event_postponed", person, now)


def confirm_event(session: Session, event_id: int, person: Person, now: datetime) -> Event:
    """Mark an event as certain to take place; from now on citizens see it, unless it is a royal one."""
    return _mark(session, event_id, EventState.CONFIRMED, person, now)


def mark_held(session: Session, event_id: int, person: Person, now: datetime) -> Event:
    """Mark an event as having taken place; raises `event_not_begun` before it starts."""
    if _open_event(session, event_id).starts_at > now:
        raise Conflict("event_not_begun")
    return _mark(session, event_id, EventState.HELD, person, now)


def find_event(session: Session, event_id: int) -> Event:
    """Return one event; raises NotFound."""
    event = session.get(Event, event_id)
    if event is None:
        raise NotFound
    return event


def load_event(session: Session, event_id: int) -> EventView:
    """Return an event with everything its page shows; raises NotFound."""
    event = find_event(session, event_id)
    posts = session.scalars(
        select(Post).where(Post.event_id == event_id).order_by(Post.due_at, Post.id)
    ).all()
    ids = [post.id for post in posts]
    deliveries = session.scalars(
        select(Delivery).where(Delivery.post_id.in_(ids), shown()).order_by(Delivery.id)
    ).all()
    first, last = first_day(event) - timedelta(days=10), last_day(event) + timedelta(days=10)
    around = list_holidays(session, first, last)
    return EventView(event, posts, deliveries, around)


def list_events(session: Session, start: datetime, end: datetime) -> Sequence[Event]:
    """Return the events that touch the time from start (included) to end (excluded), by start."""
    return session.scalars(
        select(Event)
        .where(Event.starts_at < end, Event.ends_at >= start, Event.starts_at > start - LONGEST)
        .order_by(Event.starts_at, Event.id)
    ).all()


def _values(form: EventForm) -> dict[str, object]:
    title = line(form.title, "title", 300, needed="event_title_empty")
    starts_at, ends_at = form.starts_at, form.ends_at
    if form.all_day:
        starts_at = day_start(bangkok(starts_at).date())
        ends_at = day_start(bangkok(ends_at).date()) + LAST_MINUTE
    if ends_at < starts_at:
        raise BadInput("event_end_before_start", field="ends_at", starts_at=starts_at, ends_at=ends_at)
    if ends_at - starts_at > LONGEST:
        raise BadInput("event_too_long", field="ends_at")
    reason = line(form.unplanned_reason, "unplanned_reason", 300)
    if form.unplanned and not reason:
        raise BadInput("unplanned_reason_empty", field="unplanned_reason")
    return {
        "title": title, "starts_at": starts_at, "ends_at": ends_at, "all_day": form.all_day,
        "place": line(form.place, "place", 300), "host": line(form.host, "host", 200),
        "target_group": line(form.target_group, "target_group", 200),
        "description": body(form.description, "description", 10_000),
        "public": form.public, "unplanned": form.unplanned, "unplanned_reason": reason,
        "royal": form.royal, "minors": form.minors, "flagship": form.flagship,
        "source": line(form.source, "source", 300),
    }  # fmt: skip


def _open_event(session: Session, event_id: int) -> Event:
    event = session.get(Event, event_id, with_for_update=True)
    if event is None:
        raise NotFound
    if event.state in {EventState.CANCELLED, EventState.HELD}:
        raise Conflict("event_over", state=event.state)
    return event


def _closing(session: Session, event_id: int, person: Person) -> Event:
    require(person, Role.OFFICER, Role.APPROVER)
    event = _open_event(session, event_id)
    event.revision += 1
    return event


def _hold_all(session: Session, event: Event, why: str, person: Person, now: datetime) -> Fate:
    post_ids = session.scalars(select(Post.id).where(Post.event_id == event.id)).all()
    deliveries = deliveries_of(session, post_ids)
    fate = hold_scheduled(deliveries, why, person.id, now)
    forbid_resending(deliveries, now)
    audit.record(
        session, person.id, f"event.{event.state}", event, now,
        reason=event.cancel_reason, held=fate.held, in_flight=fate.in_flight, live=fate.live,
    )  # fmt: skip
    return fate


def _mark(session: Session, event_id: int, state: EventState, person: Person, now: datetime) -> Event:
    require(person, Role.OFFICER)
    event = _open_event(session, event_id)
    event.move(state)
    event.revision += 1
    open_event(event, now)
    audit.record(session, person.id, f"event.{state}", event, now)
    return event
