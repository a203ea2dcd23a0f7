"""One publish, one connection: opened now, used once and at once, never opened again."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import urllib3
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from connectors.base import RetryLater
from connectors.transport import BoundedAdapter, Judge, PlatformSession, Reach, hush
from connectors.verdicts import Aim
from core.clock import Clock


@dataclass(frozen=True)
class Haste:
    """Until when a public call may leave: whoever stood still for longer asked about a world that is gone.

    Stop-all, the window and the lease are looked at after the connection was opened, never before.
    """

    clock: Clock
    leave_by: float  # on the clock's second hand

    @classmethod
    def of(cls, clock: Clock, reach: Reach) -> "Haste":
        """Allow, from now on, as long as the call itself may take."""
        return cls(clock, clock.monotonic() + reach.connect_s + reach.read_s)

    @property
    def too_late(self) -> bool:
        return self.clock.monotonic() >= self.leave_by


@contextmanager
def one_shot(reach: Reach, url: str, judge: Judge, haste: Haste) -> Iterator[PlatformSession]:
    """Connect to url's host now and yield a session for the one public call; RetryLater if that fails.

    The call raises RetryLater, with nothing sent, if the connection broke meanwhile or it is too late.
    """
    hush()
    pool = _pool(reach, reach.rebased(url))
    pool.haste = haste
    try:
        pool.connect()
    except (urllib3.exceptions.HTTPError, OSError) as exc:
        pool.hang_up()
        raise _not_connected(exc) from None
    with PlatformSession(OneShotAdapter(reach, pool), judge, Aim.PUBLISH) as session:
        yield session


class OneShotAdapter(BoundedAdapter):
    """Carries one request over a connection that already stands, or none."""

    def __init__(self, reach: Reach, pool: "OneConnection") -> None:
        self.pool = pool
        super().__init__(reach)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:  # noqa: ANN401 -- requests' signature
        del args, kwargs
        return self.pool

    def close(self) -> None:
        self.pool.hang_up()
        super().close()


class OneConnection(HTTPConnectionPool):
    """A pool of one connection, made by connect() and lent once; it never makes another.

    urllib3 reconnects silently when a kept connection was dropped. Here that would send a post over a
    connection opened after its lease, so a dropped connection is the end: nothing was written, RetryLater.
    """

    held: HTTPConnection | None = None
    haste: Haste

    def connect(self) -> None:
        """Look the name up, connect and shake hands now; raises urllib3's errors or OSError."""
        self.held = cast("HTTPConnection", self._new_conn())
        self.held.connect()

    def hang_up(self) -> None:
        """Close the connection if it was never used."""
        if self.held is not None:
            self.held.close()
            self.held = None

    def _get_conn(self, timeout: float | None = None) -> HTTPConnection:
        del timeout
        if self.held is None or not stands(self.held.sock):
            self.hang_up()
            raise RetryLater("connection_lost_before_send")
        if self.haste.too_late:
            self.hang_up()
            raise RetryLater("connection_waited")
        held, self.held = self.held, None
        held.auto_open = 0  # http.client, too, must not connect again
        return held

    def _put_conn(self, conn: Any) -> None:  # noqa: ANN401 -- urllib3 names this type for checkers only
        if conn is not None:
            conn.close()


class OneTlsConnection(OneConnection, HTTPSConnectionPool):
    """The same over TLS, with the certificate checked."""


def stands(sock: socket.socket) -> bool:
    """Say whether a connection on which nothing was said yet is still open.

    Looking whether the socket is readable is not enough: TLS 1.3 servers send session tickets unasked.
    Reading takes those in; then a living connection has nothing to say and a closed one says so.
    """
    waits = sock.gettimeout()
    sock.settimeout(0)
    try:
        sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    except OSError:
        return False
    finally:
        sock.settimeout(waits)
    return False


def _pool(reach: Reach, url: str) -> OneConnection:
    parts = urlsplit(url)
    waits = urllib3.Timeout(connect=reach.connect_s, read=reach.read_s)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return OneTlsConnection(
            host, parts.port, timeout=waits, cert_reqs="CERT_REQUIRED", ca_certs=DEFAULT_CA_BUNDLE_PATH
        )
    return OneConnection(host, parts.port, timeout=waits)


def _not_connected(exc: Exception) -> RetryLater:
    insecure = isinstance(exc, (ssl.SSLError, urllib3.exceptions.SSLError))
    return RetryLater("not_secure" if insecure else "unreachable", type(exc).__name__)
