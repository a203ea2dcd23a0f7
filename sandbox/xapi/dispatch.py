"""From an X request to its handler, and from its result or error to an answer with X's headers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.accounts import X
from sandbox.faults import Fault, Occasion
from sandbox.incoming import Incoming, read
from sandbox.misfortune import Deed, carry_out
from sandbox.state import World
from sandbox.xapi import chunks, media, posts, timeline, users
from sandbox.xapi.auth import claimed_account, identify
from sandbox.xapi.call import XCall
from sandbox.xapi.errors import NAMED, XError, refused
from sandbox.xapi.limits import exhausted

Handler = Callable[[XCall], tuple[int, dict[str, Any]]]
TOO_MANY = 429
UNAUTHORIZED = 401
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
ERROR_NAMES = frozenset({*NAMED, "html_502"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route: how faults and rate limits know it, and what it does."""

    method: str
    path: str
    operation: str
    handler: Handler

    @property
    def limit(self) -> str:
        return f"{self.method} {self.path.replace('{id}', ':id')}"


ENDPOINTS = (
    Endpoint("POST", "/2/tweets", "publish", posts.create),
    Endpoint("GET", "/2/tweets", "read", posts.lookup),
    Endpoint("GET", "/2/tweets/analytics", "insights", posts.analytics),
    Endpoint("GET", "/2/tweets/{id}", "read", posts.show),
    Endpoint("DELETE", "/2/tweets/{id}", "delete", posts.delete),
    Endpoint("GET", "/2/users/me", "account", users.me),
    Endpoint("GET", "/2/users/{id}", "account", users.show),
    Endpoint("GET", "/2/users/{id}/tweets", "timeline", timeline.own),
    Endpoint("GET", "/2/users/{id}/mentions", "timeline", timeline.mentions),
    Endpoint("GET", "/2/usage/tweets", "account", users.usage),
    Endpoint("POST", "/2/media/upload", "media", media.upload),
    Endpoint("GET", "/2/media/upload", "media", media.status),
    Endpoint("POST", "/2/media/upload/initialize", "media", chunks.initialize),
    Endpoint("POST", "/2/media/upload/{id}/append", "media", chunks.append),
    Endpoint("POST", "/2/media/upload/{id}/finalize", "media", chunks.finalize),
    Endpoint("POST", "/2/media/metadata", "media", media.describe),
    Endpoint("POST", "/1.1/media/upload.json", "media", media.retired),
)


def routes() -> list[Route]:
    """Return the routes of the X side, the unknown path last."""
    found = [Route(one.path, _served(one), methods=[one.method]) for one in ENDPOINTS]
    lost = Endpoint("GET", "/2/{path:path}", "other", _not_found)
    return [*found, Route(lost.path, _served(lost), methods=["GET", "POST", "PUT", "DELETE"])]


def _served(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        world: World = request.app.state.world
        incoming = await read(request)
        world.calls[X] += 1
        entry = world.log.open(world.clock.now().isoformat(), X, endpoint.operation, incoming)
        entry.account = claimed_account(world, incoming)
        visit = Visit(endpoint, world, incoming, dict(request.path_params))
        text = str(incoming.json.get("text", "")) if isinstance(incoming.json, dict) else ""
        occasion = Occasion(X, endpoint.operation, entry.account, text)
        return await carry_out(Deed(visit.answer, visit.refuse), world.faults, occasion, entry)

    return serve


@dataclass(frozen=True, slots=True)
class Visit:
    """One request on its way to its answer."""

    endpoint: Endpoint
    world: World
    incoming: Incoming
    ids: dict[str, str]

    def answer(self) -> Response:
        """Check who calls and how often, then do it."""
        headers: dict[str, str] = {}
        try:
            caller = identify(self.world, self.incoming)
            headers, over = self._count(caller.id)
            if over:
                headers = exhausted(headers, None, self.world.clock.now())
                raise refused("rate_limited")
            status, body = self.endpoint.handler(XCall(self.world, self.incoming, caller, self.ids))
        except XError as error:
            status, body = error.status, error.body
        return _response(status, body, headers)

    def refuse(self, name: str, fault: Fault) -> Response:
        """Answer with a named error without doing anything."""
        if name == "html_502":
            return Response(BAD_GATEWAY, 502, media_type="text/html")
        status, body = NAMED[name]
        if status == UNAUTHORIZED:
            return _response(status, body, {})
        headers, _ = self._count(claimed_account(self.world, self.incoming))
        if status == TOO_MANY:
            reset = fault.params.get("reset_s")
            headers = exhausted(headers, None if reset is None else float(reset), self.world.clock.now())
        return _response(status, body, headers)

    def _count(self, user: str) -> tuple[dict[str, str], bool]:
        return self.world.limits.count(self.endpoint.limit, user, self.world.clock.now(), self.world.settings)


def _not_found(_: XCall) -> tuple[int, dict[str, Any]]:
    raise refused("not_found")


def _response(status: int, body: dict[str, Any], headers: dict[str, str]) -> Response:
    content = json.dumps(body, ensure_ascii=False)
    return Response(content, status, headers, "application/json; charset=utf-8")
