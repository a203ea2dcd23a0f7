"""The control API: faults, clock, settings, accounts, metrics, and what was received and published."""

import json
from collections.abc import Callable
from datetime import datetime
from inspect import isawaitable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import crowd
from sandbox.accounts import (
    DEMO_PAGE_ID,
    DEMO_X_CLIENT_ID,
    DEMO_X_ID,
    FACEBOOK,
    Account,
    Channel,
    Token,
    X,
    system_token,
    token_file,
    user_token,
    x_app_bearer,
    x_client_secret,
    x_user_bearer,
)
from sandbox.clock import parse_moment
from sandbox.faults import DELAYS, SETTINGS, Fault
from sandbox.graph import steering
from sandbox.graph.dispatch import ERROR_NAMES as GRAPH_ERRORS
from sandbox.state import World
from sandbox.xapi.dispatch import ERROR_NAMES as X_ERRORS

Said = dict[str, Any]
Handler = Callable[[World, Said], Any]
ERROR_NAMES = {FACEBOOK: GRAPH_ERRORS, X: X_ERRORS, "*": GRAPH_ERRORS & X_ERRORS}


class Unusable(ValueError):
    """What was said to the control API makes no sense; the words say why."""


def routes() -> list[Route]:
    """Return the routes of the control API."""
    return [Route(path, _served(handlers), methods=list(handlers)) for path, handlers in PATHS.items()]


def health(world: World, _: Said) -> Said:
    """Tell that it runs, and how much it holds."""
    return {
        "ok": True,
        "posts": sum(len(posts) for posts in world.books.timelines.values()),
        "clock": world.clock.describe(),
    }


def read_log(world: World, said: Said) -> Said:
    """Received requests; `channel` and `operation` narrow the list."""
    wanted = {name: said[name] for name in ("channel", "operation", "method") if name in said}
    entries = (entry for entry in world.log.entries() if wanted.items() <= entry.items())
    return {"requests": list(entries)}


def clear_log(world: World, _: Said) -> Said:
    """Forget the requests received so far."""
    world.log.clear()
    return {"ok": True}


def read_ledger(world: World, said: Said) -> Said:
    """Every public effect, oldest first; `kind`, `channel` and `account` narrow the list."""
    wanted = {name: said[name] for name in ("kind", "channel", "account") if name in said}
    return {"records": [record for record in world.ledger.read() if wanted.items() <= record.items()]}


def list_faults(world: World, _: Said) -> Said:
    """Return the rules in force with their hits."""
    return {"faults": world.faults.describe()}


def add_fault(world: World, said: Said) -> Said:
    """Put a rule in force; a rule that could never match or act is refused."""
    known = {"channel", "operation", "kind", "times", "params", "marker", "account", "chance", "after"}
    if not {"channel", "operation", "kind"} <= said.keys() <= known:
        raise Unusable(f"a fault needs channel, operation and kind, and may have {', '.join(sorted(known))}")
    lasting: Said = {"times": None} if said["kind"] in (*DELAYS, *SETTINGS) else {}
    fault = Fault(**lasting | said)
    name = fault.params.get("name", "server_error")
    if name not in ERROR_NAMES.get(fault.channel, (name,)):
        raise Unusable(f"{name!r} is none of {', '.join(sorted(ERROR_NAMES.get(fault.channel, ())))}")
    return {"fault": world.faults.add(fault).id}


def clear_faults(world: World, said: Said) -> Said:
    """Take back one rule by `id`, or all."""
    world.faults.clear(int(said["id"]) if "id" in said else None)
    return list_faults(world, said)


def read_clock(world: World, _: Said) -> Said:
    """Return the sandbox's moment and mode."""
    return world.clock.describe()


def set_clock(world: World, said: Said) -> Said:
    """Stand still, shift, or follow real time."""
    match said:
        case {"now": str(moment)}:
            world.clock.fix(parse_moment(moment))
        case {"offset_s": int() | float() as seconds}:
            world.clock.shift(seconds)
        case {"real": True}:
            world.clock.follow_real()
        case _:
            raise Unusable('the clock takes {"now": iso}, {"offset_s": seconds} or {"real": true}')
    return world.clock.describe()


def reset(world: World, _: Said) -> Said:
    """Start over with the demo accounts only."""
    world.reset()
    return {"ok": True}


def read_settings(world: World, _: Said) -> Said:
    """Return every setting."""
    return world.settings.describe()


def change_settings(world: World, said: Said) -> Said:
    """Change settings by name."""
    world.settings.change(said)
    return world.settings.describe()


