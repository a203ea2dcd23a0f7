"""First drafts from an event's facts, in Thai, for an officer to edit; nothing the event does not say."""

from datetime import date, datetime

from core.clock import bangkok
from core.i18n import show_date, text
from core.vocab import Channel, PostKind
from language import xlength
from models.calendar import Event
from services.event_days import first_day, last_day
from services.windows import AFTER_CANCEL, OFF

TITLE_LENGTH = 300
ELLIPSIS = "…"
MIDNIGHT = "24.00"


def draft_title(event: Event, kind: PostKind) -> str:
    """Return the title colleagues see in lists."""
    return f"{text(f'post_kind.{kind}')}: {event.title}"[:TITLE_LENGTH]


def draft_body(event: Event, kind: PostKind, channel: Channel) -> str:
    """Return a text for one channel; for X it fits, the event's title cut if it must be."""
    if channel is Channel.FACEBOOK:
        return _body(event, kind, event.title, full=True)
    title, body = event.title, _body(event, kind, event.title, full=False)
    while xlength.measure(body).length > xlength.LIMIT and len(title) > 1:
        title = title.rstrip(ELLIPSIS)[:-10].rstrip() + ELLIPSIS
        body = _body(event, kind, title, full=False)
    return body


def _body(event: Event, kind: PostKind, title: str, *, full: bool) -> str:
    off = event.state in OFF and kind in AFTER_CANCEL
    opening = event.state if off else kind
    facts = _facts(event, "before" if off else "when")
    lines = [text(f"draft.{opening}", title=title), "" if full else None, *facts]
    if full and event.description and kind in {PostKind.ANNOUNCE, PostKind.INVITE}:
        lines += ["", event.description]
    if full and event.host:
        lines += ["", text("draft.host", host=event.host)]
    return "\n".join(line for line in lines if line is not None)


def _facts(event: Event, label: str) -> list[str]:
    facts = [text(f"draft.{label}", when=when(event))]
    if event.place:
        facts.append(text("draft.where", where=event.place))
    if event.target_group:
        facts.append(text("draft.who", who=event.target_group))
    return facts


def when(event: Event) -> str:
    """Return when an event is, as a post says it: weekdays, Buddhist dates, times unless it is all day."""
    first, last = first_day(event), last_day(event)
    if event.all_day:
        return _named(first) if first == last else text("draft.until", first=_named(first), last=_named(last))
    opens, closes = _clock(event.starts_at), _clock(event.ends_at)
    if event.starts_at == event.ends_at:
        return text("draft.at", day=_named(first), time=opens)
    closes = MIDNIGHT if closes == "00.00" else closes
    if first == last:
        return text("draft.at", day=_named(first), time=f"{opens} - {closes}")
    begins = text("draft.at", day=_named(first), time=opens)
    return text("draft.until", first=begins, last=text("draft.at", day=_named(last), time=closes))


def _named(day: date) -> str:
    return text("draft.day", weekday=text(f"date.weekday.{day.weekday()}"), date=show_date(day))


def _clock(moment: datetime) -> str:
    return f"{bangkok(moment):%H.%M}"
