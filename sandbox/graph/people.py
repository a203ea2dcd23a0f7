"""Tokens and who they belong to: /me, /me/accounts, /debug_token."""

from typing import Any

from sandbox.accounts import DEMO_APP_ID, FACEBOOK, Token
from sandbox.graph.call import GraphCall, page_of
from sandbox.graph.errors import bad_parameter, missing_object, refused
from sandbox.graph.objects import read_page
from sandbox.graph.selection import parse

PERSON_ID = "10225640000000001"
PERSON_NAME = "เจ้าหน้าที่ประชาสัมพันธ์ (ตัวอย่าง)"


def me(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /me: the Page of a Page token, the person of a user token."""
    if token.kind == "page":
        page = page_of(call, token, token.account_id)
        return read_page(page, call, token, parse(call.text("fields", "name,id")))
    if token.kind == "user":
        return {"id": PERSON_ID, "name": PERSON_NAME}
    raise missing_object("me")


def accounts(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /me/accounts: the Pages of this person, each with its token."""
    if token.kind != "user":
        raise missing_object("me")
    fields = parse(call.text("fields", "access_token,category,name,id,tasks"))
    pages = [account for (channel, _), account in call.world.books.accounts.items() if channel == FACEBOOK]
    return {"data": [read_page(page, call, token, fields) for page in pages[: call.number("limit", 25)]]}


def debug(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /debug_token: what an input token is worth."""
    if token.kind != "app" and call.text("input_token") != call.secret:
        raise refused("token_invalid")
    if not call.text("input_token"):
        raise bad_parameter("The parameter input_token is required")
    asked = call.world.books.tokens.get(call.text("input_token"))
    if asked is None or asked.channel != FACEBOOK or asked.kind == "app":
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    return {"data": _described(call, asked)}


def _described(call: GraphCall, token: Token) -> dict[str, Any]:
    expired = token.expires_at is not None and token.expires_at <= call.world.clock.now()
    subcode = token.dead or (463 if expired else None)
    data: dict[str, Any] = {
        "app_id": DEMO_APP_ID,
        "type": token.kind.upper(),
        "application": "Rukon Sandbox",
        "data_access_expires_at": int(token.data_access_expires_at.timestamp())
        if token.data_access_expires_at
        else 0,
        "expires_at": int(token.expires_at.timestamp()) if token.expires_at else 0,
        "is_valid": subcode is None,
        "scopes": sorted(token.scopes),
        "granular_scopes": [{"scope": scope} for scope in sorted(token.scopes)],
        "user_id": PERSON_ID,
    }
    if token.kind == "page":
        data["profile_id"] = token.account_id
    if subcode is not None:
        message = "Error validating access token: this session is no longer valid."
        data["error"] = {"code": 190, "message": message, "subcode": subcode}
    return data
