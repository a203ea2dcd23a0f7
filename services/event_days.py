"""Which days an event is on, as Bangkok counts them: what ends at midnight ends on the day before."""

from datetime import date, timedelta

from core.clock import bangkok
from models.calendar import Event

MINUTE = timedelta(minutes=1)


def first_day(event: Event) -> date:
    """Return the day an event begins."""
    return bangkok(event.starts_at).date()


def last_day(event: Event) -> date:
    """Return the day an event ends; 24.00 belongs to the day that ends then."""
    return max(first_day(event), bangkok(event.ends_at - MINUTE).date())
