"""Reading back: one object, and a Page's own published posts page by page."""

from datetime import timedelta
from itertools import islice
from typing import Any

from sandbox.accounts import FACEBOOK, Token
from sandbox.graph.call import GraphCall, need, page_of
from sandbox.graph.comments import comment_of
from sandbox.graph.errors import bad_parameter, forbidden, refused
from sandbox.graph.feed import find
from sandbox.graph.films import VIDEO, shown
from sandbox.graph.objects import read_comment, read_photo, read_post, read_video
from sandbox.graph.page_object import read_page
from sandbox.graph.paging import after_cursor, by_time, moment_of, paging
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
        reader = read_video if photo.category == VIDEO else read_photo
        return reader(photo, call, token, parse(call.text("fields", "created_time,id")))
    comment = comment_of(call, token)
    if comment:
        need(token, "pages_read_engagement", "pages_read_user_content")
        return read_comment(comment, call, token, parse(call.text("fields", "created_time,from,message,id")))
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
    matching = iter(after_cursor(call, _visible(call, page.id)))
    rows = list(islice(matching, limit))
    more = next(matching, None) is not None
    answer: dict[str, Any] = {"data": [read_post(post, call, token, fields) for post in rows]}
    if rows:
        shape = by_time if call.world.settings.graph_paging == "time" else paging
        answer["paging"] = shape(call, rows, more=more)
    return answer


def _visible(call: GraphCall, page_id: str) -> list[Post]:
    """Return the posts within since/until, newest first, without those a fault still hides."""
    since, until = moment_of(call, "since"), moment_of(call, "until")
    hidden = timedelta(seconds=call.world.faults.hidden_s(FACEBOOK, page_id))
    shown_before = call.world.clock.now() - hidden
    return [
        post
        for post in reversed(call.world.timeline(FACEBOOK, page_id))
        if (since is None or post.created_at >= since)
        and (until is None or post.created_at <= until)
        and (not hidden or post.created_at <= shown_before)
        and shown(call, post)
    ]
