"""From an X request to its handler, and from its result or error to an answer with X's headers."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.accounts import X
from sandbox.faults import Fault, Occasion
from sandbox.incoming import Incoming, read
from sandbox.misfortune import Deed, carry_out
from sandbox.state import World
from sandbox.xapi import bills, chunks, dialog, media, posts, sessions, timeline, usage, users
from sandbox.xapi.auth import NOBODY, Caller, claimed_account, identify, own_time
from sandbox.xapi.call import XCall
from sandbox.xapi.errors import NAMED, XError, refused
from sandbox.xapi.limits import exhausted

Handler = Callable[[XCall], tuple[int, dict[str, Any]]]
Biller = Callable[[XCall, tuple[int, dict[str, Any]]], Iterable[tuple[str, str]]]
TOO_MANY = 429
UNAUTHORIZED = 401
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
ERROR_NAMES = frozenset({*NAMED, "html_502"})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route: how faults and rate limits know it, what it does and costs; signed: a token is needed."""

    method: str
    path: str
    operation: str
    handler: Handler
    bills: Biller = bills.nothing
    signed: bool = True

    @property
    def limit(self) -> str:
        return f"{self.method} {self.path.replace('{id}', ':id')}"


ENDPOINTS = (
    Endpoint("POST", "/2/tweets", "publish", posts.create, bills.creation),
    Endpoint("GET", "/2/tweets", "read", posts.lookup, bills.posts),
    Endpoint("GET", "/2/tweets/analytics", "insights", usage.analytics, bills.posts),
    Endpoint("GET", "/2/tweets/counts/recent", "insights", usage.counts, bills.counting),
    Endpoint("GET", "/2/tweets/{id}", "read", posts.show, bills.posts),
    Endpoint("DELETE", "/2/tweets/{id}", "delete", posts.delete, bills.deletion),
    Endpoint("GET", "/2/users/me", "account", users.me, bills.users),
    Endpoint("GET", "/2/users/{id}", "account", users.show, bills.users),
    Endpoint("GET", "/2/users/{id}/tweets", "timeline", timeline.own, bills.own_posts),
    Endpoint("GET", "/2/users/{id}/mentions", "comments", timeline.mentions, bills.own_posts),
    Endpoint("GET", "/2/usage/tweets", "account", usage.reads),
    Endpoint("POST", "/2/oauth2/token", "login", sessions.token, signed=False),
    Endpoint("POST", "/2/oauth2/revoke", "login", sessions.revoke, signed=False),
    Endpoint("POST", "/2/media/upload", "media", media.upload),
    Endpoint("GET", "/2/media/upload", "media", media.status),
    Endpoint("POST", "/2/media/upload/initialize", "media", chunks.initialize),
    Endpoint("POST", "/2/media/upload/{id}/append", "media", chunks.append),
    Endpoint("POST", "/2/media/upload/{id}/finalize", "media", chunks.finalize),
    Endpoint("POST", "/2/media/metadata", "media", media.describe, bills.description),
    Endpoint("POST", "/1.1/media/upload.json", "media", media.retired),
)


def routes() -> list[Route]:
    """Return the routes of the X side, the unknown path last."""
    found = [Route(one.path, _served(one), methods=[one.method]) for one in ENDPOINTS]
    lost = Endpoint("GET", "/2/{path:path}", "other", _not_found)
    asking = Route("/i/oauth2/authorize", dialog.endpoint, methods=["GET", "POST"])
    return [asking, *found, Route(lost.path, _served(lost), methods=["GET", "POST", "PUT", "DELETE"])]


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
            caller = identify(self.world, self.incoming) if self.endpoint.signed else NOBODY
            headers, over = self._count(caller.id)
            headers |= _access_level(caller)
            if over:
                headers = exhausted(headers, None, self.world.clock.now())
                raise refused("rate_limited")
            status, body = self._done(caller)
        except XError as error:
            status, body = error.status, error.body
        return self._response(status, body, headers)

    def _done(self, caller: Caller) -> tuple[int, dict[str, Any]]:
        """Do it, and write it on the bill; what is refused costs nothing."""
        credit = self.world.settings.x_credit_usd
        if self.endpoint.bills is not bills.nothing and 0 < credit * 1000 <= self.world.prices.mills():
            raise refused("credits_depleted")
        call = XCall(self.world, self.incoming, caller, self.ids)
        answer = self.endpoint.handler(call)
        self.world.prices.add(self.endpoint.bills(call, answer), self.world.clock.now())
        return answer

    def refuse(self, name: str, fault: Fault) -> Response:
        """Answer with a named error without doing anything."""
        if name == "html_502":
            return Response(BAD_GATEWAY, 502, media_type="text/html")
        status, body = NAMED[name]
        if status == UNAUTHORIZED:
            return self._response(status, body, {})
        headers, _ = self._count(claimed_account(self.world, self.incoming))
        if status == TOO_MANY:
            reset = fault.params.get("reset_s")
            headers = exhausted(headers, None if reset is None else float(reset), self.world.clock.now())
        return self._response(status, body, headers)

    def _response(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> Response:
        content = json.dumps(body, ensure_ascii=False)
        told = headers | {"date": format_datetime(own_time(self.world), usegmt=True)}
        return Response(content, status, told, "application/json; charset=utf-8")

    def _count(self, user: str) -> tuple[dict[str, str], bool]:
        return self.world.limits.count(self.endpoint.limit, user, self.world.clock.now(), self.world.settings)


def _not_found(_: XCall) -> tuple[int, dict[str, Any]]:
    raise refused("not_found")


def _access_level(caller: Caller) -> dict[str, str]:
    level = "read" if caller.token.read_only else "read-write"
    return {"x-access-level": level} if caller.account else {}
