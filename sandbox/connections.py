"""Breaking connections for real: a client must see its socket closed, not an answer that says so."""

import asyncio
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_open: dict[tuple[str, int], asyncio.Transport] = {}


class TrackedProtocol(H11Protocol):
    """HTTP/1.1 that remembers each client's transport by its address, so that an answer may cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it too
        super().connection_made(transport)
        if self.client:
            _open[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.client:
            _open.pop(self.client, None)
        super().connection_lost(exc)


class Dropped(Response):
    """No answer at all: the TCP connection is closed, at once or after `hold_s` seconds of silence."""

    def __init__(self, hold_s: float = 0.0) -> None:
        super().__init__()
        self.status_code = 0
        self._hold_s = hold_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - nothing is sent
        if self._hold_s and await _client_left(receive, self._hold_s):
            return
        cut(scope["client"])
        await _client_left(receive, within_s=5)


def cut(client: tuple[str, int]) -> None:
    """Close this client's TCP connection without a byte of answer."""
    transport = _open.pop((client[0], client[1]), None)
    if transport:
        transport.abort()


async def _client_left(receive: Receive, within_s: float) -> bool:
    """Wait until the connection is gone; False when it still stands after `within_s` seconds."""
    try:
        async with asyncio.timeout(within_s):
            message: Any = {}
            while message.get("type") != "http.disconnect":
                message = await receive()
    except TimeoutError:
        return False
    return True
