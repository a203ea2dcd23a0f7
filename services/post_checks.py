"""What a post must have before it is stored, and before it may be approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import BadInput, NotFound
from core.vocab import Channel
from language import terms
from models.calendar import Event
from models.posts import Asset, Post
from services.texts import check_text
from services.windows import check_takes_place, check_window


@dataclass(frozen=True)
class Finding:
    """One wrong (blocks) or doubtful word: body[start:end] of its channel's text is `found`.

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


def check_draft(session: Session, post: Post, event: Event | None, now: datetime, *, moved: bool) -> None:
    """Raise the first thing that makes a post unusable; moved: whether the due time was just chosen."""
    if not post.variants:
        raise BadInput("channel_missing", field="channels")
    for variant in post.variants:
        check_text(variant.body, variant.channel, post.link)
    _check_picture(session, post)
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
    check_draft(session, post, event, now, moved=not at_once)
    wrong = [finding for finding in findings_of(post, now) if finding.blocks]
    if wrong:
        words = [f"{finding.found} → {finding.suggest}" for finding in wrong]
        raise BadInput("term_errors", field=f"body_{wrong[0].channel}", terms=words, findings=wrong)


def findings_of(post: Post, now: datetime) -> Sequence[Finding]:
    """Return the wrong and doubtful words of every text of a post, by the rules of the day it goes out."""
    on = post.due_at or now
    return [finding for variant in post.variants for finding in find_terms(variant.body, variant.channel, on)]


def find_terms(body: str, channel: Channel, on: datetime) -> Sequence[Finding]:
    """Return the wrong and doubtful words of a text, in reading order; for the composer while typing."""
    return [
        Finding(
            channel=channel, rule=found.rule_id, kind=found.kind, found=found.found,
            suggest=found.suggestion, reason=found.reason, start=found.start, end=found.end,
            blocks=found.severity is terms.Severity.ERROR,
        )
        for found in terms.check(body, bangkok(on).date())
    ]  # fmt: skip


def _check_picture(session: Session, post: Post) -> None:
    if post.asset_id is None:
        return
    asset = session.get(Asset, post.asset_id)
    if asset is None:
        raise NotFound
    if not asset.mime.startswith("image/"):
        raise BadInput("not_an_image", field="asset_id")
    if not post.alt_text:
        raise BadInput("alt_text_missing", field="alt_text")
