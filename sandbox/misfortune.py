"""Carrying out a fault: when the request is really done, and what the client gets to see."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from sandbox.connections import Dropped
from sandbox.faults import Fault, Faults, Occasion
from sandbox.requestlog import Entry

OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Deed:
    """What a platform does with one request: `answer` does it, `refuse` only says a named error."""

    answer: Callable[[], Response]
    refuse: Callable[[str, Fault], Response]


async def carry_out(deed: Deed, faults: Faults, occasion: Occasion, entry: Entry) -> Response:
    """Answer the request, unless a fault that matches it has other plans; the log entry tells which."""
    delay = faults.delay_s(occasion)
    if delay:
        await asyncio.sleep(delay)
    fault = faults.take(occasion)
    response = deed.answer() if fault is None else _under(fault, deed)
    entry.fault = fault.kind if fault else ""
    entry.status = response.status_code
    return response


def _under(fault: Fault, deed: Deed) -> Response:
    match fault.kind:
        case "drop_before":
            return Dropped()
        case "hang_before":
            return Dropped(hold_s=fault.number("seconds", 60))
        case "zombie":
            asyncio.get_running_loop().call_later(fault.number("seconds", 1), deed.answer)
            return Dropped()
        case "error" if not fault.params.get("accepted"):
            return deed.refuse(str(fault.params.get("name", "server_error")), fault)
    response = deed.answer()
    return _hide(fault, deed, response) if response.status_code in OK else response


def _hide(fault: Fault, deed: Deed, response: Response) -> Response:
    """Return what the client sees instead of the good answer to a request that was done."""
    match fault.kind:
        case "accept_then_drop":
            return Dropped()
        case "accept_then_hang":
            return Dropped(hold_s=fault.number("seconds", 60))
        case "accept_then_500" | "error":
            return deed.refuse(str(fault.params.get("name", "server_error")), fault)
    return _mangled(fault, response)


def _mangled(fault: Fault, response: Response) -> Response:
    body = bytes(response.body)
    if fault.kind == "broken_json":
        return Response(body[: len(body) // 2], response.status_code, media_type="application/json")
    rows = json.loads(body)
    if fault.kind != "null_element" or not isinstance(rows, list):
        return response
    rows[int(fault.number("index", 0)) % len(rows)] = None
    return Response(json.dumps(rows), media_type="application/json")
