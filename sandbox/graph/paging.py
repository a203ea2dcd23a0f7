"""Pages of a list by cursor: the last id seen, written so that nobody takes it for one."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from sandbox.clock import parse_moment
from sandbox.graph.call import GraphCall
from sandbox.graph.errors import bad_parameter


class Numbered(Protocol):
    """Whatever stands in a list under an id."""

    id: str


T = TypeVar("T", bound=Numbered)
TOKEN, ENC = "__paging_token", "enc_"


def after_cursor(call: GraphCall, rows: list[T]) -> list[T]:
    """Return what follows the row that the call's `after` names; nothing follows a row that is gone."""
    cursor = call.text("after") or call.text(TOKEN).removeprefix(ENC)
    if not cursor:
        return rows
    try:
        last = base64.urlsafe_b64decode(cursor).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise bad_parameter("Invalid cursor") from None
    places = [place for place, row in enumerate(rows) if row.id == last]
    return rows[places[0] + 1 :] if places else []


def moment_of(call: GraphCall, name: str) -> datetime | None:
    """Return a parameter as a moment, None without it. Raises GraphError for what is none."""
    text = call.text(name)
    try:
        return parse_moment(text) if text else None
    except ValueError:
        raise bad_parameter(f"Param {name} must be a unix time or a date") from None


def paging(call: GraphCall, rows: Sequence[Numbered], *, more: bool) -> dict[str, Any]:
    """Return the paging member for the rows shown; `next` only where more follow."""
    before, after = (base64.urlsafe_b64encode(row.id.encode()).decode() for row in (rows[0], rows[-1]))
    found: dict[str, Any] = {"cursors": {"before": before, "after": after}}
    if more:
        query = {name: call.text(name) for name in call.params if name != "appsecret_proof"}
        path = "/".join(call.path)
        found["next"] = f"{call.origin}/graph/{call.version}/{path}?{urlencode(query | {'after': after})}"
    return found


def by_time(call: GraphCall, rows: Sequence[Numbered], *, more: bool) -> dict[str, Any]:
    """Return the other shape of paging: the next address with a token of its own, and no cursors."""
    told = paging(call, rows, more=more)
    if "next" not in told:
        return {}
    return {"next": told["next"].replace("after=", f"{TOKEN}={ENC}")}
