"""Media, version 2: a whole picture, its status, its alt text. Nothing is public until a post shows it.

A GIF or film is worked on for some questions about its status, may fail then, and is usable everywhere only a
while after it is ready: `x_media_steps`, `x_media_fails`, `x_media_spread_s`, `media_life_s`.
"""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any

from sandbox.accounts import Account, X
from sandbox.imageinfo import ImageInfo, inspect
from sandbox.things import Media
from sandbox.xapi.auth import writer
from sandbox.xapi.call import XCall
from sandbox.xapi.errors import XError, invalid, not_found, refused
from sandbox.xapi.rows import media_key

Answer = tuple[int, dict[str, Any]]
CATEGORIES = ("tweet_image", "tweet_gif", "tweet_video", "amplify_video", "subtitles")
SIZES = {"tweet_image": 5 * 1024 * 1024, "tweet_gif": 15 * 1024 * 1024}
SIZE_MAX = 512 * 1024 * 1024
IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff")
ALT_MAX = 1000
SCOPE = "media.write"
WIDEST, HIGHEST = 1280, 1080  # of a GIF
FILM = {b"ftyp": 4, b"\x1a\x45\xdf\xa3": 0}  # first bytes of MP4 and WebM, and where they stand
READY, PROCESSING, FAILED = "ready", "processing", "failed"
BROKEN_FILM = {"code": 1, "name": "InvalidMedia", "message": "Invalid or unsupported media."}


def upload(call: XCall) -> Answer:
    """POST /2/media/upload: a whole picture, as multipart or as base64 in JSON."""
    owner = writer(call.caller, SCOPE)
    content, category = _received(call)
    media = keep(call, owner, category, content)
    image = {"image_type": media.mime, "w": media.width, "h": media.height}
    return 200, {"data": told(call, media) | {"size": media.size, "image": image}}


def status(call: XCall) -> Answer:
    """GET /2/media/upload?command=STATUS&media_id=…: no processing_info means ready."""
    owner = writer(call.caller, SCOPE)
    call.allow(("command", "media_id"))
    if call.query.get("command") != "STATUS":
        raise invalid(
            "The `command` query parameter must be STATUS", "command", call.query.get("command", "")
        )
    media = find(call, owner, call.query.get("media_id", ""))
    if media.state.startswith(PROCESSING):
        _work(call, media)
    return 200, {"data": told(call, media)}


def describe(call: XCall) -> Answer:
    """POST /2/media/metadata: alt text."""
    owner = writer(call.caller, SCOPE)
    body = call.body()
    media = find(call, owner, str(body.get("id", "")))
    text = body.get("metadata", {}).get("alt_text", {}).get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= ALT_MAX:
        raise invalid(
            f"$.metadata.alt_text.text: must be 1 to {ALT_MAX} characters long",
            "metadata.alt_text.text",
            text,
        )
    media.alt = text
    call.world.keep_media(media)
    return 200, {"data": {"id": media.id, "associated_metadata": {"alt_text": {"text": text}}}}


def retired(call: XCall) -> Answer:
    """POST /1.1/media/upload.json: still answers with ids, which posting then rejects."""
    writer(call.caller, SCOPE)
    number = call.world.snowflakes.next(call.world.clock.now())
    return 200, {"media_id": int(number), "media_id_string": number, "expires_after_secs": 86_400}


def attachable(call: XCall, owner: Account, ids: list[str]) -> list[Media]:
    """Return the media a post shows. Raises the 400 "Your media IDs are invalid." for an unusable one.

    Up to four pictures, or one GIF, or one film.
    """
    found = (call.world.books.media.get((X, one)) for one in ids)
    usable = [one for one in found if one and one.account == owner.id and _usable(call, one)]
    if len(usable) != len(ids):
        raise refused("invalid_media")
    if len(usable) > 1 and any(one.category != "tweet_image" for one in usable):
        raise invalid("$.media.media_ids: a GIF or video must be the only media", "media.media_ids", ids)
    return usable


