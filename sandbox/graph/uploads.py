"""The other two ways in for films: uploads that may be resumed and give a handle, and reels."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.accounts import DEMO_APP_ID, FACEBOOK, Token, made_up
from sandbox.graph.call import GraphCall, need_publish, page_of
from sandbox.graph.errors import bad_parameter, missing_object, refused
from sandbox.graph.films import UPLOADING, VIDEO, Film
from sandbox.graph.videos import complete, new_film
from sandbox.things import Media

NAME = "upload:"
REELS_A_DAY = 30
DAY = timedelta(days=1)
STATES = ("PUBLISHED", "SCHEDULED", "DRAFT")


@dataclass
class Session:
    """One upload on its way to a handle."""

    size: int
    content: bytearray = field(default_factory=bytearray)


def begin(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST /{app}/uploads: open a session for a file of this length and type."""
    del token
    if call.object_id != DEMO_APP_ID:
        raise missing_object(call.object_id, "post")
    size = call.number("file_length", 0)
    if size <= 0 or not call.text("file_type"):
        raise bad_parameter("Params file_length and file_type are required")
    name = NAME + made_up("upload", call.world.graph_numbers.next())
    call.world.films[name] = Session(size)
    return {"id": name}


def receive(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST /upload:…: take bytes from `file_offset` on; the whole file gives its handle."""
    del token
    session = _session(call)
    if call.offset != len(session.content):
        raise refused("wrong_offset")
    session.content += call.raw
    if len(session.content) < session.size:
        return show_session(call, session)
    handle = "4:" + made_up("handle", call.object_id)
    call.world.films[handle] = bytes(session.content)
    return {"h": handle}


def show(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /upload:…: how far it came, to go on from there."""
    del token
    return show_session(call, _session(call))


def show_session(call: GraphCall, session: Session) -> dict[str, Any]:
    """Return an upload's place."""
    return {"id": call.object_id, "file_offset": len(session.content)}


def reel(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST /{page}/video_reels: open a reel, or finish it."""
    page = page_of(call, token, call.object_id)
    need_publish(token)
    match call.text("upload_phase"):
        case "start":
            film = new_film(call, 0)
            call.world.films[f"reel:{film.video.id}"] = film
            address = f"{call.origin}/rupload/video-upload/{call.version}/{film.video.id}"
            return {"video_id": film.video.id, "upload_url": address}
        case "finish":
            return _finish_reel(call, page.id)
    raise bad_parameter("Param upload_phase must be one of {start, finish}")


def receive_reel(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST to a reel's upload address: bytes from `offset` on, of a file of `file_size`."""
    need_publish(token)
    film = _reel(call, call.path[-1])
    film.size = call.file_size
    if call.offset != len(film.content):
        raise refused("wrong_offset")
    film.content += call.raw
    return {"success": True}


def _finish_reel(call: GraphCall, page_id: str) -> dict[str, Any]:
    film = _reel(call, call.text("video_id"))
    state = call.text("video_state", "PUBLISHED")
    if state not in STATES:
        raise bad_parameter(f"Param video_state must be one of {{{', '.join(STATES)}}}")
    if not film.size or len(film.content) != film.size:
        raise refused("wrong_offset")
    if state == "PUBLISHED" and len(_of_today(call, page_id)) >= REELS_A_DAY:
        raise refused("abusive")
    call.params["published"] = str(state == "PUBLISHED").lower()
    film.video.category = VIDEO
    film.video.width, film.video.height = 1080, 1920
    complete(call, film)
    return {"success": True}


def _of_today(call: GraphCall, page_id: str) -> list[Media]:
    since = call.world.clock.now() - DAY
    films = (one for one in call.world.books.media.values() if one.channel == FACEBOOK and one.post)
    return [one for one in films if one.account == page_id and one.width == 1080 and one.created_at > since]  # noqa: PLR2004 -- a reel's width


def _reel(call: GraphCall, video_id: str) -> Film:
    film = call.world.films.get(f"reel:{video_id}")
    if not isinstance(film, Film) or film.video.state != UPLOADING:
        raise refused("bad_upload_session")
    return film


def _session(call: GraphCall) -> Session:
    session = call.world.films.get(call.object_id)
    if not isinstance(session, Session):
        raise missing_object(call.object_id, call.method.lower())
    return session
