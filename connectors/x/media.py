"""Files on their way to X: a picture in one piece, a GIF or film in segments that can go on after a cut.

Nothing here is public, so every step may be repeated; what was sent already is not sent again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from connectors.base import Media, Rejected, RetryLater, Staged, Unfinished
from connectors.transport import expecting, read_object
from connectors.x.api import XApi
from core.vocab import MediaKind

LIFE = timedelta(hours=20)  # X says 24 h in most answers, more in some
SEGMENT = 4 * 1024 * 1024
CATEGORIES = {MediaKind.GIF: "tweet_gif", MediaKind.VIDEO: "tweet_video"}
LATER_S = 5.0  # when X does not say when to ask again
PATIENCE_S = 15 * 60.0  # a file that is not ready by then never will be
SPREADING_S = 3.0  # what X calls ready is not usable everywhere yet
READY = "succeeded"
CUT, WORKING = "media_cut", "media_processing"


@dataclass(frozen=True)
class Upload:
    """An upload under way. part: the next segment. sent_at: when the last one was taken, 0 before.

    ready_at: when X said that it is ready, 0 before. ends_at: until when it can be attached. Unix seconds.
    """

    media_id: str
    ends_at: int
    part: int = 0
    sent_at: int = 0
    ready_at: int = 0

    @classmethod
    def of(cls, note: str) -> "Upload | None":
        """Return the upload that a note of ours tells of; None for no note or one of another version."""
        try:
            return cls(**json.loads(note))
        except (TypeError, ValueError):
            return None

    def note(self) -> str:
        return json.dumps(asdict(self))


def stage(api: XApi, media: Media, now: datetime) -> Staged:
    """Upload a file with its alt text; raises Unfinished for what goes on later."""
    if media.kind is MediaKind.IMAGE:
        return _stage_picture(api, media, now)
    known = Upload.of(media.resume)
    if known is not None and known.ends_at > now.timestamp():
        return _go_on(api, media, known, now)
    begun = read_object(api.initialize(media.mime, media.size, CATEGORIES[media.kind]))
    with expecting("media"):
        upload = Upload(str(begun["data"]["id"]), int((now + _life(begun)).timestamp()))
    return _go_on(api, media, upload, now)


def _stage_picture(api: XApi, media: Media, now: datetime) -> Staged:
    name = f"{media.sha256}.{media.mime.partition('/')[2]}"
    body = read_object(api.upload(name, media.content, media.mime))
    with expecting("media"):
        media_id, life = str(body["data"]["id"]), _life(body)
    if media.alt:
        api.describe(media_id, media.alt)
    return Staged(media_id, now + life)


def _go_on(api: XApi, media: Media, upload: Upload, now: datetime) -> Staged:
    """Take an upload as far as it goes now; one that X no longer knows is begun anew."""
    try:
        if not upload.sent_at:
            upload = _send(api, media, upload, now)
        if not upload.ready_at:
            upload = _await(api, media, upload, now)
    except Rejected as trouble:
        if media.resume and trouble.code == "not_found":
            raise Unfinished(CUT, "", detail=trouble.detail) from None
        raise
    spread = upload.ready_at + SPREADING_S - now.timestamp()
    if spread > 0:
        raise Unfinished(WORKING, upload.note(), wait_s=spread)
    return Staged(upload.media_id, datetime.fromtimestamp(upload.ends_at, UTC))


def _send(api: XApi, media: Media, upload: Upload, now: datetime) -> Upload:
    """Send the segments that X does not have yet, then say that this was all."""
    try:
        with media.open() as file:
            file.seek(upload.part * SEGMENT)
            for part in range(upload.part, -(-media.size // SEGMENT)):
                api.append(upload.media_id, part, file.read(SEGMENT))
                upload = replace(upload, part=part + 1)
        response = api.finalize(upload.media_id)
    except RetryLater as trouble:
        if trouble.health is not None:
            raise
        raise Unfinished(CUT, upload.note(), wait_s=trouble.wait_s, detail=str(trouble)) from None
    sent = replace(upload, sent_at=int(now.timestamp()))
    if _state(response) == READY:
        return sent
    raise Unfinished(WORKING, sent.note(), wait_s=_wait_s(response))


def _await(api: XApi, media: Media, upload: Upload, now: datetime) -> Upload:
    """Ask whether X is done with a file, give it its alt text then; Unfinished while X is not."""
    response = api.status(upload.media_id)
    state = _state(response)
    if state == "failed":
        raise Rejected("media_refused", _why(_progress(response) or {}))
    if state != READY:
        if now.timestamp() - upload.sent_at > PATIENCE_S:
            raise Rejected("media_stuck", f"{state} after {PATIENCE_S / 60:.0f} min")
        raise Unfinished(WORKING, upload.note(), wait_s=_wait_s(response))
    if media.alt:
        api.describe(upload.media_id, media.alt)
    return replace(upload, ready_at=int(now.timestamp()))


def _progress(response: requests.Response) -> Mapping[str, Any] | None:
    """Return what X says of its work on a file; None: there is nothing to work on, it is ready."""
    with expecting("media"):
        told = read_object(response)["data"].get("processing_info")
    return told if isinstance(told, dict) else None


def _state(response: requests.Response) -> str:
    progress = _progress(response)
    return READY if progress is None else str(progress.get("state"))


def _wait_s(response: requests.Response) -> float:
    told = (_progress(response) or {}).get("check_after_secs")
    return float(told) if isinstance(told, int | float) and told > 0 else LATER_S


def _why(progress: Mapping[str, Any]) -> str:
    error = progress.get("error")
    told = error if isinstance(error, dict) else {}
    return f"{told.get('name', '')} {told.get('message', '')}".strip()


def _life(body: Mapping[str, Any]) -> timedelta:
    told = timedelta(seconds=float(body["data"].get("expires_after_secs", 0)))
    return min(told or LIFE, LIFE)
