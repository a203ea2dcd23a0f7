"""What can be overheard of a running office: addresses on the wire, what passes through Redis, dumps."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import httpx
import redis

from tests.servers import postgres_binaries

# of one connection, not of what is said on it
OWN = frozenset({"host", "connection", "transfer-encoding", "content-length", "content-encoding"})


@contextmanager
def listening_proxy(behind: str) -> Iterator[tuple[str, list[str]]]:
    """Stand before the platforms and note every address asked for, query included."""
    heard: list[str] = []
    client = httpx.Client(base_url=behind, timeout=30, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        """Passes a request on as it came."""

        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            heard.append(f"{self.command} {self.path}")
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in OWN}
            answer = client.request(self.command, self.path, content=body, headers=headers)
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in OWN:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_DELETE = pass_on  # noqa: N815 -- http.server's own names

        def log_message(self, *_args: object) -> None:
            """Say nothing on stderr."""

        def version_string(self) -> str:
            return "platforms"

        def send_response(self, code: int, message: str | None = None) -> None:
            self.send_response_only(code, message)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", heard
    server.shutdown()
    thread.join(10)
    server.server_close()
    client.close()


@dataclass
class Overheard:
    """Everything that was sent to a Redis server meanwhile: task messages with their arguments."""

    url: str
    words: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._client = redis.Redis.from_url(self.url, socket_timeout=None)
        self._monitor = self._client.monitor()
        self._monitor.__enter__()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.set("canary-end", "end")
            self._thread.join(10)
            client.delete("canary-end")
        self._monitor.connection.disconnect()
        self._monitor.__exit__(None, None, None)
        self._client.close()

    def _listen(self) -> None:
        for told in self._monitor.listen():
            self.words.append(str(told["command"]))
            if "canary-end" in told["command"]:
                return


def postgres_dump(url: str) -> str:
    """Return the whole database as SQL, as a backup holds it."""
    program = postgres_binaries() / "pg_dump"
    return subprocess.run([program, "--dbname", url], capture_output=True, text=True, check=True).stdout
