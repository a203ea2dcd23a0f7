"""Which icon and tone stand beside the word of a state: colour never speaks alone."""

from typing import NamedTuple

from core.vocab import (
    AttemptOutcome,
    BundleState,
    DeliveryState,
    EventState,
    Health,
    PostState,
    ReadingState,
    Verdict,
)


class Mark(NamedTuple):
    """An icon of templates/icons.html and a tone of static/rukon.css."""

    icon: str
    tone: str


UNKNOWN = Mark("dot", "off")

MARKS: dict[str, dict[str, Mark]] = {
    "post_state": {
        PostState.DRAFT: Mark("pencil", "off"),
        PostState.IN_REVIEW: Mark("hourglass", "wait"),
        PostState.RETURNED: Mark("back", "bad"),
        PostState.APPROVED: Mark("check", "ok"),
        PostState.WITHDRAWN: Mark("cross", "off"),
    },
    "delivery_state": {
        DeliveryState.SCHEDULED: Mark("clock", "info"),
        DeliveryState.SENDING: Mark("send", "info"),
        DeliveryState.UNCERTAIN: Mark("question", "ask"),
        DeliveryState.PUBLISHED: Mark("check", "ok"),
        DeliveryState.VERIFIED: Mark("double-check", "ok"),
        DeliveryState.FAILED: Mark("alert", "bad"),
        DeliveryState.MISSED: Mark("alert", "bad"),
        DeliveryState.HELD: Mark("pause", "wait"),
        DeliveryState.CANCELLED: Mark("cross", "off"),
        DeliveryState.NEEDS_HUMAN: Mark("person", "ask"),
    },
    "event_state": {
        EventState.SCHEDULED: Mark("calendar", "info"),
        EventState.CONFIRMED: Mark("check", "ok"),
        EventState.POSTPONED: Mark("clock", "wait"),
        EventState.CANCELLED: Mark("cross", "bad"),
        EventState.HELD: Mark("double-check", "off"),
    },
    "verdict": {
        Verdict.PASS: Mark("check", "ok"),
        Verdict.FAIL: Mark("cross", "bad"),
        Verdict.UNKNOWN: Mark("hourglass", "wait"),
        Verdict.UNDEFINED: Mark("dash", "off"),
        Verdict.NO_DATA: Mark("dash", "off"),
    },
    "health": {
        Health.UNCHECKED: Mark("question", "off"),
        Health.OK: Mark("check", "ok"),
        Health.REAUTH: Mark("alert", "bad"),
        Health.BLOCKED: Mark("pause", "wait"),
        Health.BILLING: Mark("alert", "bad"),
    },
    "bundle_state": {
        BundleState.REQUESTED: Mark("hourglass", "wait"),
        BundleState.BUILDING: Mark("clock", "info"),
        BundleState.READY: Mark("check", "ok"),
        BundleState.FAILED: Mark("alert", "bad"),
    },
    "attempt_outcome": {
        AttemptOutcome.OPEN: Mark("hourglass", "wait"),
        AttemptOutcome.OK: Mark("check", "ok"),
        AttemptOutcome.REJECTED: Mark("cross", "bad"),
        AttemptOutcome.RETRY: Mark("clock", "wait"),
        AttemptOutcome.UNKNOWN: Mark("question", "ask"),
        AttemptOutcome.NONE: Mark("dash", "off"),
    },
    "reading_state": {
        ReadingState.VALUE: Mark("check", "ok"),
        ReadingState.MISSING: Mark("dash", "off"),
        ReadingState.REFUSED: Mark("cross", "wait"),
        ReadingState.UNSUPPORTED: Mark("dash", "off"),
    },
}


def mark_of(table: str, value: str) -> Mark:
    """Return the mark of a word of a locale table such as `post_state`; a plain dot if it has none."""
    return MARKS[table].get(value, UNKNOWN)
