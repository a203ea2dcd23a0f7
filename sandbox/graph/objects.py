"""What a Page, a Post and a Photo say when their fields are read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.accounts import FACEBOOK, Account, Token, page_token
from sandbox.audience import count, followers, reactions_by_kind
from sandbox.graph.call import GraphCall, need
from sandbox.graph.errors import bad_parameter
from sandbox.graph.selection import Field
from sandbox.ids import graph_time
from sandbox.things import Media, Post

ABSENT = object()  # the field exists but has nothing to say: it is left out of the answer
CATEGORY = "Government organization"


@dataclass(frozen=True, slots=True)
class Reading:
    """A token reading one field."""

    call: GraphCall
    token: Token
    field: Field


T = TypeVar("T", Account, Post, Media)
Reader = Callable[[T, Reading], object]


def read_page(page: Account, call: GraphCall, token: Token, fields: Iterable[Field]) -> dict[str, Any]:
    """Return a Page's chosen fields."""
    return _read("Page", PAGE_FIELDS, page, [Reading(call, token, one) for one in fields])


def read_post(post: Post, call: GraphCall, token: Token, fields: Iterable[Field]) -> dict[str, Any]:
    """Return a post's chosen fields."""
    return _read("Post", POST_FIELDS, post, [Reading(call, token, one) for one in fields])


def read_photo(photo: Media, call: GraphCall, token: Token, fields: Iterable[Field]) -> dict[str, Any]:
    """Return a photo's chosen fields."""
    return _read("Photo", PHOTO_FIELDS, photo, [Reading(call, token, one) for one in fields])


def permalink(post: Post, origin: str) -> str:
    """Return where people see this post: the fake Page."""
    return f"{origin}/facebook/posts/{post.id}"


def picture_url(photo: Media, origin: str) -> str:
    """Return where the bytes of a picture are served."""
    return f"{origin}/media/{photo.sha256}"


def _read(kind: str, known: Mapping[str, Reader[T]], thing: T, readings: list[Reading]) -> dict[str, Any]:
    """Return the chosen fields and always the id; one unknown field refuses the whole call."""
    for reading in readings:
        if reading.field.name not in known:
            told = f"Tried accessing nonexisting field ({reading.field.name}) on node type ({kind})"
            raise bad_parameter(told)
    answer = {reading.field.key: known[reading.field.name](thing, reading) for reading in readings}
    return {name: value for name, value in answer.items() if value is not ABSENT} | {"id": thing.id}


def _author(post: Post, reading: Reading) -> dict[str, str]:
    page = reading.call.world.books.accounts[FACEBOOK, post.account]
    return {"name": page.name, "id": page.id}


def _status_type(post: Post, _: Reading) -> str:
    return "added_photos" if post.media else "shared_story" if post.link else "mobile_status_update"


def _attachments(post: Post, reading: Reading) -> object:
    world, origin = reading.call.world, reading.call.origin
    photos = [_photo_attachment(photo, origin) for photo in world.media_of(post)]
    if len(photos) > 1:
        return {"data": [{"media_type": "album", "type": "album", "subattachments": {"data": photos}}]}
    if photos:
        return {"data": photos}
    if post.link:
        link = {"media_type": "link", "type": "share", "url": post.link, "unshimmed_url": post.link}
        return {"data": [link | {"target": {"url": post.link}}]}
    return ABSENT


def _photo_attachment(photo: Media, origin: str) -> dict[str, Any]:
    image = {"image": {"src": picture_url(photo, origin), "width": photo.width, "height": photo.height}}
    url = f"{origin}/facebook/posts/{photo.post}"
    target = {"id": photo.id, "url": url}
    said = {"description": photo.caption} if photo.caption else {}
    return {"media_type": "photo", "type": "photo", "media": image, "target": target, "url": url} | said


def _full_picture(post: Post, reading: Reading) -> object:
    photos = reading.call.world.media_of(post)
    return picture_url(photos[0], reading.call.origin) if photos else ABSENT


def _shares(post: Post, reading: Reading) -> object:
    shares = count(reading.call.world, post)["shares"]
    return {"count": shares} if shares else ABSENT


def _comments(post: Post, reading: Reading) -> object:
    need(reading.token, "pages_read_user_content")
    total = count(reading.call.world, post)["comments"]
    if total is None:
        return ABSENT
    summary = {"summary": {"order": "ranked", "total_count": total, "can_comment": True}}
    return {"data": []} | (summary if reading.field.wants_summary else {})


def _reactions(post: Post, reading: Reading) -> object:
    need(reading.token, "pages_read_user_content")
    total = count(reading.call.world, post)["reactions"]
    if total is None:
        return ABSENT
    kind = reading.field.modifiers.get("type", "").upper()
    told = reactions_by_kind(total).get(kind, 0) if kind else total
    summary = {"summary": {"total_count": told, "viewer_reaction": "NONE"}}
    return {"data": []} | (summary if reading.field.wants_summary else {})


def _access_token(page: Account, reading: Reading) -> object:
    return page_token(page.id) if reading.token.kind in ("user", "page") else ABSENT


def _followers(page: Account, reading: Reading) -> int:
    return followers(page, reading.call.world.clock.now())


def _story_of(photo: Media, _: Reading) -> object:
    return photo.post or ABSENT


def _images(photo: Media, reading: Reading) -> list[dict[str, Any]]:
    return [{"source": picture_url(photo, reading.call.origin), "width": photo.width, "height": photo.height}]


PAGE_FIELDS: dict[str, Reader[Account]] = {
    "id": lambda page, _: page.id,
    "name": lambda page, _: page.name,
    "username": lambda page, _: page.username,
    "category": lambda *_: CATEGORY,
    "link": lambda page, reading: f"{reading.call.origin}/facebook/{page.id}",
    "followers_count": _followers,
    "fan_count": _followers,
    "is_published": lambda *_: True,
    "tasks": lambda _, reading: list(reading.token.tasks),
    "access_token": _access_token,
}
POST_FIELDS: dict[str, Reader[Post]] = {
    "id": lambda post, _: post.id,
    "message": lambda post, _: post.text or ABSENT,
    "created_time": lambda post, _: graph_time(post.created_at),
    "updated_time": lambda post, _: graph_time(post.created_at),
    "permalink_url": lambda post, reading: permalink(post, reading.call.origin),
    "status_type": _status_type,
    "is_published": lambda post, _: post.public,
    "is_hidden": lambda *_: False,
    "from": _author,
    "attachments": _attachments,
    "full_picture": _full_picture,
    "shares": _shares,
    "comments": _comments,
    "reactions": _reactions,
    "likes": _reactions,
}
PHOTO_FIELDS: dict[str, Reader[Media]] = {
    "id": lambda photo, _: photo.id,
    "name": lambda photo, _: photo.caption or ABSENT,
    "alt_text": lambda photo, _: photo.alt or ABSENT,
    "alt_text_custom": lambda photo, _: photo.alt or ABSENT,
    "created_time": lambda photo, _: graph_time(photo.created_at),
    "page_story_id": _story_of,
    "link": lambda photo, reading: f"{reading.call.origin}/facebook/posts/{photo.post or photo.id}",
    "picture": lambda photo, reading: picture_url(photo, reading.call.origin),
    "images": _images,
    "width": lambda photo, _: photo.width,
    "height": lambda photo, _: photo.height,
}
