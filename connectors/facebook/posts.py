"""Posts of a Page as Facebook shows them: reading back, one or all since a moment."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from connectors.base import Listing, Rejected, RemotePost, RetryLater
from connectors.drafts import Draft
from connectors.facebook.graph import Graph
from connectors.transport import expecting

FIELDS = (
    "id,message,created_time,permalink_url,status_type,is_published,"
    "attachments{media_type,type,target{id},unshimmed_url,url,subattachments}"
)
PAGE_SIZE = 100
PAGES_MAX = 60
RANKED_MAX = 600  # about as many posts of a year as Facebook lists at all
PICTURES = frozenset({"photo", "album"})
NOT_OURS = frozenset({"access_token", "appsecret_proof", "limit"})


def find(graph: Graph, page_id: str, since: datetime) -> Listing:
    """Return the Page's published posts since a moment, newest first; incomplete if Facebook stops short."""
    floor = since.replace(microsecond=0)  # created_time has whole seconds
    params = {"fields": FIELDS, "limit": str(PAGE_SIZE), "since": str(int(floor.timestamp()))}
    found: list[RemotePost] = []
    for _ in range(PAGES_MAX):
        rows, following = _page(graph, page_id, params)
        found += [post for post in rows if post.created_at >= floor]
        if any(post.created_at < floor for post in rows):
            return Listing(tuple(found), complete=True)
        if len(found) >= RANKED_MAX:
            break
        if not following:
            return Listing(tuple(found), complete=True)
        params |= following
    return Listing(tuple(found), complete=False)


def read(graph: Graph, remote_id: str) -> RemotePost | None:
    """Return one post, None if Facebook says that it is not there, or that it is a draft."""
    post = _read(graph, remote_id)
    return None if post is None or post.raw.get("is_published") is False else post


def read_draft(graph: Graph, draft_id: str) -> Draft | None:
    """Return one post or draft, None if Facebook says that it is not there."""
    post = _read(graph, draft_id)
    return None if post is None else Draft(post, public=post.raw.get("is_published") is True)


def _read(graph: Graph, remote_id: str) -> RemotePost | None:
    try:
        row = graph.get(remote_id, fields=FIELDS)
    except Rejected as trouble:
        if trouble.code == "not_found":
            return None
        raise
    with expecting("post"):
        return remote_post(row)


def remote_post(row: Mapping[str, Any]) -> RemotePost:
    """Return a row as our value; raises KeyError, TypeError or ValueError for another shape."""
    attachments = (row.get("attachments") or {}).get("data", [])
    return RemotePost(
        remote_id=str(row["id"]),
        text=str(row.get("message", "")),
        created_at=moment(row["created_time"]),
        permalink=str(row.get("permalink_url", "")),
        media_count=sum(_pictures(attachment) for attachment in attachments),
        link=next((_link(attachment) for attachment in attachments if _link(attachment)), ""),
        raw=row,
    )


def moment(text: str) -> datetime:
    """Return the moment of `2021-07-04T19:50:58+0000` in UTC; ValueError for anything else."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)


def _page(graph: Graph, page_id: str, params: dict[str, str]) -> tuple[list[RemotePost], dict[str, str]]:
    """Return one page of rows and the parameters of the next; an empty page may have a next one.

    Both of Facebook's paging shapes are followed by the next address's parameters, never by its host.
    """
    body = _answer(graph, page_id, params)
    with expecting("posts"):
        rows = [remote_post(row) for row in body["data"]]
        following = parse_qsl(urlsplit(str((body.get("paging") or {}).get("next", ""))).query)
    return rows, {name: value for name, value in following if name not in NOT_OURS}


def _answer(graph: Graph, page_id: str, params: dict[str, str]) -> Mapping[str, Any]:
    """Read one page; where it is too heavy for Facebook, ask for half as many rows from then on."""
    while True:
        try:
            return graph.get(f"{page_id}/published_posts", **params)
        except RetryLater as trouble:
            if trouble.code != "too_heavy" or params["limit"] == "1":
                raise
            params["limit"] = str(int(params["limit"]) // 2)


def _pictures(attachment: Mapping[str, Any]) -> int:
    inner = (attachment.get("subattachments") or {}).get("data", [])
    if inner:
        return sum(_pictures(part) for part in inner)
    return int(attachment.get("media_type") in PICTURES or attachment.get("type") in PICTURES)


def _link(attachment: Mapping[str, Any]) -> str:
    if attachment.get("type") != "share" and attachment.get("media_type") != "link":
        return ""
    return str(attachment.get("unshimmed_url") or attachment.get("url") or "")
