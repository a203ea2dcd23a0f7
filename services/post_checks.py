"""What a post must have before it is stored, and before it may be approved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, NotFound
from core.vocab import Channel, EventState, PostKind
from models.calendar import Event
from models.posts import Asset, Post
from services.texts import check_text
from services.windows import check_window

# what may still be said about an event that does not take place
AFTER_CANCEL = frozenset({PostKind.CORRECTION, PostKind.CLARIFICATION})


@dataclass(frozen=True)
class Finding:
    """One wrong or doubtful word; start and end are positions in the text of its channel."""

    channel: Channel
    rule: str
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
        if post.not_after is not None:
            check_window(post.kind, post.due_at, post.not_after, event)
    if event is not None and event.state is EventState.CANCELLED and post.kind not in AFTER_CANCEL:
        raise Conflict("event_over", state=event.state)


def check_complete(session: Session, post: Post, now: datetime, *, at_once: bool = False) -> None:
    """Raise the first thing that keeps a post from going out: what check_draft finds, no time, wrong terms.

    at_once: it goes out now, so its time needs not lie ahead.
    """
    event = session.get(Event, post.event_id) if post.event_id is not None else None
    if post.due_at is None:
        raise BadInput("due_missing", field="due_at")
    check_draft(session, post, event, now, moved=not at_once)
    wrong = [finding for finding in findings_of(post) if finding.blocks]
    if wrong:
        words = [f"{finding.found} → {finding.suggest}" for finding in wrong]
        raise BadInput("term_errors", field=f"body_{wrong[0].channel}", terms=words, findings=wrong)


def findings_of(post: Post) -> Sequence[Finding]:
    """Return the wrong and doubtful words of every text of a post."""
    return [finding for variant in post.variants for finding in find_terms(variant.body, variant.channel)]


def find_terms(body: str, channel: Channel) -> Sequence[Finding]:
    """Return the wrong and doubtful words of a text, in reading order."""
    del body, channel
    return []


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
