"""Signing in: codes for short-lived tokens, these for long-lived ones, and taking the permission back."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.accounts import DEMO_APP_ID, FACEBOOK, PERSON_ID, Token, facebook_app_secret, made_up
from sandbox.graph.call import GraphCall
from sandbox.graph.errors import GraphError, Problem, bad_parameter, missing_object, refused
from sandbox.state import World

CODE_LIFE = timedelta(minutes=10)
SHORT_LIFE = timedelta(hours=1)
LONG_LIFE = timedelta(days=60)
DATA_ACCESS = timedelta(days=90)
APP_REMOVED = 458
OTHER_ADDRESS = (
    "Error validating verification code. Please make sure your redirect_uri is identical to the one you used "
    "in the OAuth dialog request"
)
CODE_TROUBLES = {
    "expired": (36007, "This authorization code has expired."),
    "address": (36008, OTHER_ADDRESS),
    "used": (36009, "This authorization code has been used."),
}


@dataclass
class Permit:
    """What a person allowed in the dialog: the scopes left ticked, the Pages with the tasks there."""

    redirect_uri: str
    scopes: set[str]
    at: datetime
    pages: dict[str, list[str]] = field(default_factory=dict)
    used: bool = False


def allow(world: World, permit: Permit) -> str:
    """Keep what a person allowed and return the code that stands for it."""
    code = "AQ" + made_up("code", str(len(world.codes)), permit.at.isoformat())
    world.codes[code] = permit
    return code


def exchange(call: GraphCall) -> dict[str, Any]:
    """GET or POST /oauth/access_token: a code, or a living token, for a token."""
    if call.text("client_id") != DEMO_APP_ID:
        raise GraphError(Problem(400, 101, "Error validating application. Cannot get application info."))
    if call.text("client_secret") != facebook_app_secret():
        raise GraphError(Problem(400, 1, "Error validating client secret."))
    if call.text("grant_type") == "fb_exchange_token":
        return _lengthened(call)
    if call.text("grant_type", "authorization_code") != "authorization_code":
        raise bad_parameter("Param grant_type is not supported")
    return _from_code(call)


def permissions(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /{person}/permissions: what this person's token may do."""
    _person(call, token)
    return {"data": [{"permission": scope, "status": "granted"} for scope in sorted(token.scopes)]}


def revoke(call: GraphCall, token: Token) -> dict[str, Any]:
    """DELETE /{person}/permissions: every token the person gave this app is dead from now on."""
    person = _person(call, token)
    for mark, one in list(call.world.books.tokens.items()):
        if one.channel == FACEBOOK and one.person == person and one.dead is None:
            call.world.change_token(mark, replace(one, dead=APP_REMOVED))
    return {"success": True}


def _person(call: GraphCall, token: Token) -> str:
    """Return who is meant: the token's own person, or in the app's name anybody who signed in."""
    if token.kind == "user" and call.object_id in ("me", token.person):
        return token.person
    people = {one.person for one in call.world.books.tokens.values() if one.person}
    if token.kind == "app" and call.object_id in people:
        return call.object_id
    raise missing_object(call.object_id, call.method.lower())


def _from_code(call: GraphCall) -> dict[str, Any]:
    permit = call.world.codes.get(call.text("code"))
    if not isinstance(permit, Permit):
        raise GraphError(Problem(400, 100, "Invalid verification code format."))
    now = call.world.clock.now()
    if permit.used:
        raise _refused("used")
    if now >= permit.at + CODE_LIFE:
        raise _refused("expired")
    if call.text("redirect_uri") != permit.redirect_uri:
        raise _refused("address")
    permit.used = True
    token = Token(
        FACEBOOK, "user", "", set(permit.scopes), expires_at=now + SHORT_LIFE,
        data_access_expires_at=now + DATA_ACCESS, person=PERSON_ID, pages=dict(permit.pages),
    )  # fmt: skip
    return _handed_out(call, "EAA" + made_up("short_token", call.text("code")), token)


def _lengthened(call: GraphCall) -> dict[str, Any]:
    """Exchange a living user token for one of 60 days; a dead one cannot be exchanged."""
    given = call.text("fb_exchange_token")
    token = call.world.books.token_of(given)
    now = call.world.clock.now()
    if token is None or token.channel != FACEBOOK or token.kind != "user":
        raise refused("token_invalid")
    if token.dead is not None or (token.expires_at and token.expires_at <= now):
        raise refused("token_expired" if token.dead is None else "app_removed")
    long = replace(token, expires_at=now + LONG_LIFE)
    return _handed_out(call, "EAA" + made_up("long_token", given), long)


def _handed_out(call: GraphCall, secret: str, token: Token) -> dict[str, Any]:
    call.world.hand_out(secret, token)
    left = token.expires_at - call.world.clock.now() if token.expires_at else timedelta(0)
    return {"access_token": secret, "token_type": "bearer", "expires_in": int(left.total_seconds())}


def _refused(why: str) -> GraphError:
    subcode, told = CODE_TROUBLES[why]
    return GraphError(Problem(400, 100, told, subcode))
