"""Photos of a Page: staged unpublished for a later /feed, or published at once."""

import unicodedata
from typing import Any

from sandbox.accounts import FACEBOOK, Token
from sandbox.graph.call import GraphCall, need_publish, page_of
from sandbox.graph.errors import refused
from sandbox.graph.feed import make_public
from sandbox.imageinfo import inspect
from sandbox.things import Media, Post

BYTES_MAX = 10 * 1024 * 1024
TYPES = ("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff")


def create(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST /{page}/photos: {"id"} when staged, {"id", "post_id"} when published at once."""
    page = page_of(call, token, call.object_id)
    need_publish(token)
    photo, content = _received(call, page.id)
    call.world.keep_media(photo, content)
    if not call.flag("published", default=True):
        return {"id": photo.id}
    world = call.world
    post = Post(
        channel=FACEBOOK,
        id=f"{page.id}_{world.graph_numbers.next()}",
        account=page.id,
        text=photo.caption,
        created_at=world.clock.now(),
        media=[photo.id],
    )
    make_public(call, post)
    return {"id": photo.id, "post_id": post.id}


def _received(call: GraphCall, page_id: str) -> tuple[Media, bytes]:
    """Return the photo handed in as `source`; an address to fetch is refused, the sandbox reaches nothing."""
    upload = call.files.get("source")
    if upload is None:
        raise refused("no_image")
    image = inspect(upload.content)
    if image is None or image.mime not in TYPES:
        raise refused("no_image" if image is None else "photo_too_large")
    if len(upload.content) > BYTES_MAX:
        raise refused("photo_too_large")
    photo = Media(
        channel=FACEBOOK,
        id=call.world.graph_numbers.next(),
        account=page_id,
        mime=image.mime,
        size=len(upload.content),
        created_at=call.world.clock.now(),
        width=image.width,
        height=image.height,
        alt=call.text("alt_text_custom"),
        caption=unicodedata.normalize("NFC", call.text("caption") or call.text("message")),
    )
    return photo, upload.content
