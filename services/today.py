"""What a person should look at first this day; a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload, raiseload

from core.clock import bangkok
from core.fiscal import day_start
from core.vocab import DeliveryState, EventState, Health, PostState, Role
from models.accounts import Account, Switch
from models.calendar import Event
from models.deliveries import Delivery
from models.people import Person
from models.posts import Post
from services.alerts import AlertView, shown_to
from services.approval import InboxRow, inbox
from services.calendar import list_events
from services.chains import shown
from services.holidays import list_holidays
from services.queue_list import counts
from services.windows import BEFOREHAND

WEEK = timedelta(days=7)
OPEN_QUESTION = (DeliveryState.NEEDS_HUMAN, DeliveryState.UNCERTAIN)  # shown until settled
STUCK = (DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.HELD)  # shown for a week after their time
UNFINISHED = (PostState.DRAFT, PostState.RETURNED)
ROWS = 50


@dataclass(frozen=True)
class EventAhead:
    """An event of the next seven days. told: a post that tells of it beforehand is approved."""

    event: Event
    posts: int
    told: bool


@dataclass(frozen=True)
class TodayView:
    """Everything of the first page. waiting: only for approvers; what they may approve has own False."""

    day: date
    holiday: str
    due_today: Sequence[Delivery]
    trouble: Sequence[Delivery]
    waiting: Sequence[InboxRow]
    unfinished: Sequence[Post]
    ahead: Sequence[EventAhead]
    accounts: Sequence[Account]
    counts: dict[DeliveryState, int]
    stop: Switch | None
    alerts: Sequence[AlertView]


def today(session: Session, person: Person, now: datetime) -> TodayView:
    """Return a person's first page: their drafts, what waits, what goes out today, what is in trouble."""
    day = bangkok(now).date()
    start, end = day_start(day), day_start(day + timedelta(days=1))
    return TodayView(
        day=day,
        holiday=list_holidays(session, day, day).get(day, ""),
        due_today=_deliveries(session, Delivery.due_at >= start, Delivery.due_at < end),
        trouble=_deliveries(
            session,
            or_(
                Delivery.state.in_(OPEN_QUESTION),
                and_(Delivery.state.in_(STUCK), Delivery.due_at >= now - WEEK),
            ),
        ),
        waiting=inbox(session, person, now) if Role.APPROVER in person.roles else [],
        unfinished=_unfinished(session, person),
        ahead=_ahead(session, start),
        accounts=session.scalars(
            select(Account).where(Account.active, Account.health != Health.OK).order_by(Account.id)
        ).all(),
        counts=counts(session),
        stop=session.scalar(select(Switch).where(Switch.scope == "all", Switch.stopped)),
        alerts=shown_to(session, person),
    )


def _deliveries(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Delivery]:
    return session.scalars(
        select(Delivery)
        .where(*conditions, shown())
        .options(joinedload(Delivery.post).options(raiseload("*")), joinedload(Delivery.account))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(ROWS)
    ).all()


def _unfinished(session: Session, person: Person) -> Sequence[Post]:
    return session.scalars(
        select(Post)
        .where(Post.state.in_(UNFINISHED), Post.author_id == person.id)
        .options(raiseload("*"))
        .order_by(Post.due_at.is_(None), Post.due_at, Post.id)
        .limit(ROWS)
    ).all()


def _ahead(session: Session, start: datetime) -> list[EventAhead]:
    events = [
        event
        for event in list_events(session, start, start + WEEK)
        if event.state not in {EventState.CANCELLED, EventState.HELD}
    ]
    rows = session.execute(
        select(Post.event_id, Post.kind, Post.state).where(
            Post.event_id.in_([event.id for event in events]), Post.state != PostState.WITHDRAWN
        )
    ).all()
    return [
        EventAhead(
            event=event,
            posts=sum(row.event_id == event.id for row in rows),
            told=any(
                row.event_id == event.id and row.kind in BEFOREHAND and row.state is PostState.APPROVED
                for row in rows
            ),
        )
        for event in events
    ]