def check_size(category: str, size: int) -> None:
    """Raise XError 400 on a category or size X does not take."""
    if category not in CATEGORIES:
        known = list(CATEGORIES)
        raise invalid(
            f"$.media_category: does not have a value in the enumeration {known}", "media_category", category
        )
    if not 0 < size <= SIZES.get(category, SIZE_MAX):
        raise invalid(f"File size exceeds {SIZES.get(category, SIZE_MAX)} bytes.", "media")


def keep(call: XCall, owner: Account, category: str, content: bytes, media_id: str = "") -> Media:
    """Store an upload under a new id. Raises XError 400 on a category, kind or size X does not take."""
    check_size(category, len(content))
    image = inspect(content)
    if category in SIZES and (image is None or image.mime not in IMAGES or not _fit(image, category)):
        raise invalid("Unsupported raw media content type.", "media")
    now = call.world.clock.now()
    media = Media(
        channel=X,
        id=media_id or call.world.snowflakes.next(now),
        account=owner.id,
        mime=image.mime if image else "video/mp4",
        size=len(content),
        created_at=now,
        width=image.width if image else 0,
        height=image.height if image else 0,
        category=category,
        state=READY if category == "tweet_image" else f"{PROCESSING}{call.world.settings.x_media_steps}",
    )
    if media.state == f"{PROCESSING}0":
        media.state, media.ready_at = READY, now.isoformat()
    call.world.keep_media(media, content)
    return media


def find(call: XCall, owner: Account, media_id: str) -> Media:
    """Return the owner's medium. Raises XError 404."""
    media = call.world.books.media.get((X, media_id))
    if media is None or media.account != owner.id:
        raise XError(404, not_found(media_id, "id", "media"))
    return media


def told(call: XCall, media: Media) -> dict[str, Any]:
    """Return what every media answer says; processing_info only while it is not ready."""
    life = call.world.settings.media_life_s
    data: dict[str, Any] = {"id": media.id, "media_key": media_key(media), "expires_after_secs": int(life)}
    if media.state == FAILED:
        data["processing_info"] = {"state": FAILED, "progress_percent": 100, "error": BROKEN_FILM}
    elif media.state.startswith(PROCESSING):
        steps = max(call.world.settings.x_media_steps, 1)
        done = max(steps - int(media.state.removeprefix(PROCESSING)), 0)
        state = "in_progress" if done else "pending"
        percent = 100 * done // steps
        data["processing_info"] = {"state": state, "check_after_secs": 1, "progress_percent": percent}
    elif media.ready_at:
        data["processing_info"] = {"state": "succeeded", "progress_percent": 100}
    return data


def _work(call: XCall, media: Media) -> None:
    """Do one step on a film; the last one shows whether it is one."""
    left = int(media.state.removeprefix(PROCESSING)) - 1
    if left > 0:
        media.state = f"{PROCESSING}{left}"
    elif call.world.settings.x_media_fails or not _plays(call, media):
        media.state = FAILED
    else:
        media.state, media.ready_at = READY, call.world.clock.now().isoformat()
    call.world.keep_media(media)


def _plays(call: XCall, media: Media) -> bool:
    if media.category not in ("tweet_video", "amplify_video"):
        return True
    with call.world.media_path(media).open("rb") as file:
        head = file.read(16)
    return any(head[at : at + len(magic)] == magic for magic, at in FILM.items())


def _usable(call: XCall, media: Media) -> bool:
    settings, now = call.world.settings, call.world.clock.now()
    since = datetime.fromisoformat(media.ready_at) if media.ready_at else media.created_at
    spread = now >= since + timedelta(seconds=settings.x_media_spread_s)
    alive = now - media.created_at < timedelta(seconds=settings.media_life_s)
    return media.state == READY and spread and alive


def _fit(image: ImageInfo, category: str) -> bool:
    if category == "tweet_gif":
        return image.mime == "image/gif" and image.width <= WIDEST and image.height <= HIGHEST
    return True


def _received(call: XCall) -> tuple[bytes, str]:
    part = call.incoming.files.get("media")
    if part is not None:
        return part.content, call.incoming.form.get("media_category", "")
    body = call.body()
    try:
        return base64.b64decode(str(body.get("media", "")), validate=True), str(
            body.get("media_category", "")
        )
    except binascii.Error:
        raise invalid("$.media: is not valid base64", "media") from None
