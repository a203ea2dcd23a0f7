"""First drafts from an event's facts, in Thai, for an officer to edit; nothing the event does not say."""

from core.clock import bangkok
from core.i18n import show_date, show_time, text
from core.vocab import Channel, PostKind
from language import xlength
from models.calendar import Event
from services.windows import AFTER_CANCEL, OFF

TITLE_LENGTH = 300
ELLIPSIS = "…"


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
    """Return when an event is, as a post says it: weekday, Buddhist date, time unless it is all day."""
    start, end = bangkok(event.starts_at), bangkok(event.ends_at)
    first = text("draft.day", weekday=text(f"date.weekday.{start.weekday()}"), date=show_date(start.date()))
    if start.date() != end.date():
        last = text("draft.day", weekday=text(f"date.weekday.{end.weekday()}"), date=show_date(end.date()))
        first = text("draft.until", first=first, last=last)
    if event.all_day:
        return first
    return text("draft.at", day=first, time=show_time(event.starts_at))
