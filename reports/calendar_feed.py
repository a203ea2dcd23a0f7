"""Announced events as an iCalendar file (RFC 5545): what phones and desks subscribe to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from icalendar import Calendar, Event, vText

from core.clock import BANGKOK, bangkok

REFRESH = timedelta(hours=6)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class FeedEvent:
    """One event. uid stays the same for ever, sequence grows with each change; state: confirmed and so on."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    stamp: datetime
    all_day: bool = False
    place: str = ""
    description: str = ""
    host: str = ""
    address: str = ""
    status: str = "CONFIRMED"  # CONFIRMED | TENTATIVE | CANCELLED
    sequence: int = 0


@lru_cache(maxsize=8)
def render_calendar(name: str, language: str, events: tuple[FeedEvent, ...]) -> bytes:
    """Return the file; equal events give equal bytes. Times are Bangkok's, with the rules of its zone."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Rukon//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", BANGKOK.key)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    for event in events:
        calendar.add_component(_component(event))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _component(event: FeedEvent) -> Event:
    made = Event()
    made.add("uid", event.uid)
    made.add("dtstamp", event.stamp)
    made.add("summary", event.title)
    if event.all_day:
        last = bangkok(event.ends_at - MINUTE).date()
        made.add("dtstart", bangkok(event.starts_at).date())
        made.add("dtend", last + timedelta(days=1))  # the first day it is over
    else:
        made.add("dtstart", bangkok(event.starts_at))
        made.add("dtend", bangkok(event.ends_at))
    for key, words in (("location", event.place), ("description", event.description), ("url", event.address)):
        if words:
            made.add(key, words)
    if event.host:
        made.add("x-host", vText(event.host))
    made.add("status", event.status)
    made.add("sequence", event.sequence)
    return made
