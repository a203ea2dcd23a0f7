"""From a Graph request to its handler, and from its result or error to an answer with Facebook's headers."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.accounts import FACEBOOK, Token
from sandbox.faults import Fault, Occasion
from sandbox.graph import (
    batch,
    changing,
    comments,
    feed,
    insights,
    login,
    params,
    people,
    photos,
    posts,
    subscriptions,
    uploads,
    usage,
    videos,
)
from sandbox.graph.call import GraphCall, authenticate
from sandbox.graph.errors import NAMED, GraphError, Problem, refused, trace_id
from sandbox.incoming import read
from sandbox.misfortune import Deed, carry_out
from sandbox.state import World

Handler = Callable[[GraphCall, Token], Any]
NOBODY = Token(FACEBOOK, "app", "")  # who calls what takes no token


@dataclass(frozen=True)
class Route:
    """What a call does, its name for faults, the parameters it takes; `open`: without a token."""

    operation: str
    handler: Handler
    takes: frozenset[str] = frozenset()
    open: bool = False


NEWEST, OLDEST = "v26.0", "v21.0"
BAD_GATEWAY = (
    "<!DOCTYPE html><html><head><title>502</title></head><body>Sorry, something went wrong.</body></html>"
)
TOKEN = Route("login", lambda call, _: login.exchange(call), params.TOKEN, open=True)
ONE = params.FIELDS
TOP: dict[tuple[str, str], Route] = {
    ("GET", "me"): Route("account", people.me, ONE),
    ("GET", "me/accounts"): Route("account", people.accounts, params.PAGED),
    ("GET", "debug_token"): Route("account", people.debug, frozenset({"input_token"})),
    ("GET", "oauth/access_token"): TOKEN,
    ("POST", "oauth/access_token"): TOKEN,
}
EDGES: dict[tuple[str, str], Route] = {
    ("GET", ""): Route("read", posts.show, ONE),
    ("GET", "feed"): Route("timeline", posts.listing, params.TIMELINE),
    ("GET", "insights"): Route("insights", insights.listing, params.INSIGHTS),
    ("GET", "video_insights"): Route("insights", insights.of_video, params.INSIGHTS),
    ("GET", "posts"): Route("timeline", posts.listing, params.TIMELINE),
    ("GET", "published_posts"): Route("timeline", posts.listing, params.TIMELINE),
    ("GET", "videos"): Route("timeline", videos.listing, params.TIMELINE),
    ("GET", "comments"): Route("comments", comments.listing, params.COMMENTS),
    ("GET", "permissions"): Route("login", login.permissions),
    ("GET", "subscribed_apps"): Route("account", subscriptions.show),
    ("POST", ""): Route("edit", changing.change, params.CHANGE),
    ("POST", "feed"): Route("publish", feed.create, params.FEED),
    ("POST", "photos"): Route("media", photos.create, params.PHOTO),
    ("POST", "videos"): Route("media", videos.upload, params.VIDEO),
    ("POST", "uploads"): Route("media", uploads.begin, params.UPLOAD),
    ("POST", "video_reels"): Route("media", uploads.reel, params.REEL),
    ("POST", "comments"): Route("publish", comments.create, params.COMMENT),
    ("POST", "subscribed_apps"): Route("account", subscriptions.subscribe, frozenset({"subscribed_fields"})),
    ("DELETE", ""): Route("delete", changing.delete),
    ("DELETE", "permissions"): Route("login", login.revoke),
    ("DELETE", "subscribed_apps"): Route("account", subscriptions.leave),
}
UPLOADS = {"GET": Route("media", uploads.show), "POST": Route("media", uploads.receive)}
REEL_BYTES = "video-upload"
UNKNOWN = Route("other", lambda call, _: _unknown_path(call))
ERROR_NAMES = frozenset({*NAMED, "html_502", "success_false"})


async def endpoint(request: Request) -> Response:
    """Serve any path below /graph."""
    world: World = request.app.state.world
    incoming = await read(request)
    version, path = _split(request.path_params["path"])
    call = GraphCall.of(world, incoming, path, version)
    world.calls[FACEBOOK] += 1
    operation = operation_of(call)
    entry = world.log.open(world.clock.now().isoformat(), FACEBOOK, operation, incoming)
    account = call.object_id if (FACEBOOK, call.object_id) in world.books.accounts else _owner(call)
    entry.account = account
    deed = Deed(answer=lambda: _answer(call), refuse=lambda name, fault: _refuse(call, name, fault))
    occasion = Occasion(FACEBOOK, operation, account, _words(call))
    return await carry_out(deed, world.faults, occasion, entry)


def operation_of(call: GraphCall) -> str:
    """Return the operation faults know this call by."""
    if call.method == "POST" and not call.path:
        return "batch"
    operation = _route(call).operation
    if operation == "media" and call.flag("published", default=True) and _shows(call):
        return "publish"
    if operation == "edit" and "is_published" in call.params:
        return "publish"
    if operation == "read" and (FACEBOOK, call.object_id) in call.world.books.accounts:
        return "account"
    return operation


def _shows(call: GraphCall) -> bool:
    """Say whether an upload would show what it brings: of an upload in phases only the last can."""
    return call.text("upload_phase", "finish") == "finish" and call.path[-1:] in (
        ("videos",),
        ("photos",),
        ("video_reels",),
    )


def _words(call: GraphCall) -> str:
    """Return the words a marker is looked for in; a chunk has none but its place."""
    place = f"start_offset={call.text('start_offset')}" if call.text("start_offset") else ""
    return call.text("message") or call.text("caption") or call.text("description") or place


def perform(call: GraphCall) -> tuple[int, Any]:
    """Do what the call asks; return the HTTP status and the body, an error envelope included."""
    try:
        if "ids" in call.params and call.method == "GET":
            raise refused("ids_deprecated")
        if call.method == "POST" and not call.path:
            params.check(call.params, params.BATCH)
            return 200, batch.run(call, _perform_inner)
        route = _route(call)
        token = NOBODY if route.open else authenticate(call)
        params.check(call.params, route.takes)
        return 200, route.handler(call, token)
    except GraphError as error:
        return error.problem.status, error.problem.body()


def _perform_inner(call: GraphCall) -> tuple[int, Any]:
    """Perform one element of a batch; only faults of the kind `error` reach inside one."""
    version, call.path = _split("/".join(call.path))
    call.version = version or call.version
    fault = call.world.faults.take(Occasion(FACEBOOK, operation_of(call), _owner(call)), kinds=("error",))
    problem = NAMED.get(str(fault.params.get("name"))) if fault else None
    return (problem.status, problem.body()) if problem else perform(call)


def _route(call: GraphCall) -> Route:
    path = "/".join(call.path)
    route = TOP.get((call.method, path)) or _upload(call)
    if route is None and len(call.path) in (1, 2):
        route = EDGES.get((call.method, "/".join(call.path[1:])))
    return route or UNKNOWN


def _upload(call: GraphCall) -> Route | None:
    """Return the route of a film's bytes, whose addresses name no edge."""
    if call.path[:1] == (REEL_BYTES,) and call.method == "POST":
        return Route("media", uploads.receive_reel)
    if call.object_id.startswith(uploads.NAME):
        return UPLOADS.get(call.method)
    return None


