"""The wave of an event: a day for each post, holidays skipped, nothing offered in the past (docs/adr)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from core.clock import from_bangkok
from core.vocab import PostKind
from models.calendar import Event
from services.event_days import first_day, last_day
from services.holidays import working_day_after, working_day_before
from services.windows import default_not_after

BEFOREHAND = {"T-7": (7, PostKind.ANNOUNCE), "T-3": (3, PostKind.INVITE), "T-1": (1, PostKind.REMINDER)}
DAY, RECAP = "T", "recap"
KEYS = (*BEFOREHAND, DAY, RECAP)
MORNING, EARLY, RECAP_HOUR = time(9), time(7), time(10)
HEAD_START = timedelta(hours=2)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PlannedPost:
    """One post the planner offers.

    key: T-7, T-3, T-1, T or recap. moved_from: the day it would have been, None if it stayed; moved_because:
    that day's holiday, empty for a weekend. note: empty if it can be made, else why not: `past`, or
    `too_close` (holidays pushed it onto the day of the offer before).
    """

    key: str
    kind: PostKind
    due_at: datetime
    not_after: datetime
    moved_from: date | None = None
    moved_because: str = ""
    note: str = ""

    @property
    def possible(self) -> bool:
        return not self.note


def propose_wave(event: Event, holidays: Mapping[date, str], now: datetime) -> list[PlannedPost]:
    """Return the five offers for an event in order; holidays: name by day, from three weeks before it."""
    offers = [*_beforehand(event, holidays), _day(event), _recap(event, holidays)]
    return [replace(offer, note="past") if offer.due_at <= now else offer for offer in offers]


def _beforehand(event: Event, holidays: Mapping[date, str]) -> list[PlannedPost]:
    offers = []
    taken = date.min
    for key, (days, kind) in BEFOREHAND.items():
        wished = first_day(event) - days * ONE_DAY
        day = _free_day(wished, holidays, taken)
        offer = _offer(event, key, kind, from_bangkok(datetime.combine(day, MORNING)))
        if day != wished:
            offer = replace(offer, moved_from=wished, moved_because=holidays[wished])
        offers.append(offer if day > taken else replace(offer, note="too_close"))
        taken = max(taken, day)
    return offers


def _free_day(wished: date, holidays: Mapping[date, str], taken: date) -> date:
    """Return the wished day, or for a holiday the working day before it, if that is after the taken day."""
    if wished not in holidays:
        return wished
    day = working_day_before(wished, holidays)
    if day > taken:
        return day
    day = wished
    while day in holidays:
        day -= ONE_DAY
    return day


def _day(event: Event) -> PlannedPost:
    """Offer the day itself: two hours before the start, but not before 07.00; the day never moves."""
    early = from_bangkok(datetime.combine(first_day(event), EARLY))
    return _offer(event, DAY, PostKind.EVENT_DAY, max(early, event.starts_at - HEAD_START))


def _recap(event: Event, holidays: Mapping[date, str]) -> PlannedPost:
    last = last_day(event)
    day, wished = working_day_after(last, holidays), last + ONE_DAY
    offer = _offer(event, RECAP, PostKind.RECAP, from_bangkok(datetime.combine(day, RECAP_HOUR)))
    return (
        offer if day == wished else replace(offer, moved_from=wished, moved_because=holidays.get(wished, ""))
    )


def _offer(event: Event, key: str, kind: PostKind, due_at: datetime) -> PlannedPost:
    return PlannedPost(key, kind, due_at, default_not_after(kind, due_at, event))
