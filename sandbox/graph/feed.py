"""Publishing on a Page: text, link and staged photos through /feed; edit, publish a draft, delete."""

import dataclasses
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from sandbox.accounts import FACEBOOK, Token
from sandbox.graph.call import GraphCall, need_publish, page_of
from sandbox.graph.errors import bad_parameter, missing_object, refused
from sandbox.graph.films import VIDEO, settle
from sandbox.graph.objects import read_post
from sandbox.graph.selection import parse
from sandbox.things import Media, Post

MESSAGE_MAX = 63_206


def create(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST /{page}/feed: publish, or keep as a draft with published=false."""
    page = page_of(call, token, call.object_id)
    need_publish(token)
    message, link = unicodedata.normalize("NFC", call.text("message")), call.text("link")
    photos = [_staged(call, one) for one in attached(call)]
    if not (message or link or photos):
        raise bad_parameter("Requires one of the params: message, link, place, attached_media")
    if len(message) > MESSAGE_MAX:
        raise bad_parameter(f"Param message must be at most {MESSAGE_MAX} characters")
    if call.text("scheduled_publish_time"):
        raise refused("bad_schedule")
    check_link(link)
    world = call.world
    post = Post(
        channel=FACEBOOK,
        id=f"{page.id}_{world.graph_numbers.next()}",
        account=page.id,
        text=message,
        created_at=world.clock.now(),
        link=link,
        media=[photo.id for photo in photos],
        public=call.flag("published", default=True),
    )
    make_public(call, post) if post.public else world.keep_draft(post)
    return chosen(call, token, post)


def change(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST /{post}: publish a draft (is_published=true) or put another text in place."""
    post = find(call, token)
    need_publish(token)
    if not post.public and call.flag("is_published", default=False):
        post = dataclasses.replace(post, public=True, created_at=call.world.clock.now())
        make_public(call, post)
    if "message" in call.params:
        call.world.edit(post, unicodedata.normalize("NFC", call.text("message")))
    return {"success": True}


def find(call: GraphCall, token: Token) -> Post:
    """Return the post this call names, a video's also by the video's id, if the token's Page wrote it."""
    post = call.world.post(FACEBOOK, call.object_id) or _with_video(call)
    if post is None or token.kind == "app" or token.account_id not in ("", post.account):
        raise missing_object(call.object_id, call.method.lower())
    return post


def make_public(call: GraphCall, post: Post) -> None:
    """Publish, unless it repeats the Page's last text."""
    before = call.world.timeline(FACEBOOK, post.account)
    last = before[-1] if before else None
    plain = post.text and not post.media and call.world.settings.duplicate_window_s
    if last and plain and not last.media and (last.text, last.link) == (post.text, post.link):
        raise refused("duplicate")
    call.world.publish(post)


def chosen(call: GraphCall, token: Token, post: Post) -> dict[str, Any]:
    """Return the new post's id, and the fields the request asked back."""
    return read_post(post, call, token, parse(call.text("fields", "id")))


def attached(call: GraphCall) -> list[str]:
    """Return the photo ids of attached_media, given as one JSON list or as attached_media[0] and on."""
    whole = call.nested("attached_media")
    items = whole if isinstance(whole, list) else []
    place = 0
    while (name := f"attached_media[{place}]") in call.params:
        items.append(call.nested(name))
        place += 1
    if any(not isinstance(item, dict) or "media_fbid" not in item for item in items):
        raise bad_parameter("Param attached_media must be an array of objects with media_fbid")
    return [str(item["media_fbid"]) for item in items]


def check_link(link: str) -> None:
    """Raise GraphError for a link that is no public web address, or leads to facebook.com."""
    if not link:
        return
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
        raise refused("bad_link")
    if (parts.hostname or "").removeprefix("www.") == "facebook.com":
        raise refused("facebook_link")


def _with_video(call: GraphCall) -> Post | None:
    """Return the post that `{page}_{video}` names, once people can see it."""
    page, _, video_id = call.object_id.partition("_")
    video = call.world.books.media.get((FACEBOOK, video_id))
    if video is None or video.category != VIDEO or video.account != page:
        return None
    return call.world.post(FACEBOOK, video.post) if settle(call, video) else None


def _staged(call: GraphCall, photo_id: str) -> Media:
    photo = call.world.books.media.get((FACEBOOK, photo_id))
    kept = photo is not None and photo.state != "deleted" and photo.category != VIDEO
    if photo is None or not kept or photo.account != call.object_id:
        raise bad_parameter(f"Invalid parameter: attached_media, no photo with the id {photo_id}")
    if photo.post:
        raise refused("duplicate_photos")
    return photo
