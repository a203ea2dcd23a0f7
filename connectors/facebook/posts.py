"""Posts of a Page as Facebook shows them: reading back, one or all since a moment."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from connectors.base import Listing, Rejected, RemotePost
from connectors.drafts import Draft
from connectors.facebook import videos
from connectors.facebook.graph import Graph
from connectors.facebook.moments import moment
from connectors.transport import expecting

FIELDS = (
    "id,message,created_time,permalink_url,status_type,is_published,"
    "attachments{media_type,type,target{id},unshimmed_url,url,subattachments}"
)
PAGE_SIZE = 100
PAGES_MAX = 60
RANKED_MAX = 600  # about as many posts of a year as Facebook lists at all
VIDEO = "video"
FILES = frozenset({"photo", "album", VIDEO})


def find(graph: Graph, page_id: str, since: datetime) -> Listing:
    """Return the Page's published posts since a moment, newest first; incomplete if Facebook stops short.

    Videos that Facebook still works on stand on no list of posts, so the Page's videos are read too.
    """
    floor = since.replace(microsecond=0)  # created_time has whole seconds
    found, complete = _posts(graph, page_id, floor)
    known = {post.remote_id for post in found}
    films, all_films = videos.listed(graph, page_id, floor)
    found += [film for film in films if film.remote_id not in known]
    ordered = sorted(found, key=lambda post: post.created_at, reverse=True)
    return Listing(tuple(ordered), complete and all_films)


def read(graph: Graph, page_id: str, remote_id: str, now: datetime) -> RemotePost | None:
    """Return one post, None if Facebook says that it is not there, or that it is a draft.

    Raises RetryLater `media_processing` for a video that is not shown yet.
    """
    post = _read(graph, remote_id)
    if post is None and videos.ready(graph, page_id, remote_id, now):
        post = _read(graph, remote_id)
    if post is None or post.raw.get("is_published") is False:
        return None
    return replace(post, remote_id=remote_id)


def read_draft(graph: Graph, draft_id: str) -> Draft | None:
    """Return one post or draft, None if Facebook says that it is not there."""
    post = _read(graph, draft_id)
    return None if post is None else Draft(post, public=post.raw.get("is_published") is True)


def remote_post(row: Mapping[str, Any]) -> RemotePost:
    """Return a row as our value; raises KeyError, TypeError or ValueError for another shape."""
    attachments = (row.get("attachments") or {}).get("data", [])
    return RemotePost(
        remote_id=known_id(row),
        text=str(row.get("message", "")),
        created_at=moment(row["created_time"]),
        permalink=str(row.get("permalink_url", "")),
        media_count=sum(_files(attachment) for attachment in attachments),
        link=next((_link(attachment) for attachment in attachments if _link(attachment)), ""),
        raw=row,
    )


def known_id(row: Mapping[str, Any]) -> str:
    """Return the id we know a post by: that of its video where it has one."""
    post_id = str(row["id"])
    for attachment in (row.get("attachments") or {}).get("data", []):
        video_id = (attachment.get("target") or {}).get("id")
        if attachment.get("media_type") == VIDEO and video_id:
            return videos.named(post_id.partition("_")[0], str(video_id))
    return post_id


def _posts(graph: Graph, page_id: str, floor: datetime) -> tuple[list[RemotePost], bool]:
    found: list[RemotePost] = []
    for posts, more in _pages(graph, page_id, floor):
        found += [post for post in posts if post.created_at >= floor]
        if not more or any(post.created_at < floor for post in posts):
            return found, True
        if len(found) >= RANKED_MAX:
            break
    return found, False


def _pages(graph: Graph, page_id: str, floor: datetime) -> Iterator[tuple[list[RemotePost], bool]]:
    params = {"fields": FIELDS, "limit": str(PAGE_SIZE), "since": str(int(floor.timestamp()))}
    for rows, more in graph.pages(f"{page_id}/published_posts", PAGES_MAX, **params):
        with expecting("posts"):
            posts = [remote_post(row) for row in rows]
        yield posts, more


def _read(graph: Graph, remote_id: str) -> RemotePost | None:
    try:
        row = graph.get(remote_id, fields=FIELDS)
    except Rejected as trouble:
        if trouble.code == "not_found":
            return None
        raise
    with expecting("post"):
        return remote_post(row)


def _files(attachment: Mapping[str, Any]) -> int:
    inner = (attachment.get("subattachments") or {}).get("data", [])
    if inner:
        return sum(_files(part) for part in inner)
    return int(attachment.get("media_type") in FILES or attachment.get("type") in FILES)


def _link(attachment: Mapping[str, Any]) -> str:
    if attachment.get("type") != "share" and attachment.get("media_type") != "link":
        return ""
    return str(attachment.get("unshimmed_url") or attachment.get("url") or "")
