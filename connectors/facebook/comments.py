"""Comments under a Page's posts: read, hidden, and our own found again.

An answer to an answer lands under the comment above both, so that is where ours are looked for.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.base import Listing, Rejected, RemotePost
from connectors.comments import Comment, Comments
from connectors.facebook.graph import Graph
from connectors.facebook.moments import moment
from connectors.figures import whole
from connectors.transport import expecting

FIELDS = "id,message,created_time,from,parent{id},like_count,is_hidden,permalink_url"
OWN = "id,message,created_time,from,parent{id},permalink_url"
PAGE_SIZE = "100"
PAGES_MAX = 20
NEWEST_FIRST = {"order": "reverse_chronological", "limit": PAGE_SIZE}


def read(graph: Graph, page_id: str, post_id: str, since: datetime | None) -> Comments:
    """Return what was said under a post, newest first; Rejected `not_found` without the post."""
    params = {"fields": FIELDS, "filter": "stream", **NEWEST_FIRST}
    if since is not None:
        params["since"] = str(int(since.timestamp()))
    rows: list[Comment] = []
    complete = False
    for page, more in graph.pages(f"{post_id}/comments", PAGES_MAX, **params):
        with expecting("comments"):
            rows += [_comment(page_id, post_id, row) for row in page]
        complete = not more
    kept = tuple(row for row in rows if since is None or row.created_at >= since.replace(microsecond=0))
    return Comments(kept, complete)


def find_ours(graph: Graph, page_id: str, above_id: str) -> Listing:
    """Return the Page's own comments under a post or comment, newest first; nothing under what is gone."""
    try:
        place = _place(graph, page_id, above_id)
        return _ours(graph, page_id, place, above_id)
    except Rejected as trouble:
        if trouble.code == "not_found":
            return Listing((), complete=True)
        raise


def _ours(graph: Graph, page_id: str, place: str, above_id: str) -> Listing:
    flat = {"filter": "stream"} if place.startswith(f"{page_id}_") else {}
    found: list[RemotePost] = []
    complete = False
    for page, more in graph.pages(f"{place}/comments", PAGES_MAX, fields=OWN, **flat, **NEWEST_FIRST):
        with expecting("comments"):
            found += [_reply(row, above_id) for row in page if _author(row).get("id") == page_id]
        complete = not more
    return Listing(tuple(found), complete)


def _place(graph: Graph, page_id: str, above_id: str) -> str:
    """Return under what an answer to this lands: a post itself, or the topmost comment."""
    if above_id.startswith(f"{page_id}_"):
        return above_id
    above = graph.get(above_id, fields="id,parent{id}")
    with expecting("comment"):
        return str((above.get("parent") or {}).get("id") or above_id)


def _reply(row: Mapping[str, Any], above_id: str) -> RemotePost:
    return RemotePost(
        remote_id=str(row["id"]),
        text=str(row.get("message", "")),
        created_at=moment(row["created_time"]),
        permalink=str(row.get("permalink_url", "")),
        reply_to=above_id,
        raw=row,
    )


def _comment(page_id: str, post_id: str, row: Mapping[str, Any]) -> Comment:
    author = _author(row)
    return Comment(
        remote_id=str(row["id"]),
        post_id=post_id,
        text=str(row.get("message", "")),
        created_at=moment(row["created_time"]),
        author=str(author.get("name", "")),
        parent_id=str((row.get("parent") or {}).get("id", "")),
        ours=author.get("id") == page_id,
        hidden=row.get("is_hidden") is True,
        permalink=str(row.get("permalink_url", "")),
        likes=whole(row.get("like_count")),
    )


def _author(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return who wrote it; Facebook keeps most people to itself."""
    return row.get("from") or {}