def _unknown_path(call: GraphCall) -> Any:  # noqa: ANN401 - never returns
    raise GraphError(Problem(400, 2500, f"Unknown path components: /{'/'.join(call.path[1:])}"))


def _split(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the version that answers and the rest of the path; the oldest answers for expired ones."""
    segments = [part for part in path.split("/") if part]
    if segments[:1] == [REEL_BYTES]:
        return segments[1] if segments[1:] else NEWEST, (REEL_BYTES, *segments[2:])
    if not segments or not re.fullmatch(r"v\d+\.\d+", segments[0]):
        return NEWEST, tuple(segments)
    version = segments[0] if float(segments[0][1:]) >= float(OLDEST[1:]) else OLDEST
    return version, tuple(segments[1:])


def _owner(call: GraphCall) -> str:
    token = call.world.books.token_of(call.secret)
    return token.account_id if token else ""


def _answer(call: GraphCall) -> Response:
    status, body = perform(call)
    code = body["error"]["code"] if isinstance(body, dict) and "error" in body else 0
    return _response(call, status, body, usage.headers(call.world, _owner(call), code))


def _refuse(call: GraphCall, name: str, fault: Fault) -> Response:
    if name == "html_502":
        return Response(BAD_GATEWAY, 502, media_type="text/html")
    if name == "success_false":
        return _response(call, 200, {"success": False}, {})
    problem = NAMED[name]
    minutes = int(fault.number("regain_minutes", 30))
    return _response(
        call, problem.status, problem.body(), usage.headers(call.world, _owner(call), problem.code, minutes)
    )


def _response(call: GraphCall, status: int, body: object, headers: dict[str, str]) -> Response:
    version = call.world.settings.graph_version_answered or call.version
    told_at = format_datetime(call.world.clock.now(), usegmt=True)
    own = {"facebook-api-version": version, "x-fb-trace-id": trace_id(), "date": told_at}
    return Response(json.dumps(body), status, own | headers, "application/json; charset=UTF-8")
