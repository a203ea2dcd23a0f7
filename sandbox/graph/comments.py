"""Comments under a Page's posts: read, written, hidden, changed and deleted, with two levels of answers."""

import unicodedata
from typing import Any

from sandbox.accounts import FACEBOOK, Token
from sandbox.graph import hooks
from sandbox.graph.call import GraphCall, need
from sandbox.graph.errors import bad_parameter, forbidden, missing_object, refused
from sandbox.graph.feed import find
from sandbox.graph.objects import read_comment
from sandbox.graph.paging import after_cursor, moment_of, paging
from sandbox.graph.selection import parse
from sandbox.things import Comment

LIMIT_MAX = 100
MESSAGE_MAX = 8000
FILTERS = ("toplevel", "stream")
ORDERS = ("chronological", "reverse_chronological")


def listing(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /{post or comment}/comments: what stands under it, without what was deleted."""
    rows = _under(call, token)
    need(token, "pages_read_engagement", "pages_read_user_content")
    limit = call.number("limit", 25)
    if not 1 <= limit <= LIMIT_MAX:
        raise bad_parameter(f"Param limit must be between 1 and {LIMIT_MAX}")
    fields = parse(call.text("fields", "created_time,from,message,id"))
    left = after_cursor(call, _ordered(call, rows))
    answer: dict[str, Any] = {"data": [read_comment(one, call, token, fields) for one in left[:limit]]}
    if left:
        answer["paging"] = paging(call, left[:limit], more=len(left) > limit)
    if call.flag("summary", default=False):
        answer["summary"] = {"order": call.text("order", "chronological"), "can_comment": True}
        answer["summary"]["total_count"] = len(rows)
    return answer


def create(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST /{post or comment}/comments: an answer to an answer lands under its parent."""
    above = comment_of(call, token)
    post = call.world.post(FACEBOOK, above.post) if above else find(call, token)
    if post is None or not post.public:
        raise missing_object(call.object_id, "post")
    need_moderate(token)
    message = unicodedata.normalize("NFC", call.text("message"))
    if not message.strip():
        raise bad_parameter("Requires one of the params: message, attachment_url")
    if len(message) > MESSAGE_MAX:
        raise bad_parameter(f"Param message must be at most {MESSAGE_MAX} characters")
    made = Comment(
        channel=FACEBOOK,
        id=f"{post.id.partition('_')[2]}_{call.world.graph_numbers.next()}",
        account=post.account,
        post=post.id,
        author=post.account,
        name=call.world.books.accounts[FACEBOOK, post.account].name,
        text=message,
        created_at=call.world.clock.now(),
        parent=(above.parent or above.id) if above else "",
    )
    call.world.say(made)
    hooks.told(call.world, made, "add")
    return read_comment(made, call, token, parse(call.text("fields", "id")))


def change(call: GraphCall, token: Token, comment: Comment) -> dict[str, Any]:
    """POST /{comment}: hide a citizen's, or put our own in other words."""
    need_moderate(token)
    if "is_hidden" in call.params:
        if comment.ours:
            raise bad_parameter("You can not hide your own comment")
        comment.hidden = call.flag("is_hidden", default=False)
        hooks.told(call.world, comment, "hide" if comment.hidden else "unhide")
    if "message" in call.params:
        if not comment.ours:
            raise refused("no_publish_permission")
        comment.text = unicodedata.normalize("NFC", call.text("message"))
        hooks.told(call.world, comment, "edited")
    call.world.change_comment(comment)
    return {"success": True}


def delete(call: GraphCall, token: Token, comment: Comment) -> dict[str, Any]:
    """DELETE /{comment}: any comment on our Page; a second time it is not there."""
    need_moderate(token)
    comment.deleted = True
    call.world.change_comment(comment)
    hooks.told(call.world, comment, "remove")
    return {"success": True}


def comment_of(call: GraphCall, token: Token) -> Comment | None:
    """Return the comment this call names, None if it names something else or another Page's."""
    found = call.world.books.comments.get((FACEBOOK, call.object_id))
    if found is None or found.deleted or token.account_id not in ("", found.account):
        return None
    return None if call.world.post(FACEBOOK, found.post) is None else found


def need_moderate(token: Token) -> None:
    """Raise the refusal unless this Page token may write and hide comments."""
    if token.kind != "page" or "MODERATE" not in token.tasks:
        raise refused("no_moderate_permission")
    if "pages_manage_engagement" not in token.scopes:
        raise forbidden("pages_manage_engagement")


def _under(call: GraphCall, token: Token) -> list[Comment]:
    above = comment_of(call, token)
    if above:
        told = call.world.comments_of(FACEBOOK, above.post)
        return [one for one in told if one.parent == above.id]
    kind = call.text("filter", "toplevel")
    if kind not in FILTERS:
        raise bad_parameter(f"Param filter must be one of {{{', '.join(FILTERS)}}}")
    told = call.world.comments_of(FACEBOOK, find(call, token).id)
    return [one for one in told if kind == "stream" or not one.parent]


def _ordered(call: GraphCall, rows: list[Comment]) -> list[Comment]:
    order = call.text("order", "chronological")
    if order not in ORDERS:
        raise bad_parameter(f"Param order must be one of {{{', '.join(ORDERS)}}}")
    since, until = moment_of(call, "since"), moment_of(call, "until")
    kept = [
        one
        for one in rows
        if (since is None or one.created_at >= since) and (until is None or one.created_at <= until)
    ]
    return kept if order == "chronological" else kept[::-1]
