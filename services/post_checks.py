"""What a post must have before it is stored, and before it may be approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import BadInput
from core.vocab import Channel
from language import terms
from models.calendar import Event
from models.posts import Post
from services.post_parts import check_parts, texts_of
from services.texts import check_text
from services.windows import check_takes_place, check_window


@dataclass(frozen=True)
class Finding:
    """One wrong (blocks) or doubtful word: text[start:end] of the text in this field is `found`.

    field: which text of the sheet, e.g. body_x, part_2.
    kind and reason: keys of the locales' [term_kind] and [term_reason] tables.
    """

    channel: Channel
    rule: str
    kind: str
    found: str
    suggest: str
    reason: str
    start: int
    end: int
    blocks: bool
    field: str = ""


def check_draft(post: Post, event: Event | None, now: datetime, *, moved: bool) -> None:
    """Raise the first thing that makes a post unusable; moved: whether the due time was just chosen."""
    if not post.variants:
        raise BadInput("channel_missing", field="channels")
    for variant in post.variants:
        check_text(variant.body, variant.channel, post.link)
    check_parts(post)
    if post.due_at is not None:
        if moved and post.due_at <= now:
            raise BadInput("due_in_past", field="due_at", due_at=post.due_at, now=now)
        check_window(post.kind, post.due_at, post.not_after or post.due_at, event)
    check_takes_place(post.kind, event)


def check_complete(session: Session, post: Post, now: datetime, *, at_once: bool = False) -> None:
    """Raise the first thing that keeps a post from going out: what check_draft finds, no time, wrong terms.

    at_once: it goes out now, so its time needs not lie ahead.
    """
    event = session.get(Event, post.event_id) if post.event_id is not None else None
    if post.due_at is None:
        raise BadInput("due_missing", field="due_at")
    check_draft(post, event, now, moved=not at_once)
    wrong = [finding for finding in findings_of(post, now) if finding.blocks]
    if wrong:
        words = [f"{finding.found} → {finding.suggest}" for finding in wrong]
        raise BadInput("term_errors", field=wrong[0].field, terms=words, findings=wrong)


def findings_of(post: Post, now: datetime) -> Sequence[Finding]:
    """Return the wrong and doubtful words of every text of a post, by the rules of the day it goes out."""
    on = post.due_at or now
    return [
        finding
        for channel, field, text in texts_of(post)
        for finding in find_terms(text, channel, on, field=field)
    ]


def find_terms(body: str, channel: Channel, on: datetime, *, field: str = "") -> Sequence[Finding]:
    """Return the wrong and doubtful words of a text, in reading order; for the composer while typing."""
    return [
        Finding(
            channel=channel, rule=found.rule_id, kind=found.kind, found=found.found,
            suggest=found.suggestion, reason=found.reason, start=found.start, end=found.end,
            blocks=found.severity is terms.Severity.ERROR, field=field or f"body_{channel}",
        )
        for found in terms.check(body, bangkok(on).date())
    ]  # fmt: skip
