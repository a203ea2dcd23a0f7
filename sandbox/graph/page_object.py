"""What a Page says when its fields are read, its token for whoever signed in included."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sandbox.accounts import Account, Token, made_up, page_token, user_token
from sandbox.audience import followers
from sandbox.graph.call import GraphCall
from sandbox.graph.reading import ABSENT, Reader, Reading, read_fields
from sandbox.graph.selection import Field

CATEGORY = "Government organization"
LONG = timedelta(days=1)  # a user token that lives longer opens Page tokens that never end


def read_page(page: Account, call: GraphCall, token: Token, fields: Iterable[Field]) -> dict[str, Any]:
    """Return a Page's chosen fields."""
    return read_fields("Page", PAGE_FIELDS, page, [Reading(call, token, one) for one in fields])


def _access_token(page: Account, reading: Reading) -> object:
    """Return the Page's token; one that a person's sign-in opens is made for that sign-in."""
    token, world = reading.token, reading.call.world
    if token.kind == "app":
        return ABSENT
    if token.kind == "page" or reading.call.secret == user_token():
        return reading.call.secret if token.kind == "page" else page_token(page.id)
    secret = "EAA" + made_up("page_token", reading.call.secret, page.id)
    if world.books.token_of(secret) is None:
        long = token.expires_at is None or token.expires_at - world.clock.now() > LONG
        made = replace(
            token, kind="page", account_id=page.id, tasks=tuple(_tasks_of(page, reading)), pages=None,
            expires_at=None if long else token.expires_at,
        )  # fmt: skip
        world.hand_out(secret, made)
    return secret


def _tasks_of(page: Account, reading: Reading) -> list[str]:
    token = reading.token
    return list(token.tasks) if token.pages is None else token.pages.get(page.id, [])


def _followers(page: Account, reading: Reading) -> int:
    return followers(page, reading.call.world.clock.now())


PAGE_FIELDS: dict[str, Reader[Account]] = {
    "id": lambda page, _: page.id,
    "name": lambda page, _: page.name,
    "username": lambda page, _: page.username,
    "category": lambda *_: CATEGORY,
    "link": lambda page, reading: f"{reading.call.origin}/facebook/{page.id}",
    "followers_count": _followers,
    "fan_count": _followers,
    "is_published": lambda *_: True,
    "tasks": _tasks_of,
    "access_token": _access_token,
}
