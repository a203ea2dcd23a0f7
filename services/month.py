"""A month as whole weeks: holidays, events and posts, each on its day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.fiscal import Month, day_start
from core.vocab import PostState
from models.calendar import Event
from models.posts import Post
from services.calendar import list_events
from services.event_days import first_day, last_day
from services.holidays import list_holidays

WEEK = 7


@dataclass(frozen=True)
class DayView:
    """One square of the month; holiday is its name or empty."""

    day: date
    in_month: bool
    holiday: str
    events: list[Event] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)


@dataclass(frozen=True)
class MonthView:
    """A month as whole weeks, Monday first."""

    month: Month
    weeks: list[list[DayView]]


def month_view(session: Session, month: Month) -> MonthView:
    """Return a month's squares with holidays, events and posts that are not withdrawn; three queries."""
    first = month.first_day() - timedelta(days=month.first_day().weekday())
    last = month.next().first_day() - timedelta(days=1)
    last += timedelta(days=WEEK - 1 - last.weekday())
    start, end = day_start(first), day_start(last + timedelta(days=1))
    holidays = list_holidays(session, first, last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    squares = {
        day: DayView(day, in_month=Month.of(day) == month, holiday=holidays.get(day, "")) for day in days
    }
    _place_events(squares, list_events(session, start, end))
    _place_posts(session, squares, start, end)
    return MonthView(month, [[squares[day] for day in days[n : n + WEEK]] for n in range(0, len(days), WEEK)])


def _place_events(squares: dict[date, DayView], events: Sequence[Event]) -> None:
    for event in events:
        day = first_day(event)
        while day <= last_day(event):
            if day in squares:
                squares[day].events.append(event)
            day += timedelta(days=1)


def _place_posts(session: Session, squares: dict[date, DayView], start: datetime, end: datetime) -> None:
    posts = session.scalars(
        select(Post)
        .where(Post.due_at >= start, Post.due_at < end, Post.state != PostState.WITHDRAWN)
        .order_by(Post.due_at, Post.id)
    )
    for post in posts:
        if post.due_at is not None:
            squares[bangkok(post.due_at).date()].posts.append(post)
