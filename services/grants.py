"""What a sign-in granted, as it is sealed until somebody chooses from it."""

import json
from datetime import UTC, datetime
from typing import Any

from connectors.login import Grant, GrantedAccount
from services.accounts import Keys
from services.renewing import REFRESH


def packed(grant: Grant) -> str:
    """Return a grant as JSON, secrets included: to be sealed at once."""
    told = {
        "accounts": [_plain(one) for one in grant.accounts],
        "ends_at": _iso(grant.expires_at),
        "data_access_ends_at": _iso(grant.data_access_until),
    }
    return json.dumps(told)


def keys_of(granted: dict[str, Any], one: dict[str, Any]) -> Keys:
    """Return an account's keys; what renews itself says in its secrets when the present token ends."""
    held, ends_at = one["secrets"], _moment(granted["ends_at"])
    if held.get(REFRESH) and held.get("expires_at"):
        ends_at = datetime.fromtimestamp(int(held["expires_at"]), UTC)
    return Keys(held, ends_at, _moment(granted["data_access_ends_at"]))


def _plain(one: GrantedAccount) -> dict[str, Any]:
    return {
        "external_id": one.external_id, "name": one.name[:200], "username": one.username,
        "problems": list(one.problems), "secrets": dict(one.secrets),
    }  # fmt: skip


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
