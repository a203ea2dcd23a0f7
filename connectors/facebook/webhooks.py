"""What Facebook tells us unasked: the challenge, the signature over the raw bytes, what changed.

Pure: whoever serves the address calls these. Answer 200 at once and do the work later: Meta waits a few
seconds, repeats, bundles and mixes up the order, so each change is only a hint to look at the platform.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SIGNATURE_HEADER = "X-Hub-Signature-256"
PREFIX = "sha256="


@dataclass(frozen=True)
class Change:
    """One change of a Page's feed. item: comment, post and so on; verb: add, edited, remove, hide."""

    page_id: str
    item: str
    verb: str
    at: datetime
    post_id: str = ""
    comment_id: str = ""
    parent_id: str = ""


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """Return the text to echo with 200, None if the question is not Meta's: answer 403."""
    right = bool(verify_token) and hmac.compare_digest(
        query.get("hub.verify_token", "").encode(), verify_token.encode()
    )
    return query.get("hub.challenge") if right and query.get("hub.mode") == "subscribe" else None


def signed(body: bytes, header: str, app_secret: str) -> bool:
    """Say whether Meta signed exactly these bytes; parsing and writing them again would break it."""
    if not app_secret:
        return False
    right = PREFIX + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right.encode(), header.encode())


def changes(body: bytes) -> tuple[Change, ...]:
    """Return the changes of a signed body; what has another shape is left out."""
    try:
        told = json.loads(body)
    except ValueError:
        return ()
    if not isinstance(told, dict) or told.get("object") != "page":
        return ()
    found = (_change(entry, one) for entry in _list(told, "entry") for one in _list(entry, "changes"))
    return tuple(one for one in found if one is not None)


def _change(entry: Mapping[str, Any], told: Mapping[str, Any]) -> Change | None:
    value = told.get("value")
    if told.get("field") != "feed" or not isinstance(value, dict):
        return None
    try:
        at = datetime.fromtimestamp(int(value.get("created_time") or entry["time"]), UTC)
        named = {name: str(value.get(name) or "") for name in ("post_id", "comment_id", "parent_id")}
        return Change(str(entry["id"]), str(value["item"]), str(value["verb"]), at, **named)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _list(holder: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = holder.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
