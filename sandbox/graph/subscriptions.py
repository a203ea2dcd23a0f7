"""Which changes of a Page the app hears of: /{page}/subscribed_apps."""

from typing import Any

from sandbox.accounts import DEMO_APP_ID, Token
from sandbox.graph.call import GraphCall, need, page_of
from sandbox.graph.errors import bad_parameter

FIELDS = ("feed", "mention")


def show(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET: the app and what it hears of, if it does."""
    page = _page(call, token)
    heard = call.world.webhooks.pages.get(page)
    told = {"id": DEMO_APP_ID, "name": "Rukon Sandbox", "subscribed_fields": heard}
    return {"data": [told] if heard else []}


def subscribe(call: GraphCall, token: Token) -> dict[str, Any]:
    """POST: hear of these fields from now on."""
    page = _page(call, token)
    wanted = [name for name in call.text("subscribed_fields").split(",") if name]
    if not wanted or not set(wanted) <= set(FIELDS):
        raise bad_parameter(f"Param subscribed_fields must be a list of {{{', '.join(FIELDS)}}}")
    call.world.webhooks.subscribe(page, wanted)
    return {"success": True}


def leave(call: GraphCall, token: Token) -> dict[str, Any]:
    """DELETE: hear of nothing any more."""
    call.world.webhooks.leave(_page(call, token))
    return {"success": True}


def _page(call: GraphCall, token: Token) -> str:
    page = page_of(call, token, call.object_id)
    need(token, "pages_manage_metadata")
    return page.id
