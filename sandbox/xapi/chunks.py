"""Media in segments: initialize, append, finalize. Segments wait in memory and become a medium at the end."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.accounts import Account
from sandbox.xapi.auth import writer
from sandbox.xapi.call import XCall
from sandbox.xapi.errors import XError, invalid, not_found
from sandbox.xapi.media import SCOPE, check_size, keep, told

Answer = tuple[int, dict[str, Any]]
SEGMENT_MAX = 8 * 1024 * 1024
INDEX_MAX = 999
TYPES = {
    "tweet_image": {"image/jpeg", "image/png", "image/webp", "image/bmp", "image/tiff"},
    "tweet_gif": {"image/gif"},
}
FILMS = {"video/mp4", "video/webm", "video/quicktime", "video/mp2t"}
KEYS = {"media_type", "total_bytes", "media_category", "shared", "additional_owners"}


@dataclass(slots=True)
class Pieces:
    """An upload under way."""

    owner: Account
    category: str
    total: int
    segments: dict[int, bytes] = field(default_factory=dict)


def initialize(call: XCall) -> Answer:
    """POST /2/media/upload/initialize."""
    owner = writer(call.caller, SCOPE)
    body = call.body()
    for name in body:
        if name not in KEYS:
            raise invalid(f"$.{name}: is not defined in the schema", name, body[name])
    category, total = str(body.get("media_category", "")), body.get("total_bytes")
    if not isinstance(total, int) or total < 1:
        raise invalid("$.total_bytes: must be a positive integer", "total_bytes", total)
    check_size(category, total)
    mime = body.get("media_type")
    if mime not in TYPES.get(category, FILMS):
        raise invalid("$.media_type: does not have a value in the enumeration", "media_type", mime)
    media_id = call.world.snowflakes.next(call.world.clock.now())
    call.world.uploads[media_id] = Pieces(owner, category, total)
    key = f"{'3' if category == 'tweet_image' else '13'}_{media_id}"
    life = int(call.world.settings.media_life_s)
    return 200, {"data": {"id": media_id, "media_key": key, "expires_after_secs": life}}


def append(call: XCall) -> Answer:
    """POST /2/media/upload/{id}/append: sending a segment again replaces it."""
    pieces = _pieces(call)
    part, index = call.incoming.files.get("media"), call.incoming.form.get("segment_index", "")
    if part is None or not index.isdigit() or int(index) > INDEX_MAX:
        raise invalid("$.segment_index: must be between 0 and 999", "segment_index", index)
    if len(part.content) > SEGMENT_MAX:
        raise invalid("Segment is too large", "media")
    pieces.segments[int(index)] = part.content
    expires = int(call.world.clock.now().timestamp() + call.world.settings.media_life_s)
    return 200, {"data": {"expires_at": expires}}


def finalize(call: XCall) -> Answer:
    """POST /2/media/upload/{id}/finalize."""
    pieces = _pieces(call)
    content = b"".join(pieces.segments[index] for index in sorted(pieces.segments))
    gapless = sorted(pieces.segments) == list(range(len(pieces.segments)))
    if not gapless or len(content) != pieces.total:
        raise invalid(f"Segments do not add up to {pieces.total} bytes: {len(content)} received.", "media")
    media = keep(call, pieces.owner, pieces.category, content, call.ids["id"])
    del call.world.uploads[call.ids["id"]]
    return 200, {"data": told(call, media) | {"size": media.size}}


def _pieces(call: XCall) -> Pieces:
    owner = writer(call.caller, SCOPE)
    pieces = call.world.uploads.get(call.ids["id"])
    if not isinstance(pieces, Pieces) or pieces.owner.id != owner.id:
        raise XError(404, not_found(call.ids["id"], "id", "media"))
    return pieces
