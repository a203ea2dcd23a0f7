"""Days the office does not work: seeded from a published list, then kept by people with their source."""

from collections.abc import Container, Sequence
from datetime import date, datetime, timedelta
from importlib.metadata import version

import holidays as published
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import Conflict, NotFound
from core.fiscal import months_of
from core.vocab import Role
from models.calendar import Holiday
from models.people import Person
from services import audit
from services.holiday_changes import Reopened, reopen_posts
from services.people import require
from services.typed import line

SEED_SOURCE = f"holidays {version('holidays')} TH"
# Labour Day binds companies, not government offices; Children's Day is a celebration and closes nothing.
NOT_OURS = ("วันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ")
SATURDAY = 5


def seed_holidays(session: Session, fiscal_year: int) -> int:
    """Write the published holidays of a fiscal year (Buddhist) and return how many; 0 if done before.

    Days people entered stay as they are, and days they removed do not come back.
    """
    start, end = _bounds(fiscal_year)
    stored = select(Holiday.day, Holiday.source).where(Holiday.day.between(start, end))
    known = dict(session.execute(stored).all())
    if SEED_SOURCE in known.values():
        return 0
    found = published.country_holidays(
        "TH", years=[start.year, end.year], language="th", categories=("public", "government")
    )
    fresh = [
        Holiday(day=day, name=name.replace("; ", ", ")[:200], source=SEED_SOURCE)
        for day, name in found.items()
        if start <= day <= end and day not in known and not name.endswith(NOT_OURS)
    ]
    session.add_all(fresh)
    return len(fresh)


def list_holidays(session: Session, start: date, end: date) -> dict[date, str]:
    """Return the names of the holidays from start to end, both included, in order."""
    rows = session.execute(
        select(Holiday.day, Holiday.name).where(Holiday.day.between(start, end)).order_by(Holiday.day)
    )
    return dict(rows.all())


def holidays_of(session: Session, fiscal_year: int) -> Sequence[Holiday]:
    """Return the holidays of a fiscal year with their sources."""
    start, end = _bounds(fiscal_year)
    return session.scalars(select(Holiday).where(Holiday.day.between(start, end)).order_by(Holiday.day)).all()


def add_holiday(session: Session, holiday: Holiday, person: Person | None, now: datetime) -> Reopened:
    """Write a holiday with its source (a cabinet resolution); raises `holiday_known`, `source_empty`.

    What waits and speaks of that day comes back to be looked at.
    """
    if person is not None:
        require(person, Role.OFFICER, Role.ADMINISTRATOR)
    holiday.name = line(holiday.name, "name", 200, needed="name_empty")
    holiday.source = line(holiday.source, "source", 300, needed="source_empty")
    if session.get(Holiday, holiday.day) is not None:
        raise Conflict("holiday_known", field="day", day=holiday.day)
    session.add(holiday)
    audit.record(
        session, person.id if person else None, "holiday.add", None, now, day=holiday.day.isoformat(),
        name=holiday.name, source=holiday.source,
    )  # fmt: skip
    return reopen_posts(session, holiday, person, now)


def remove_holiday(session: Session, day: date, person: Person | None, now: datetime) -> Reopened:
    """Remove a holiday the cabinet took back; what waits and speaks of it comes back. Raises NotFound."""
    if person is not None:
        require(person, Role.OFFICER, Role.ADMINISTRATOR)
    holiday = session.get(Holiday, day)
    if holiday is None:
        raise NotFound
    session.delete(holiday)
    audit.record(
        session, person.id if person else None, "holiday.remove", None, now, day=day.isoformat(),
        name=holiday.name,
    )  # fmt: skip
    return reopen_posts(session, holiday, person, now)


def is_working_day(day: date, holidays: Container[date]) -> bool:
    """Say whether the office works: Monday to Friday and no holiday."""
    return day.weekday() < SATURDAY and day not in holidays


def working_day_before(day: date, holidays: Container[date]) -> date:
    """Return the last working day before this one."""
    return _walk(day, holidays, timedelta(days=-1))


def working_day_after(day: date, holidays: Container[date]) -> date:
    """Return the next working day after this one."""
    return _walk(day, holidays, timedelta(days=1))


def count_holidays(session: Session, fiscal_year: int) -> int:
    """Return how many holidays a fiscal year has; 0 means nobody seeded it yet."""
    start, end = _bounds(fiscal_year)
    return session.scalar(select(func.count()).where(Holiday.day.between(start, end))) or 0


def _walk(day: date, holidays: Container[date], step: timedelta) -> date:
    day += step
    while not is_working_day(day, holidays):
        day += step
    return day


def _bounds(fiscal_year: int) -> tuple[date, date]:
    months = months_of(fiscal_year)
    return months[0].first_day(), bangkok(months[-1].end()).date() - timedelta(days=1)
