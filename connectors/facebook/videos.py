"""Videos: sent in chunks that go on where they stopped, and named before anybody can see them.

The upload is opened first and gives the video's id; finishing it is the one public call, and finishing the
same upload twice is one video. Until Facebook is done with it, a video stands on no list of posts: what is on
its way is read from the Page's videos.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Media, PlatformTrouble, Rejected, RemotePost, RetryLater, Staged, Unfinished
from connectors.facebook.errors import WrongOffset
from connectors.facebook.graph import REAL_DIALOG, Graph
from connectors.facebook.moments import moment
from connectors.transport import expecting

FIELDS = "id,description,created_time,permalink_url,published,status"
LISTED = "id,description,created_time,permalink_url,published"
LIFE = timedelta(hours=20)
PATIENCE = timedelta(minutes=30)
WAITS_S = (10.0, 60.0)  # the first and the longest pause between two looks
CUT_WAIT_S = 5.0
ALT_LENGTH = 255
BROKEN_OFF = frozenset({"unreachable", "no_answer", "platform_trouble"})
UNKNOWN_UPLOAD = frozenset({"media_not_ready", "not_found"})
WORKING = frozenset({"upload_complete", "uploading", "processing"})
SHOWN = "ready"
Offsets = tuple[int, int]


def stage(graph: Graph, page_id: str, media: Media, now: datetime) -> Staged:
    """Upload a video; Unfinished `media_cut` where the line broke, with what the next try goes on from."""
    upload, offsets = _begin(graph, page_id, media)
    while offsets[0] < offsets[1]:
        offsets = _send(graph, page_id, media, upload, offsets)
    return Staged(upload, now + LIFE)


def finish(page_id: str, staged_id: str, text: str) -> tuple[str, dict[str, str], str]:
    """Return path, form and remote id of the call that shows a staged video."""
    video_id, _, session = staged_id.partition(":")
    form = {"upload_phase": "finish", "upload_session_id": session, "description": text, "published": "true"}
    return (
        f"{page_id}/videos",
        {name: value for name, value in form.items() if value},
        named(page_id, video_id),
    )


def named(page_id: str, video_id: str) -> str:
    """Return the id under which we know the post of a video: its own post id comes late or never."""
    return f"{page_id}_{video_id}"


def ready(graph: Graph, page_id: str, remote_id: str, now: datetime) -> bool:
    """Say whether remote_id names a video that can be seen by now; False for whatever else it may be.

    Raises RetryLater `media_processing` while Facebook still works on it.
    """
    page, _, video_id = remote_id.partition("_")
    if page != page_id or not video_id:
        return False
    try:
        row = graph.get(video_id, fields=FIELDS)
    except Rejected:
        return False
    with expecting("video"):
        status = (row.get("status") or {}).get("video_status", "")
        age = now - moment(row["created_time"])
    if status in WORKING and age < PATIENCE:
        first, longest = WAITS_S
        raise RetryLater("media_processing", wait_s=min(max(age.total_seconds(), first), longest))
    return bool(status == SHOWN)


def listed(graph: Graph, page_id: str, floor: datetime) -> tuple[list[RemotePost], bool]:
    """Return the Page's published videos since a moment, and whether all were seen.

    Where the list is refused nothing is proved absent, but what stands among the posts is still found.
    """
    try:
        return _listed(graph, page_id, floor)
    except Rejected:
        return [], False


def _listed(graph: Graph, page_id: str, floor: datetime) -> tuple[list[RemotePost], bool]:
    found: list[RemotePost] = []
    since = str(int(floor.timestamp()))
    for rows, more in graph.pages(f"{page_id}/videos", 10, fields=LISTED, limit="100", since=since):
        with expecting("videos"):
            posts = [_post(page_id, row) for row in rows]
        found += [
            post for post in posts if post.created_at >= floor and post.raw.get("published") is not False
        ]
        if not more or any(post.created_at < floor for post in posts):
            return found, True
    return found, False


def _begin(graph: Graph, page_id: str, media: Media) -> tuple[str, Offsets]:
    """Go on with an upload that broke off, or open a new one; return its name and the bytes wanted next."""
    upload, _, place = media.resume.rpartition("@")
    start, _, end = place.partition("-")
    if upload and start.isdigit() and end.isdigit():
        try:
            return upload, _send(graph, page_id, media, upload, (int(start), int(end)))
        except (Rejected, RetryLater) as trouble:
            if trouble.code not in UNKNOWN_UPLOAD:
                raise
    form = {"upload_phase": "start", "file_size": str(media.size), "title": media.alt[:ALT_LENGTH]}
    body = graph.send(f"{page_id}/videos", {name: value for name, value in form.items() if value})
    with expecting("upload"):
        return f"{int(body['video_id'])}:{int(body['upload_session_id'])}", _offsets(body)


def _send(graph: Graph, page_id: str, media: Media, upload: str, offsets: Offsets) -> Offsets:
    """Send one chunk; return which bytes are wanted next, as Facebook sees it."""
    start, end = offsets
    session = upload.partition(":")[2]
    form = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": str(start)}
    chunk = {"video_file_chunk": ("chunk", _bytes(media, start, end), "application/octet-stream")}
    try:
        return _offsets(graph.send(f"{page_id}/videos", form, chunk))
    except WrongOffset as trouble:
        if (trouble.start, trouble.end) == offsets:
            raise _cut(upload, offsets, trouble) from None
        return trouble.start, trouble.end
    except RetryLater as trouble:
        if trouble.code in BROKEN_OFF:
            raise _cut(upload, offsets, trouble) from None
        raise


def _bytes(media: Media, start: int, end: int) -> bytes:
    with media.open() as file:
        file.seek(start)
        return file.read(end - start)


def _cut(upload: str, offsets: Offsets, trouble: PlatformTrouble) -> Unfinished:
    """Return the trouble that carries where the upload broke off."""
    start, end = offsets
    return Unfinished("media_cut", f"{upload}@{start}-{end}", wait_s=CUT_WAIT_S, detail=trouble.code)


def _offsets(body: Mapping[str, Any]) -> Offsets:
    with expecting("chunk"):
        return int(body["start_offset"]), int(body["end_offset"])


def _post(page_id: str, row: Mapping[str, Any]) -> RemotePost:
    link = str(row.get("permalink_url", ""))
    return RemotePost(
        remote_id=named(page_id, str(row["id"])),
        text=str(row.get("description", "")),
        created_at=moment(row["created_time"]),
        permalink=f"{REAL_DIALOG}{link}" if link.startswith("/") else link,
        media_count=1,
        raw=row,
    )
