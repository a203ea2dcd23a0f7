"""POST and DELETE on one object: a post, a comment, a photo or a video."""

from typing import Any

from sandbox.accounts import FACEBOOK, Token
from sandbox.graph import comments, feed
from sandbox.graph.call import GraphCall, need_publish
from sandbox.things import Media


def change(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST /{post or comment}: other words, public, hidden."""
    comment = comments.comment_of(call, token)
    return comments.change(call, token, comment) if comment else feed.change(call, token)


def delete(call: GraphCall, token: Token) -> dict[str, Any]:
    """DELETE /{post, comment, photo or video}; a second time it is not there."""
    comment = comments.comment_of(call, token)
    if comment:
        return comments.delete(call, token, comment)
    need_publish(token)
    medium = call.world.books.media.get((FACEBOOK, call.object_id))
    if medium is not None and medium.state != "deleted" and medium.account == token.account_id:
        _take_away(call, medium)
    else:
        call.world.delete(feed.find(call, token))
    return {"success": True}


def _take_away(call: GraphCall, medium: Media) -> None:
    """Delete a photo, or a video with the post that shows it."""
    medium.state = "deleted"
    call.world.keep_media(medium)
    post = call.world.post(FACEBOOK, medium.post) if medium.category == "video" and medium.post else None
    if post:
        call.world.delete(post)
