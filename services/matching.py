"""Whether a post on the platform is the one we sent: same words, same time, same number of pictures."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from connectors.base import RemotePost
from language.canonical import canonical_read, canonical_sent

EARLY = timedelta(seconds=120)


def matches(
    candidates: Iterable[RemotePost],
    payload: dict[str, Any],
    window: tuple[datetime, datetime],
    taken: Collection[str],
) -> list[RemotePost]:
    """Return the candidates that are exactly what was sent; a near match is never taken.

    window: from the first unresolved attempt's start to the last one's end plus quiescence.
    taken: remote ids that already belong to other deliveries of this account.
    """
    start, end = window
    wanted = canonical_sent(payload["text"])
    return [
        post
        for post in candidates
        if post.remote_id not in taken
        and start - EARLY <= post.created_at <= end
        and post.media_count == len(payload["media"])
        and same_text(post, wanted)
    ]


def same_text(post: RemotePost, wanted: str) -> bool:
    """Compare after both sides are brought to one form (NFC, white space; on X also t.co and escapes)."""
    if post.entities is None:
        return canonical_sent(post.text) == wanted
    return canonical_read(post.text, {"urls": list(post.entities)}) == wanted
