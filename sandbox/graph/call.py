"""One Graph API call: its parameters wherever they came from, and the token that carries it."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.accounts import FACEBOOK, Account, Token, facebook_app_secret
from sandbox.graph.errors import (
    DEAD_TOKENS,
    NAMED,
    GraphError,
    bad_parameter,
    forbidden,
    missing_object,
    refused,
)
from sandbox.incoming import Incoming, Upload
from sandbox.state import World

PROOF = "appsecret_proof"


@dataclass(slots=True)
class GraphCall:
    """A call after its version prefix is gone. `path` holds its segments: ('123', 'feed')."""

    world: World
    method: str
    path: tuple[str, ...]
    version: str
    origin: str
    params: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    bearer: str = ""
    raw: bytes = b""
    offset: int = -1
    file_size: int = 0

    @classmethod
    def of(cls, world: World, incoming: Incoming, path: tuple[str, ...], version: str) -> "GraphCall":
        body = incoming.json if isinstance(incoming.json, dict) else {}
        return cls(
            world=world,
            method=incoming.method,
            path=path,
            version=version,
            origin=incoming.origin,
            params={**incoming.query, **incoming.form, **body},
            files=incoming.files,
            bearer=_bearer(incoming.headers.get("authorization", "")),
            raw=incoming.raw,
            offset=_count(incoming.headers, "file_offset", "offset"),
            file_size=_count(incoming.headers, "file_size"),
        )

    @property
    def object_id(self) -> str:
        return self.path[0] if self.path else ""

    @property
    def secret(self) -> str:
        """The token this call travels with, header before parameter; empty without one."""
        return self.bearer or str(self.params.get("access_token", ""))

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name, default)
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.params.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() not in ("false", "0", "")

    def nested(self, name: str) -> Any:  # noqa: ANN401 - JSON of any shape, inside JSON or as its text
        """Return a structured parameter; None when absent. Raises GraphError when its text is no JSON."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_parameter(f"Param {name} must be valid JSON") from None

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.params.get(name, default))
        except (TypeError, ValueError):
            raise bad_parameter(f"Param {name} must be an integer") from None


def authenticate(call: GraphCall) -> Token:
    """Return the living token of this call. Raises GraphError: none, unknown, dead, or with a wrong proof."""
    secret = call.secret
    if not secret:
        raise refused("token_missing")
    token = call.world.books.token_of(secret)
    if token is None or token.channel != FACEBOOK:
        raise refused("token_invalid")
    if token.dead is not None:
        raise GraphError(DEAD_TOKENS.get(token.dead, NAMED["token_invalid"]))
    if token.expires_at and token.expires_at <= call.world.clock.now():
        raise refused("token_expired")
    if token.kind != "app":
        _check_proof(call, secret)
    return token


def page_of(call: GraphCall, token: Token, page_id: str) -> Account:
    """Return the Page of this id, if the token may act for it."""
    page = call.world.books.accounts.get((FACEBOOK, page_id))
    if page is None:
        raise missing_object(page_id, call.method.lower())
    if token.kind == "page" and token.account_id != page_id:
        raise refused("no_publish_permission" if call.method != "GET" else "permission")
    return page


def need(token: Token, *scopes: str) -> None:
    """Raise the (#10) refusal that names the first scope the token lacks."""
    for scope in scopes:
        if scope not in token.scopes:
            raise forbidden(scope)


def need_publish(token: Token) -> None:
    """Raise the (#200) refusal unless this Page token may publish."""
    if (
        token.kind != "page"
        or "pages_manage_posts" not in token.scopes
        or "CREATE_CONTENT" not in token.tasks
    ):
        raise refused("no_publish_permission")


def _check_proof(call: GraphCall, secret: str) -> None:
    proof = call.text(PROOF)
    if not proof:
        if call.world.settings.require_proof:
            raise refused("proof_missing")
        return
    right = hmac.new(facebook_app_secret().encode(), secret.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), proof.encode()):
        raise refused("proof_invalid")


def _count(headers: Mapping[str, str], *names: str) -> int:
    """Return the number in the first of these headers that is there, -1 without one."""
    told = next((headers[name] for name in names if name in headers), "")
    return int(told) if told.isdigit() else -1


def _bearer(header: str) -> str:
    kind, _, value = header.partition(" ")
    return value.strip() if kind.lower() in ("bearer", "oauth") else ""
