"""A platform that says what it is told to: real connections, scripted answers, everything received kept."""

import contextlib
import json
import socket
import ssl
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Reply:
    """One answer; `how` may be answer, drop (close without a word) or hang (say nothing until released)."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    how: str = "answer"

    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body or {}).encode()


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    method: str
    address: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.address).query))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def batch(self) -> list[str]:
        return [part["relative_url"] for part in json.loads(self.form["batch"])]


class StandIn(ThreadingHTTPServer):
    """Answers the queued replies in order, the last one for ever; `aside` by the end of the path, unseen."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.replies: deque[Reply] = deque([Reply()])
        self.aside: dict[str, Reply] = {}
        self.seen: list[Seen] = []
        self.lines: list[socket.socket] = []
        self.connected = threading.Event()
        self.released = threading.Event()
        self.context = context
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.server_port}"

    def say(self, *replies: Reply) -> None:
        self.replies = deque(replies)

    def next(self, asked: Seen) -> Reply:
        for ending, reply in self.aside.items():
            if asked.path.endswith(ending):
                return reply
        self.seen.append(asked)
        return self.replies.popleft() if len(self.replies) > 1 else self.replies[0]

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        if self.context:
            line = self.context.wrap_socket(line, server_side=True)
        self.lines.append(line)
        self.connected.set()
        return line, address

    def hang_up(self) -> None:
        """Close every connection from this side."""
        for line in self.lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # one packet per answer: two would wait for each other
    server: StandIn

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        reply = self.server.next(Seen(self.command, self.path, dict(self.headers), self.rfile.read(length)))
        if reply.how == "hang":
            self.server.released.wait(10)
        if reply.how != "answer":
            self.close_connection = True
            return
        content = reply.content()
        self.send_response_only(reply.status)  # without a Date of today: the office's clock stands still
        for name, value in ({"Content-Type": "application/json"} | dict(reply.headers)).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_DELETE = do_GET  # noqa: N815 -- the server looks for these names

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def standing_in(context: ssl.SSLContext | None = None) -> Iterator[StandIn]:
    """Serve until the block ends."""
    with StandIn(context) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            server.hang_up()
            thread.join()
