"""Every request received, without its credentials: what tests count and a person looks at."""

import re
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.incoming import Incoming

KEPT = 20_000
SHORT = 400
SECRETS = {
    "access_token", "appsecret_proof", "client_secret", "code", "code_verifier", "fb_exchange_token",
    "input_token", "oauth_consumer_key", "oauth_signature", "oauth_token", "refresh_token", "token",
}  # fmt: skip
INNER_SECRET = re.compile(r"(access_token|appsecret_proof|input_token)=[^&\"\s]+")


@dataclass(slots=True)
class Entry:
    """One request; `status` 0 means that no answer was sent, None that it is still open."""

    n: int
    at: str
    channel: str
    operation: str
    method: str
    path: str
    params: dict[str, Any]
    account: str = ""
    status: int | None = None
    fault: str = ""


class RequestLog:
    """The last requests, oldest first; kept in memory only."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0

    def open(self, at: str, channel: str, operation: str, incoming: Incoming) -> Entry:
        self._count += 1
        entry = Entry(self._count, at, channel, operation, incoming.method, incoming.path, _told(incoming))
        self._entries.append(entry)
        return entry

    def entries(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self._entries]

    def clear(self) -> None:
        self._entries.clear()


def _told(incoming: Incoming) -> dict[str, Any]:
    """Return the parameters worth keeping: no credentials, no bytes, nothing endless."""
    body = incoming.json if isinstance(incoming.json, dict) else {}
    told = {**incoming.query, **incoming.form, **body}
    told |= {name: f"<{len(upload.content)} bytes {upload.mime}>" for name, upload in incoming.files.items()}
    return {name: _short(value) for name, value in told.items() if name not in SECRETS}


def _short(value: object) -> object:
    if not isinstance(value, str):
        return value
    told = INNER_SECRET.sub(r"\1=…", value)
    return told if len(told) <= SHORT else told[:SHORT] + "…"
