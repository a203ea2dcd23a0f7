"""OAuth 2.0 sign-ins: codes for 30 seconds, access tokens for two hours, refresh tokens that work once.

A refresh token used twice ends the whole session, as two workers that refresh at once find out.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.accounts import DEMO_X_CLIENT_ID, Token, X, made_up, mark_of, x_client_secret
from sandbox.state import World
from sandbox.xapi.call import XCall
from sandbox.xapi.errors import XError

Answer = tuple[int, dict[str, Any]]
CODE_LIFE = timedelta(seconds=30)
REVOKED = 89
LASTING = "offline.access"
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass
class Permission:
    """What a person allowed in the dialog, until its code is redeemed."""

    account_id: str
    redirect_uri: str
    challenge: str
    scopes: set[str]
    at: datetime
    used: bool = False


def allow(world: World, permission: Permission) -> str:
    """Keep what a person allowed and return the code that stands for it."""
    code = made_up("x_code", str(len(world.codes)), permission.at.isoformat())
    world.codes[code] = permission
    return code


def token(call: XCall) -> Answer:
    """POST /2/oauth2/token: a code, or a refresh token, for a pair of tokens."""
    _check_client(call)
    match call.incoming.form.get("grant_type"):
        case "authorization_code":
            return _from_code(call)
        case "refresh_token":
            return _refreshed(call)
    raise _refused("invalid_request", "Value passed for the grant type was invalid.")


def revoke(call: XCall) -> Answer:
    """POST /2/oauth2/revoke: either token of a session ends it."""
    _check_client(call)
    known = call.world.books.token_of(call.incoming.form.get("token", ""))
    if known is None or known.channel != X or not known.person:
        raise _refused("invalid_request", "Value passed for the token was invalid.")
    _end(call.world, known.person)
    return 200, {"revoked": True}


def _check_client(call: XCall) -> None:
    """Let the confidential client in by name and secret in the header. Raises XError 401, 400."""
    scheme, _, rest = call.incoming.headers.get("authorization", "").partition(" ")
    try:
        named = base64.b64decode(rest, validate=True).decode() if scheme == "Basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        named = ""
    if named != f"{DEMO_X_CLIENT_ID}:{x_client_secret()}":
        raise XError(
            401, {"error": "unauthorized_client", "error_description": "Missing valid authorization header"}
        )
    if not call.incoming.form_encoded:
        raise _refused("invalid_request", "Content-Type must be application/x-www-form-urlencoded.")


def _from_code(call: XCall) -> Answer:
    form, now = call.incoming.form, call.world.clock.now()
    permission = call.world.codes.get(form.get("code", ""))
    wrong = _refused("invalid_request", "Value passed for the authorization code was invalid.")
    if not isinstance(permission, Permission) or permission.used or now >= permission.at + CODE_LIFE:
        raise wrong
    permission.used = True
    if form.get("redirect_uri") != permission.redirect_uri:
        raise _refused(
            "invalid_request",
            "Value passed for the redirect uri did not match the uri of the authorization code.",
        )
    verifier = form.get("code_verifier", "")
    if not VERIFIER.fullmatch(verifier) or challenge(verifier) != permission.challenge:
        raise _refused(
            "invalid_request", "Value passed for the code verifier did not match the code challenge."
        )
    session = mark_of(made_up("x_session", form["code"]))
    return 200, _pair(call.world, permission.account_id, permission.scopes, session)


def _refreshed(call: XCall) -> Answer:
    given = call.incoming.form.get("refresh_token", "")
    known = call.world.books.token_of(given)
    wrong = _refused("invalid_request", "Value passed for the token was invalid.")
    if known is None or known.kind != "refresh":
        raise wrong
    if known.dead is not None:
        _end(call.world, known.person)
        raise wrong
    call.world.change_token(mark_of(given), replace(known, dead=REVOKED))
    return 200, _pair(call.world, known.account_id, known.scopes, known.person)


def _pair(world: World, account_id: str, scopes: set[str], session: str) -> dict[str, Any]:
    """Hand out new tokens; an older access token lives on until its time."""
    older = sum(one.person == session for one in world.books.tokens.values())
    life_s = int(world.settings.x_token_life_s)
    ends = world.clock.now() + timedelta(seconds=life_s)
    bearer = made_up("x_bearer", session, str(older))
    world.hand_out(bearer, Token(X, "user", account_id, set(scopes), expires_at=ends, person=session))
    told: dict[str, Any] = {"token_type": "bearer", "expires_in": life_s, "access_token": bearer}
    if LASTING in scopes:
        refresh = made_up("x_refresh", session, str(older))
        world.hand_out(refresh, Token(X, "refresh", account_id, set(scopes), person=session))
        told["refresh_token"] = refresh
    return told | {"scope": " ".join(sorted(scopes))}


def _end(world: World, session: str) -> None:
    for mark, one in list(world.books.tokens.items()):
        if one.person == session and one.dead is None:
            world.change_token(mark, replace(one, dead=REVOKED))


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _refused(error: str, described: str) -> XError:
    return XError(400, {"error": error, "error_description": described})
