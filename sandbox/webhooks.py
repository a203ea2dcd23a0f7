"""Telling the outside: the one address that asked to hear of changes, verified first, each message signed."""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

import urllib3

from sandbox.accounts import facebook_app_secret

KEPT = 200
WAIT = urllib3.Timeout(connect=2, read=5)
GOOD = range(200, 300)


class NotVerified(ValueError):
    """The address did not answer the challenge as it must."""


@dataclass(slots=True)
class Telling:
    """One message and what came of it; status 0: nobody answered, None: still on its way."""

    body: str
    status: int | None = None


@dataclass
class Webhooks:
    """Who listens, to which Pages, and what was told. `repeat`: how often each message is sent."""

    url: str = ""
    repeat: int = 1
    pages: dict[str, list[str]] = field(default_factory=dict)
    told: deque[Telling] = field(default_factory=lambda: deque(maxlen=KEPT))
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def listen(self, url: str, verify_token: str, repeat: int = 1) -> None:
        """Challenge an address and keep it. Raises NotVerified."""
        challenge = str(secrets.randbelow(10**9))
        asked = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
        status, body = await asyncio.to_thread(_ask, "GET", url, fields=asked)
        if status not in GOOD or body != challenge.encode():
            raise NotVerified(f"the address answered {status} and not the challenge")
        self.url, self.repeat = url, repeat

    def subscribe(self, page: str, fields: list[str]) -> None:
        self.pages[page] = fields

    def leave(self, page: str) -> None:
        self.pages.pop(page, None)

    def tell(self, page: str, value: dict[str, Any], at: int) -> None:
        """Send a change of a Page's feed, without waiting, if the Page is subscribed and somebody listens."""
        if not self.url or "feed" not in self.pages.get(page, []):
            return
        entry = {"id": page, "time": at, "changes": [{"field": "feed", "value": value}]}
        body = json.dumps({"object": "page", "entry": [entry]})  # \uXXXX for all but ASCII, as Meta writes it
        for _ in range(self.repeat):
            telling = Telling(body)
            self.told.append(telling)
            task = asyncio.get_running_loop().create_task(self._send(telling))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def describe(self) -> dict[str, Any]:
        return {"url": self.url, "pages": self.pages, "told": [asdict(one) for one in self.told]}

    async def _send(self, telling: Telling) -> None:
        raw = telling.body.encode()
        headers = {"content-type": "application/json", "x-hub-signature-256": signature(raw)}
        telling.status, _ = await asyncio.to_thread(_ask, "POST", self.url, body=raw, headers=headers)


def signature(raw: bytes) -> str:
    """Return the header Meta signs these bytes with, in the name of the one fake app."""
    return "sha256=" + hmac.new(facebook_app_secret().encode(), raw, hashlib.sha256).hexdigest()


def _ask(method: str, url: str, **options: Any) -> tuple[int, bytes]:  # noqa: ANN401 -- passed to urllib3
    try:
        with urllib3.PoolManager(retries=False, timeout=WAIT) as pool:
            answer = pool.request(method, url, redirect=False, **options)
            return answer.status, answer.data
    except (urllib3.exceptions.HTTPError, ValueError):
        return 0, b""
