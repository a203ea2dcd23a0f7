"""Until when a post still makes sense (ADR: not_after by kind)."""

from datetime import datetime, timedelta

from core.errors import BadInput, Conflict
from core.vocab import EventState, PostKind
from models.calendar import Event

BEFOREHAND = frozenset({PostKind.ANNOUNCE, PostKind.INVITE, PostKind.REMINDER})
# what may still be said about an event that does not take place
OFF = frozenset({EventState.CANCELLED, EventState.POSTPONED})
AFTER_CANCEL = frozenset({PostKind.CORRECTION, PostKind.CLARIFICATION})
BEFORE_START = timedelta(minutes=5)
EVERGREEN = timedelta(hours=6)
NOW_ON = timedelta(minutes=10)


def default_not_after(kind: PostKind, due_at: datetime, event: Event | None) -> datetime:
    """Return the moment after which the post would no longer be true.

    Telling beforehand (and the day's post well before the start): 5 minutes before the event starts.
    The day's post while the event runs: until its end, at least 10 minutes, at most 6 hours. Else: 6 hours.
    """
    if event is None or kind not in BEFOREHAND | {PostKind.EVENT_DAY}:
        return due_at + EVERGREEN
    last = event.starts_at - BEFORE_START
    if due_at + NOW_ON <= last or kind in BEFOREHAND:
        return last
    return max(due_at + NOW_ON, min(due_at + EVERGREEN, event.ends_at))


def check_window(kind: PostKind, due_at: datetime, not_after: datetime, event: Event | None) -> None:
    """Raise `due_after_event` or `window_empty` if the post could never go out in time."""
    if event is not None and kind in BEFOREHAND and due_at >= event.starts_at - BEFORE_START:
        raise BadInput("due_after_event", field="due_at", kind=kind, starts_at=event.starts_at)
    if not_after <= due_at:
        raise BadInput("window_empty", field="not_after", due_at=due_at, not_after=not_after)


def check_takes_place(kind: PostKind, event: Event | None) -> None:
    """Raise `event_over` for a post about a cancelled or postponed event, unless it says just that."""
    if event is not None and event.state in OFF and kind not in AFTER_CANCEL:
        raise Conflict("event_over", state=event.state)
