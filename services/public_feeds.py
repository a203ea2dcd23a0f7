"""What programs of citizens read: the calendar as ICS, figures as CSV, news as JSON."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.clock import bangkok
from core.i18n import DEFAULT, text
from core.vocab import EventState
from models import ContentItem, Event
from reports.calendar_feed import FeedEvent, render_calendar
from services.details import details_of
from services.public_entries import Entry

PAST = timedelta(days=92)
STATUS = {EventState.CANCELLED: "CANCELLED", EventState.POSTPONED: "TENTATIVE"}
HEADS = ("figure", "value", "unit", "period", "as_of", "source", "agency")
RISKY = ("=", "+", "-", "@", "\t", "\r")


def calendar_file(events: Sequence[Event], base: str, language: str) -> bytes:
    """Return events as one iCalendar file; base: the address citizens know us by."""
    name = f"{text('public.section.calendar', language)} {text('public.site', language)}"
    return render_calendar(name, language, tuple(_event(event, base) for event in events))


def figures_file(item: ContentItem) -> bytes:
    """Return an item's figures as CSV for spreadsheets: UTF-8 with its mark, days in ISO, values plain."""
    details = details_of(item.details)
    as_of = details.as_of.isoformat() if details.as_of else ""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEADS)
    for one in details.figures:
        words = [one.label, one.unit, one.period, item.source, item.agency]
        label, unit, period, source, agency = map(_harmless, words)
        writer.writerow([label, one.value, unit, period, as_of, source, agency])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _harmless(words: str) -> str:
    """Keep a spreadsheet from taking words for a formula."""
    return f"'{words}" if words.startswith(RISKY) else words


def _event(event: Event, base: str) -> FeedEvent:
    host = base.partition("://")[2].partition("/")[0].partition(":")[0]
    stamp: datetime = event.cancelled_at or event.opened_at or event.created_at
    return FeedEvent(
        uid=f"event-{event.id}@{host}", title=event.title, starts_at=event.starts_at, ends_at=event.ends_at,
        stamp=stamp, all_day=event.all_day, place=event.place, description=event.description, host=event.host,
        address=f"{base}/public/events/{event.id}", status=STATUS.get(event.state, "CONFIRMED"),
        sequence=event.revision - 1,
    )  # fmt: skip


def json_feed(entries: Sequence[tuple[Entry, datetime]], base: str, language: str) -> bytes:
    """Return news as JSON Feed 1.1."""
    suffix = "" if language == DEFAULT else f"?lang={language}"
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{text('public.section.news', language)} {text('public.site', language)}",
        "home_page_url": f"{base}/public{suffix}",
        "feed_url": f"{base}/public/news.json{suffix}",
        "language": language,
        "items": [_json_item(entry, moment, base + entry.path + suffix) for entry, moment in entries],
    }
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()


def _json_item(entry: Entry, moment: datetime, address: str) -> dict[str, object]:
    item: dict[str, object] = {
        "id": address.partition("?")[0], "url": address, "title": entry.title,
        "content_text": entry.summary or entry.title, "date_published": bangkok(moment).isoformat(),
    }  # fmt: skip
    if entry.agency:
        item["authors"] = [{"name": entry.agency}]
    return item
