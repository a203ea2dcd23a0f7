"""Who is calling: a user by OAuth 1.0a (signature verified) or OAuth 2.0, or the app alone."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote, unquote

from sandbox.accounts import Account, Token, X, x_access, x_consumer
from sandbox.clock import real_now
from sandbox.incoming import Incoming
from sandbox.state import World
from sandbox.xapi.errors import refused

SKEW_S = 300
PUBLIC_HOSTS = ("https://api.twitter.com", "https://api.x.com")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token the request carries; `account` is None for the app alone."""

    kind: Literal["oauth1", "oauth2", "app", "nobody"]
    token: Token
    account: Account | None

    @property
    def id(self) -> str:
        return self.account.id if self.account else self.kind


NOBODY = Caller("nobody", Token(X, "app", ""), None)


def identify(world: World, incoming: Incoming) -> Caller:
    """Return the caller. Raises XError 401 when the credentials are unknown, dead, wrong or too old."""
    scheme, _, rest = incoming.headers.get("authorization", "").partition(" ")
    if scheme == "Bearer":
        return _caller(world, rest.strip(), "oauth2")
    if scheme == "OAuth":
        given = _oauth_parameters(rest)
        caller = _caller(world, given.get("oauth_token", ""), "oauth1")
        if not _signed(world, incoming, given, caller.token):
            raise refused("unauthorized")
        return caller
    raise refused("unauthorized")


def claimed_account(world: World, incoming: Incoming) -> str:
    """Return the account the credentials name, verified or not; what faults and the log go by."""
    scheme, _, rest = incoming.headers.get("authorization", "").partition(" ")
    named = _oauth_parameters(rest).get("oauth_token", "") if scheme == "OAuth" else rest.strip()
    token = world.books.token_of(named)
    return token.account_id if token and token.kind == "user" else ""


def user(caller: Caller, scope: str = "users.read") -> Account:
    """Return the calling user. Raises XError 403 for the app alone, and for a sign-in without this scope."""
    if caller.account is None:
        raise refused("wrong_token_kind")
    if caller.token.scopes and scope not in caller.token.scopes:
        raise refused("scope_missing")
    return caller.account


def writer(caller: Caller, scope: str = "tweet.write") -> Account:
    """Return the calling user if the token may write. Raises XError 403 otherwise."""
    account = user(caller, scope)
    if caller.token.read_only:
        raise refused("read_only")
    return account


def own_time(world: World) -> datetime:
    """Return the true time as X's own clocks tell it: what signatures are held against."""
    return real_now() + timedelta(seconds=world.settings.x_clock_off_s)


def signature(method: str, url: str, parameters: Iterable[tuple[str, str]], secrets: tuple[str, str]) -> str:
    """Return the HMAC-SHA1 signature of RFC 5849 for a URL without its query."""
    pairs = sorted((_escape(name), _escape(value)) for name, value in parameters)
    told = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join(_escape(part) for part in (method.upper(), url, told))
    key = "&".join(_escape(secret) for secret in secrets)
    return b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def _caller(world: World, secret: str, kind: Literal["oauth1", "oauth2"]) -> Caller:
    token = world.books.token_of(secret)
    account = world.books.accounts.get((X, token.account_id)) if token else None
    is_app = token is not None and (token.channel, token.kind, kind) == (X, "app", "oauth2")
    if (
        token is None
        or not ((account and token.kind == "user") or is_app)
        or ((kind == "oauth1") != secret.startswith(f"{token.account_id}-"))
    ):
        raise refused("unauthorized")
    expired = token.expires_at is not None and token.expires_at <= world.clock.now()
    if token.dead is not None or expired:
        raise refused("unauthorized")
    return Caller("app" if is_app else kind, token, account)


def _signed(world: World, incoming: Incoming, given: dict[str, str], token: Token) -> bool:
    """Tell whether the signature fits one of the hosts a client may have signed for."""
    consumer_key, consumer_secret = x_consumer()
    fresh = abs(own_time(world).timestamp() - _number(given.get("oauth_timestamp", ""))) <= SKEW_S
    if given.get("oauth_consumer_key") != consumer_key or not fresh:
        return False
    parameters = [
        *incoming.query.items(),
        *((name, value) for name, value in given.items() if name != "oauth_signature"),
    ]
    if incoming.form_encoded:
        parameters += incoming.form.items()
    secrets = (consumer_secret, x_access(token.account_id)[1])
    claimed = given.get("oauth_signature", "").encode()
    return any(
        hmac.compare_digest(
            signature(incoming.method, host + incoming.path, parameters, secrets).encode(), claimed
        )
        for host in (*PUBLIC_HOSTS, incoming.origin)
    )


def _oauth_parameters(header: str) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in header.split(","))
    return {unquote(name): unquote(value.strip('"')) for name, _, value in pairs if name != "realm"}


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _escape(text: str) -> str:
    return quote(text, safe="~")
