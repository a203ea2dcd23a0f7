"""Whether a post on the platform is the one we sent: same words, time, target and number of pictures."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.base import RemotePost
from core.vocab import MessageKind
from language.canonical import canonical_read, canonical_sent
from services.payloads import Payload, kind

EARLY = timedelta(seconds=120)


@dataclass(frozen=True)
class Wanted:
    """What was sent, when, and what it answered.

    window: from the first unresolved attempt's start to the last one's end plus quiescence.
    """

    payload: Payload
    window: tuple[datetime, datetime]
    reply_to: str = ""


def matches(candidates: Iterable[RemotePost], wanted: Wanted, taken: Collection[str]) -> list[RemotePost]:
    """Return the candidates that are exactly what was sent; a near match is never taken.

    taken: remote ids that already belong to other deliveries of this account.
    """
    start, end = wanted.window
    text = canonical_sent(wanted.payload["text"])
    # comments come from under their post; what else we say there may answer one of them
    anywhere = kind(wanted.payload) is MessageKind.COMMENT
    return [
        post
        for post in candidates
        if post.remote_id not in taken
        and start - EARLY <= post.created_at <= end
        and post.media_count == len(wanted.payload["media"])
        and (anywhere or post.reply_to == wanted.reply_to)
        and same_text(post, text)
    ]


def same_text(post: RemotePost, wanted: str) -> bool:
    """Compare after both sides are brought to one form (NFC, white space; on X also t.co and escapes)."""
    if post.entities is None:
        return canonical_sent(post.text) == wanted
    return canonical_read(post.text, {"urls": list(post.entities)}) == wanted
