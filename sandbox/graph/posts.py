"""Reading back: one object, and a Page's own published posts page by page."""

import base64
import binascii
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from sandbox.accounts import FACEBOOK, Token
from sandbox.clock import parse_moment
from sandbox.graph.call import GraphCall, need, page_of
from sandbox.graph.errors import bad_parameter, forbidden, refused
from sandbox.graph.feed import find
from sandbox.graph.objects import read_page, read_photo, read_post
from sandbox.graph.selection import parse
from sandbox.things import Post

LIMIT_MAX = 100


def show(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /{page, post or photo}?fields=…."""
    books = call.world.books
    page = books.accounts.get((FACEBOOK, call.object_id))
    if page is not None:
        if token.kind == "page" and token.account_id != page.id:
            raise forbidden("pages_read_engagement")
        return read_page(page, call, token, parse(call.text("fields", "name,id")))
    photo = books.media.get((FACEBOOK, call.object_id))
    if photo is not None and photo.state != "deleted" and photo.account == token.account_id:
        return read_photo(photo, call, token, parse(call.text("fields", "created_time,id")))
    post = find(call, token)
    need(token, "pages_read_engagement")
    return read_post(post, call, token, parse(call.text("fields", "created_time,message,id")))


def listing(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /{page}/published_posts: newest first, by cursor."""
    page = page_of(call, token, call.object_id)
    need(token, "pages_read_engagement")
    limit = call.number("limit", 25)
    if not 1 <= limit <= LIMIT_MAX:
        raise bad_parameter(f"Param limit must be between 1 and {LIMIT_MAX}")
    if limit > call.world.settings.graph_rows_max:
        raise refused("reduce_data")
    fields = parse(call.text("fields", "created_time,message,id"))
    matching = iter(_after_cursor(call, _visible(call, page.id)))
    rows = list(islice(matching, limit))
    more = next(matching, None) is not None
    answer: dict[str, Any] = {"data": [read_post(post, call, token, fields) for post in rows]}
    if rows:
        answer["paging"] = _paging(call, rows, more=more)
    return answer


def _visible(call: GraphCall, page_id: str) -> list[Post]:
    """Return the posts within since/until, newest first, without those a fault still hides."""
    since, until = _moment(call, "since"), _moment(call, "until")
    hidden = timedelta(seconds=call.world.faults.hidden_s(FACEBOOK, page_id))
    shown_before = call.world.clock.now() - hidden
    return [
        post
        for post in reversed(call.world.timeline(FACEBOOK, page_id))
        if (since is None or post.created_at >= since)
        and (until is None or post.created_at <= until)
        and (not hidden or post.created_at <= shown_before)
    ]


def _moment(call: GraphCall, name: str) -> datetime | None:
    text = call.text(name)
    try:
        return parse_moment(text) if text else None
    except ValueError:
        raise bad_parameter(f"Param {name} must be a unix time or a date") from None


def _after_cursor(call: GraphCall, posts: list[Post]) -> list[Post]:
    cursor = call.text("after")
    if not cursor:
        return posts
    try:
        last = base64.urlsafe_b64decode(cursor).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise bad_parameter("Invalid cursor") from None
    places = [place for place, post in enumerate(posts) if post.id == last]
    return posts[places[0] + 1 :] if places else []


def _paging(call: GraphCall, rows: list[Post], *, more: bool) -> dict[str, Any]:
    before, after = (base64.urlsafe_b64encode(post.id.encode()).decode() for post in (rows[0], rows[-1]))
    paging: dict[str, Any] = {"cursors": {"before": before, "after": after}}
    if more:
        query = {name: call.text(name) for name in call.params if name != "appsecret_proof"}
        path = "/".join(call.path)
        paging["next"] = f"{call.origin}/graph/{call.version}/{path}?{urlencode(query | {'after': after})}"
    return paging
