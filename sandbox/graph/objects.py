"""What a post, a photo, a video and a comment say when their fields are read."""

from collections.abc import Iterable
from typing import Any

from sandbox.accounts import FACEBOOK, Token
from sandbox.audience import count, reactions_by_kind, script_of
from sandbox.graph.call import GraphCall, need
from sandbox.graph.films import READY, VIDEO, status_of
from sandbox.graph.reading import ABSENT, Reader, Reading, read_fields
from sandbox.graph.selection import Field
from sandbox.ids import graph_time
from sandbox.things import Comment, Media, Post


def read_post(post: Post, call: GraphCall, token: Token, fields: Iterable[Field]) -> dict[str, Any]:
    """Return a post's chosen fields."""
    return read_fields("Post", POST_FIELDS, post, [Reading(call, token, one) for one in fields])


def read_photo(photo: Media, call: GraphCall, token: Token, fields: Iterable[Field]) -> dict[str, Any]:
    """Return a photo's chosen fields."""
    return read_fields("Photo", PHOTO_FIELDS, photo, [Reading(call, token, one) for one in fields])


def read_video(video: Media, call: GraphCall, token: Token, fields: Iterable[Field]) -> dict[str, Any]:
    """Return a video's chosen fields."""
    return read_fields("Video", VIDEO_FIELDS, video, [Reading(call, token, one) for one in fields])


def read_comment(comment: Comment, call: GraphCall, token: Token, fields: Iterable[Field]) -> dict[str, Any]:
    """Return a comment's chosen fields."""
    return read_fields("Comment", COMMENT_FIELDS, comment, [Reading(call, token, one) for one in fields])


def permalink(post: Post, origin: str) -> str:
    """Return where people see this post: the fake Page."""
    return f"{origin}/facebook/posts/{post.id}"


def picture_url(photo: Media, origin: str) -> str:
    """Return where the bytes of a picture are served."""
    return f"{origin}/media/{photo.sha256}"


def _author(post: Post, reading: Reading) -> dict[str, str]:
    page = reading.call.world.books.accounts[FACEBOOK, post.account]
    return {"name": page.name, "id": page.id}


def _status_type(post: Post, reading: Reading) -> str:
    if any(one.category == VIDEO for one in reading.call.world.media_of(post)):
        return "added_video"
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
    if photo.category == VIDEO:
        url = f"{origin}/facebook/posts/{photo.post}"
        return {
            "media_type": "video",
            "type": "video_inline",
            "target": {"id": photo.id, "url": url},
            "url": url,
        }
    image = {"image": {"src": picture_url(photo, origin), "width": photo.width, "height": photo.height}}
    url = f"{origin}/facebook/posts/{photo.post}"
    target = {"id": photo.id, "url": url}
    said = {"description": photo.caption} if photo.caption else {}
    return {"media_type": "photo", "type": "photo", "media": image, "target": target, "url": url} | said


def _full_picture(post: Post, reading: Reading) -> object:
    photos = [one for one in reading.call.world.media_of(post) if one.category != VIDEO]
    return picture_url(photos[0], reading.call.origin) if photos else ABSENT


def _shares(post: Post, reading: Reading) -> object:
    shares = count(reading.call.world, post)["shares"]
    return {"count": shares} if shares else ABSENT


def _comments(post: Post, reading: Reading) -> object:
    need(reading.token, "pages_read_user_content")
    world = reading.call.world
    total = count(world, post)["comments"]
    if total is None:
        return ABSENT
    if "comments" not in world.books.exact.get(post.key, {}):
        total = max(total, len(world.comments_of(FACEBOOK, post.id)))
    summary = {"summary": {"order": "ranked", "total_count": total, "can_comment": True}}
    return {"data": []} | (summary if reading.field.wants_summary else {})


def _reactions(post: Post, reading: Reading) -> object:
    need(reading.token, "pages_read_user_content")
    world = reading.call.world
    total = count(world, post)["reactions"]
    if total is None:
        return ABSENT
    kind = reading.field.modifiers.get("type", "").upper()
    told = reactions_by_kind(total, script_of(world, post).feelings).get(kind, 0) if kind else total
    summary = {"summary": {"total_count": told, "viewer_reaction": "NONE"}}
    return {"data": []} | (summary if reading.field.wants_summary else {})


def _post_of(video: Media, reading: Reading) -> Post | None:
    return reading.call.world.post(FACEBOOK, video.post) if video.post else None


def _through(read: Reader[Post]) -> Reader[Media]:
    """Return a reader that asks a video's post; without a post there is nothing to say."""

    def reader(video: Media, reading: Reading) -> object:
        post = _post_of(video, reading)
        return ABSENT if post is None else read(post, reading)

    return reader


def _commenter(comment: Comment, _: Reading) -> object:
    """Name ourselves only: Facebook keeps most people's names to itself."""
    return {"id": comment.author, "name": comment.name} if comment.ours else ABSENT


def _answers(comment: Comment, reading: Reading) -> int:
    told = reading.call.world.comments_of(FACEBOOK, comment.post)
    return sum(one.parent == comment.id for one in told)


def _story_of(photo: Media, _: Reading) -> object:
    return photo.post or ABSENT


def _images(photo: Media, reading: Reading) -> list[dict[str, Any]]:
    return [{"source": picture_url(photo, reading.call.origin), "width": photo.width, "height": photo.height}]


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
VIDEO_FIELDS: dict[str, Reader[Media]] = {
    "id": lambda video, _: video.id,
    "title": lambda video, _: video.alt or ABSENT,
    "description": lambda video, _: video.caption or ABSENT,
    "created_time": lambda video, _: graph_time(video.created_at),
    "updated_time": lambda video, _: graph_time(video.created_at),
    "permalink_url": lambda video, _: f"/reel/{video.id}/",
    "published": lambda video, _: bool(video.post),
    "post_id": lambda video, _: (
        video.post.partition("_")[2] if video.post and video.state == READY else ABSENT
    ),
    "status": lambda video, reading: status_of(reading.call, video),
    "views": _through(lambda post, reading: count(reading.call.world, post)["impressions"] or 0),
    "likes": _through(_reactions),
    "comments": _through(_comments),
}
COMMENT_FIELDS: dict[str, Reader[Comment]] = {
    "id": lambda comment, _: comment.id,
    "message": lambda comment, _: comment.text,
    "created_time": lambda comment, _: graph_time(comment.created_at),
    "from": _commenter,
    "parent": lambda comment, _: {"id": comment.parent} if comment.parent else ABSENT,
    "like_count": lambda *_: 0,
    "comment_count": _answers,
    "is_hidden": lambda comment, _: comment.hidden,
    "can_hide": lambda comment, _: not comment.ours,
    "permalink_url": lambda comment, reading: (
        f"{reading.call.origin}/facebook/posts/{comment.post}?comment_id={comment.id.partition('_')[2]}"
    ),
}
