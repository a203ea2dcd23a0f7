"""How long something took as the office counts: Monday to Friday, 08.30 to 16.30, holidays left out."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from core.clock import bangkok
from core.fiscal import day_start

OPENS, CLOSES = timedelta(hours=8, minutes=30), timedelta(hours=16, minutes=30)
WORKING_DAY = CLOSES - OPENS
SATURDAY = 5


def office_time(begun: datetime, ended: datetime, holidays: Collection[date]) -> timedelta:
    """Return the office hours between two moments; nothing if the second is not later."""
    total, day = timedelta(0), bangkok(begun).date()
    while day_start(day) < ended:
        if day.weekday() < SATURDAY and day not in holidays:
            midnight = day_start(day)
            first, last = max(begun, midnight + OPENS), min(ended, midnight + CLOSES)
            total += max(last - first, timedelta(0))
        day += timedelta(days=1)
    return total
