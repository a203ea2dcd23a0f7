"""Posts: create, read one or many, delete."""

import re
from datetime import timedelta
from typing import Any

from sandbox.accounts import Account, X
from sandbox.things import Post
from sandbox.xapi.auth import writer
from sandbox.xapi.body import check
from sandbox.xapi.call import XCall
from sandbox.xapi.errors import invalid, not_found, refused
from sandbox.xapi.media import attachable
from sandbox.xapi.render import READ_PARAMETERS, View, created_row
from sandbox.xapi.text import fits, normal

Answer = tuple[int, dict[str, Any]]
IDS_MAX = 100
CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}\b")


def create(call: XCall) -> Answer:
    """POST /2/tweets."""
    author = writer(call.caller)
    call.allow(())
    body = call.body()
    check(body)
    text = normal(str(body.get("text", "")))
    media = attachable(call, author, body.get("media", {}).get("media_ids", []))
    parent = _parent(call, author, body)
    if "quote_tweet_id" in body:
        raise refused("reply_not_allowed")
    if text and not fits(text):
        raise refused("forbidden")
    if len(CASHTAG.findall(text)) > 1:
        raise refused("cashtags")
    if text and _repeats(call, author, text):
        raise refused("duplicate")
    post = Post(
        channel=X,
        id=call.world.snowflakes.next(call.world.clock.now()),
        account=author.id,
        text=text,
        created_at=call.world.clock.now(),
        media=[one.id for one in media],
        reply_to=parent,
        poll=body.get("poll", {}),
        reply_settings=body.get("reply_settings", ""),
    )
    call.world.publish(post)
    return 201, {"data": created_row(call, post)}


def delete(call: XCall) -> Answer:
    """DELETE /2/tweets/{id}: deleted false when it is not there."""
    author = writer(call.caller)
    post = call.world.post(X, call.ids["id"])
    if post is None:
        return 200, {"data": {"deleted": False}}
    if post.account != author.id:
        raise refused("forbidden")
    call.world.delete(post)
    return 200, {"data": {"deleted": True}}


def show(call: XCall) -> Answer:
    """GET /2/tweets/{id}."""
    call.allow(READ_PARAMETERS)
    _check_id("id", call.ids["id"])
    view = View.of(call)
    post = call.world.post(X, call.ids["id"])
    if post is None:
        return 200, {"errors": [not_found(call.ids["id"], "id")]}
    return 200, view.answer([post], single=True)


def lookup(call: XCall) -> Answer:
    """GET /2/tweets?ids=a,b: missing ids are told in errors, with status 200."""
    call.allow({*READ_PARAMETERS, "ids"})
    ids = [one for one in call.query.get("ids", "").split(",") if one]
    if not 1 <= len(ids) <= IDS_MAX:
        told = f"The number of values in the `ids` query parameter list [{len(ids)}]"
        raise invalid(f"{told} is not between 1 and {IDS_MAX}", "ids", call.query.get("ids", ""))
    for one in ids:
        _check_id("ids", one)
    view = View.of(call)
    found = {one: call.world.post(X, one) for one in ids}
    body = view.answer([post for post in found.values() if post])
    missing = [
        not_found(one, "ids") | {"detail": f"Could not find tweet with id: [{one}]."}
        for one in ids
        if not found[one]
    ]
    if missing:
        body["errors"] = body.get("errors", []) + missing
    return 200, body


def _check_id(parameter: str, value: str) -> None:
    if not re.fullmatch(r"[0-9]{1,19}", value):
        raise invalid(f"The `{parameter}` query parameter value [{value}] is not valid", parameter, value)


def _parent(call: XCall, author: Account, body: dict[str, Any]) -> str:
    """Return the post replied to: one's own, or one that mentions the author."""
    parent_id = str(body.get("reply", {}).get("in_reply_to_tweet_id", ""))
    if not parent_id:
        return ""
    parent = call.world.post(X, parent_id)
    if parent is None or (parent.account != author.id and f"@{author.username}" not in parent.text):
        raise refused("reply_not_allowed")
    return parent_id


def _repeats(call: XCall, author: Account, text: str) -> bool:
    said = call.world.books.said.get((X, author.id, text))
    window = timedelta(seconds=call.world.settings.duplicate_window_s)
    return said is not None and abs(call.world.clock.now() - said) < window
