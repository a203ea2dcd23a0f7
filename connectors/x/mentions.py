"""What people say under our posts on X: posts that mention us, by conversation."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.comments import Comment, Comments
from connectors.transport import expecting, read_object
from connectors.x.api import PAGE_SIZE, Span, XApi
from connectors.x.posts import made_at, permalink, replied_to

FIELDS = (
    "id", "text", "created_at", "author_id", "conversation_id", "referenced_tweets", "public_metrics",
    "note_tweet",
)  # fmt: skip
LISTED_MAX = 800  # X lists the newest mentions up to here and no more
PAGES_MAX = LISTED_MAX // PAGE_SIZE


def read_comments(api: XApi, user_id: str, remote_id: str, since: datetime | None, site: str) -> Comments:
    """Return the answers under a post of ours, newest first; a reply to us mentions us.

    Answers that people give each other without us are not among them.
    """
    start = since or made_at(remote_id)
    if start is None:
        return Comments((), complete=True)
    found: list[Comment] = []
    span, token, seen = Span(start.replace(microsecond=0)), "", 0
    for _ in range(PAGES_MAX):
        body = read_object(api.mentions(user_id, FIELDS, span, token))
        with expecting("mentions"):
            rows = body.get("data", [])
            found += [_comment(row, user_id, site) for row in rows if row.get("conversation_id") == remote_id]
            seen += len(rows)
            token = str(body["meta"].get("next_token", ""))
        if not token:
            break
    return Comments(tuple(found), complete=not token and seen < LISTED_MAX)


def _comment(row: Mapping[str, Any], user_id: str, site: str) -> Comment:
    post_id, parent = str(row["conversation_id"]), replied_to(row)
    note = row.get("note_tweet") or row.get("note_post") or {}
    likes = (row.get("public_metrics") or {}).get("like_count")
    return Comment(
        remote_id=str(row["id"]),
        post_id=post_id,
        text=str(note.get("text") or row.get("text", "")),
        created_at=datetime.fromisoformat(row["created_at"]).astimezone(UTC),
        author=str(row.get("author_id", "")),
        parent_id="" if parent == post_id else parent,
        ours=str(row.get("author_id", "")) == user_id,
        permalink=permalink(site, str(row["id"])),
        likes=likes if isinstance(likes, int) else None,
    )
