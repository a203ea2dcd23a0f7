"""Users."""

from typing import Any

from sandbox.xapi.auth import user
from sandbox.xapi.call import XCall
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
