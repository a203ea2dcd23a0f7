"""Videos of a Page: sent in chunks that may be resumed, worked on for a while, then shown."""

import json
import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sandbox.accounts import FACEBOOK, Token
from sandbox.graph.call import GraphCall, need, need_publish, page_of
from sandbox.graph.errors import NAMED, GraphError, bad_parameter, refused
from sandbox.graph.films import PROCESSING, UPLOADING, VIDEO, Film
from sandbox.graph.objects import read_video
from sandbox.graph.paging import after_cursor, moment_of, paging
from sandbox.graph.selection import parse
from sandbox.things import Media, Post

LIMIT_MAX = 100
SINGLE_MAX = 100 * 1024 * 1024
MP4_MARK = (4, b"ftyp")


def upload(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST /{page}/videos: one phase of an upload in chunks, or a small video whole."""
    page_of(call, token, call.object_id)
    need_publish(token)
    phase = call.text("upload_phase")
    if phase:
        if phase not in PHASES:
            raise bad_parameter(f"Param upload_phase must be one of {{{', '.join(PHASES)}}}")
        return PHASES[phase](call)
    content = _whole(call)
    film = new_film(call, len(content))
    film.content += content
    _check_kind(film)
    complete(call, film)
    return {"id": film.video.id}


def listing(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /{page}/videos: newest first, also those still worked on."""
    page = page_of(call, token, call.object_id)
    need(token, "pages_read_engagement")
    limit = call.number("limit", 25)
    if not 1 <= limit <= LIMIT_MAX:
        raise bad_parameter(f"Param limit must be between 1 and {LIMIT_MAX}")
    fields = parse(call.text("fields", "description,updated_time,id"))
    since = moment_of(call, "since")
    hidden = timedelta(seconds=call.world.faults.hidden_s(FACEBOOK, page.id))
    mine = [
        one
        for one in reversed(call.world.books.media.values())
        if one.category == VIDEO
        and one.account == page.id
        and one.state not in (UPLOADING, "deleted")
        and (since is None or one.created_at >= since)
        and not (hidden and one.created_at > call.world.clock.now() - hidden)
    ]
    left = after_cursor(call, mine)
    answer: dict[str, Any] = {"data": [read_video(one, call, token, fields) for one in left[:limit]]}
    if left:
        answer["paging"] = paging(call, left[:limit], more=len(left) > limit)
    return answer


def _whole(call: GraphCall) -> bytes:
    """Return a video handed in at once, or the one a handle stands for."""
    kept = call.world.films.get(call.text("fbuploader_video_file_chunk"))
    if isinstance(kept, bytes):
        return kept
    whole = call.files.get("source")
    if whole is None:
        raise refused("no_video")
    if len(whole.content) > SINGLE_MAX:
        raise refused("bad_video")
    return whole.content


def _start(call: GraphCall) -> dict[str, Any]:
    size = call.number("file_size", 0)
    if size <= 0:
        raise bad_parameter("Param file_size must be a positive integer")
    film = new_film(call, size)
    session = call.world.graph_numbers.next()
    call.world.films[session] = film
    return {"upload_session_id": session, "video_id": film.video.id} | _range(call, film)


def _transfer(call: GraphCall) -> dict[str, Any]:
    film, chunk = _film(call), call.files.get("video_file_chunk")
    if chunk is None:
        raise refused("no_video")
    longest = call.world.settings.video_chunk_bytes
    if call.number("start_offset", -1) != len(film.content) or len(chunk.content) > longest:
        raise _wrong_offset(call, film)
    film.content += chunk.content
    _check_kind(film)
    return _range(call, film)


def _finish(call: GraphCall) -> dict[str, Any]:
    film = _film(call)
    if not film.finished:  # the same upload finished twice is one video
        if len(film.content) != film.size:
            raise _wrong_offset(call, film)
        complete(call, film)
    return {"success": True}


def _cancel(call: GraphCall) -> dict[str, Any]:
    _film(call)
    del call.world.films[call.text("upload_session_id")]
    return {"success": True}


PHASES = {"start": _start, "transfer": _transfer, "finish": _finish, "cancel": _cancel}


def new_film(call: GraphCall, size: int) -> Film:
    """Open a film that nobody sees yet."""
    video = Media(
        channel=FACEBOOK,
        id=call.world.graph_numbers.next(),
        account=call.object_id,
        mime="video/mp4",
        size=size,
        created_at=call.world.clock.now(),
        category=VIDEO,
        alt=call.text("title"),
        state=UPLOADING,
    )
    call.world.keep_media(video)
    return Film(video, size)


def complete(call: GraphCall, film: Film) -> None:
    """Keep the bytes, start working on them, and show the post if it is to be public."""
    world, video = call.world, film.video
    film.finished = True
    video.created_at = world.clock.now()
    video.caption = unicodedata.normalize("NFC", call.text("description"))
    video.alt = call.text("title") or video.alt
    video.state = PROCESSING
    world.films[video.id] = film
    world.keep_media(video, bytes(film.content))
    film.content.clear()
    if call.flag("published", default=True):
        world.publish(
            Post(
                channel=FACEBOOK,
                id=f"{video.account}_{world.graph_numbers.next()}",
                account=video.account,
                text=video.caption,
                created_at=video.created_at,
                media=[video.id],
            )
        )


def _film(call: GraphCall) -> Film:
    film = call.world.films.get(call.text("upload_session_id"))
    old_s = call.world.settings.media_life_s
    if (
        not isinstance(film, Film)
        or film.video.account != call.object_id
        or (call.world.clock.now() - film.video.created_at).total_seconds() > old_s
    ):
        raise refused("bad_upload_session")
    return film


def _range(call: GraphCall, film: Film) -> dict[str, str]:
    """Return which bytes are wanted next; both ends are equal when all are there."""
    start = len(film.content)
    end = min(film.size, start + call.world.settings.video_chunk_bytes)
    return {"start_offset": str(start), "end_offset": str(end)}


def _check_kind(film: Film) -> None:
    at, mark = MP4_MARK
    if len(film.content) >= at + len(mark) and film.content[at : at + len(mark)] != mark:
        raise refused("bad_video")


def _wrong_offset(call: GraphCall, film: Film) -> GraphError:
    """Return the refusal that says where to go on; its error_data is JSON written as text."""
    told = {"error_data": json.dumps(_range(call, film))}
    return GraphError(replace(NAMED["wrong_offset"], extra=told))
