"""Users, and what the app has used."""

from typing import Any

from sandbox.ids import x_time
from sandbox.xapi.auth import user
from sandbox.xapi.call import POSTS_READ, XCall
from sandbox.xapi.errors import refused
from sandbox.xapi.rows import USER_FIELDS, user_row

Answer = tuple[int, dict[str, Any]]
PARAMETERS = ("user.fields", "expansions", "tweet.fields", "post.fields")


def me(call: XCall) -> Answer:
    """GET /2/users/me."""
    call.allow(PARAMETERS)
    call.listed("user.fields", USER_FIELDS)
    return 200, {"data": user_row(user(call.caller), call)}


def show(call: XCall) -> Answer:
    """GET /2/users/{id}."""
    call.allow(PARAMETERS)
    call.listed("user.fields", USER_FIELDS)
    return 200, {"data": user_row(call.named_user(), call)}


def usage(call: XCall) -> Answer:
    """GET /2/usage/tweets: for the app's own bearer only; counts the posts read."""
    if call.caller.kind != "app":
        raise refused("wrong_token_kind")
    reads = call.world.calls[POSTS_READ]
    day = x_time(call.world.clock.now().replace(hour=0, minute=0, second=0, microsecond=0))
    daily = {"usage": [{"date": day, "usage": str(reads)}]}
    return 200, {
        "data": {"project_cap": "3000000", "project_usage": str(reads), "daily_project_usage": daily}
    }
