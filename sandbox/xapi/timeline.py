"""An account's own posts and the posts that mention it, newest first, page by page."""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sandbox.accounts import X
from sandbox.clock import parse_moment
from sandbox.things import Post
from sandbox.xapi.call import XCall
from sandbox.xapi.errors import invalid
from sandbox.xapi.render import READ_PARAMETERS, View

REACHABLE = 3_200
PARAMETERS = (
    *READ_PARAMETERS, "end_time", "exclude", "max_results", "pagination_token", "since_id", "start_time",
    "until_id",
)  # fmt: skip
RFC3339 = re.compile(r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z")
Answer = tuple[int, dict[str, Any]]


def own(call: XCall) -> Answer:
    """GET /2/users/{id}/tweets."""
    account = call.named_user()
    hidden = timedelta(seconds=call.world.faults.hidden_s(X, account.id))
    shown_before = call.world.clock.now() - hidden
    posts = call.world.timeline(X, account.id)[-REACHABLE:]
    return _page(call, [post for post in posts if not hidden or post.created_at <= shown_before])


def mentions(call: XCall) -> Answer:
    """GET /2/users/{id}/mentions."""
    account = call.named_user()
    everyone = (posts for (channel, _), posts in call.world.books.timelines.items() if channel == X)
    found = [post for posts in everyone for post in posts if f"@{account.username}" in post.text]
    return _page(call, sorted(found, key=lambda post: int(post.id)))


def _page(call: XCall, posts: list[Post]) -> Answer:
    """Return one page of posts given oldest first; `data` is absent when the page is empty."""
    call.allow(PARAMETERS)
    view = View.of(call)
    size = call.number("max_results", 10, (5, 100))
    keep = _filter(call)
    matching = [post for post in reversed(posts) if keep(post)]
    start = _offset(call)
    rows = matching[start : start + size]
    body = view.answer(rows)
    meta: dict[str, Any] = {"result_count": len(rows)}
    if rows:
        meta |= {"newest_id": rows[0].id, "oldest_id": rows[-1].id}
    if start + size < len(matching):
        meta["next_token"] = _token(start + size)
    if start:
        meta["previous_token"] = _token(max(start - size, 0))
    return 200, body | {"meta": meta}


def _filter(call: XCall) -> Callable[[Post], bool]:
    start, end = moment(call, "start_time"), moment(call, "end_time")
    since, until = _id(call, "since_id"), _id(call, "until_id")
    no_replies = "replies" in call.listed("exclude", ("replies", "retweets"))
    return lambda post: (
        (start is None or post.created_at >= start)
        and (end is None or post.created_at < end)
        and (since is None or int(post.id) > since)
        and (until is None or int(post.id) < until)
        and not (no_replies and post.reply_to)
    )


def moment(call: XCall, name: str) -> datetime | None:
    """Return a time parameter, None if it was not given. Raises XError 400 for any other form."""
    text = call.query.get(name)
    if text is None:
        return None
    if not RFC3339.fullmatch(text):
        message = f"The `{name}` query parameter value [{text}] is not a valid RFC3339 timestamp"
        raise invalid(message, name, text)
    return parse_moment(text)


def _id(call: XCall, name: str) -> int | None:
    text = call.query.get(name)
    if text is not None and not text.isdigit():
        raise invalid(f"The `{name}` query parameter value [{text}] is not a valid id", name, text)
    return int(text) if text else None


def _token(place: int) -> str:
    return base64.b32encode(f"page:{place}".encode()).decode().lower().rstrip("=")


def _offset(call: XCall) -> int:
    token = call.query.get("pagination_token")
    if token is None:
        return 0
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        return int(base64.b32decode(padded).decode().removeprefix("page:"))
    except (binascii.Error, ValueError):
        message = f"The `pagination_token` query parameter value [{token}] is not valid"
        raise invalid(message, "pagination_token", token) from None