def credentials(world: World, _: Said) -> Said:
    """Token files of every account, as `accounts add --token-file` reads them, and the other demo tokens."""
    accounts = [token_file(one) for channel in (FACEBOOK, X) for one in world.books.offices(channel)]
    users = [one.id for one in world.books.offices(X)]
    bearers = {"app": x_app_bearer()} | {user: x_user_bearer(user) for user in users}
    people = {"facebook_user_token": user_token(), "facebook_system_token": system_token()}
    client = {"client_id": DEMO_X_CLIENT_ID, "client_secret": x_client_secret()}
    return {"accounts": accounts, "x_bearer": bearers, "x_client": client} | people


def read_prices(world: World, said: Said) -> Said:
    """Return what X would bill: lines, counts by item, the sum; `month` (2026-11) narrows it."""
    return world.prices.bill(str(said.get("month", "")))


def add_accounts(world: World, said: Said) -> Said:
    """Make `count` more Pages or users (default 1): {"channel": "x", "count": 20, "name": "…"}."""
    channel = said.get("channel")
    if channel not in (FACEBOOK, X):
        raise Unusable("channel is facebook or x")
    made = [
        _new_account(world, channel, str(said.get("name", "บัญชีทดสอบ")))
        for _ in range(int(said.get("count", 1)))
    ]
    return {"accounts": [token_file(account) for account in made]}


def change_token(world: World, said: Said) -> Said:
    """Wear out an account's tokens: {"channel", "id", "dead": 463 | null, "scopes": […], "tasks": […], …}."""
    tokens = _tokens(world, str(said.get("channel")), str(said.get("id")))
    if not tokens:
        raise Unusable("no such account")
    for token in tokens:
        for name in said.keys() & {"dead", "read_only"}:
            setattr(token, name, said[name])
        for name in said.keys() & {"expires_at", "data_access_expires_at"}:
            setattr(token, name, _moment(said[name]))
        token.scopes = set(said.get("scopes", token.scopes))
        token.tasks = tuple(said.get("tasks", token.tasks))
    return {"ok": True}


def _new_account(world: World, channel: Channel, name: str) -> Account:
    first = int(DEMO_PAGE_ID if channel == FACEBOOK else DEMO_X_ID)
    number = len(world.books.offices(channel))
    account = Account(channel, str(first + number), f"{name} {number}", f"sandbox_{number}")
    world.add_account(account)
    return account


def _tokens(world: World, channel: str, account_id: str) -> list[Token]:
    if channel == FACEBOOK:
        pages = (one for one in world.books.tokens.values() if (one.channel, one.kind) == (FACEBOOK, "page"))
        return [one for one in pages if one.account_id == account_id]
    return [one for one in world.books.tokens.values() if (one.channel, one.account_id) == (X, account_id)]


def _moment(text: str | None) -> datetime | None:
    return parse_moment(text) if text else None


def _served(handlers: dict[str, Handler]) -> Callable[[Request], Any]:
    async def serve(request: Request) -> Response:
        try:
            body = await request.body()
            said = json.loads(body) if body else {}
            if not isinstance(said, dict):
                raise Unusable("a JSON object is expected")
            answer = handlers[request.method](request.app.state.world, {**request.query_params, **said})
            return JSONResponse(await answer if isawaitable(answer) else answer)
        except (ValueError, TypeError, KeyError) as exc:
            return JSONResponse({"error": str(exc)}, 400)

    return serve


PATHS: dict[str, dict[str, Handler]] = {
    "/__log": {"GET": read_log, "DELETE": clear_log},
    "/__ledger": {"GET": read_ledger},
    "/__control/health": {"GET": health},
    "/__control/faults": {"GET": list_faults, "POST": add_fault, "DELETE": clear_faults},
    "/__control/clock": {"GET": read_clock, "POST": set_clock},
    "/__control/reset": {"POST": reset},
    "/__control/settings": {"GET": read_settings, "POST": change_settings},
    "/__control/metrics": {"GET": crowd.read_metrics, "POST": crowd.set_metrics},
    "/__control/audience": {"GET": crowd.read_audience, "POST": crowd.set_audience},
    "/__control/credentials": {"GET": credentials},
    "/__control/accounts": {"POST": add_accounts},
    "/__control/tokens": {"POST": change_token},
    "/__prices": {"GET": read_prices},
    "/__control/comments": {"GET": steering.read_comments, "POST": crowd.add_comment},
    "/__control/webhook": {"GET": steering.read_webhook, "POST": steering.set_webhook},
}
