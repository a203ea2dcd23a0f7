"""The one way to fetch a public web address: no inner host can be reached, however the address is dressed up.

Every host name is resolved, all its addresses are checked, and the connection goes to a checked address, so
that a second look-up cannot give another one. Each redirect is checked anew. No cookies, no credentials.
"""

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

REDIRECTS = 3
TIMEOUT_S = 5.0
LARGEST = 20 * 1024 * 1024
AGENT = "Rukon/1 (Public Relations Office, Bangkok Metropolitan Administration)"
REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})
PORTS = {"http": 80, "https": 443}


class FetchRefused(Exception):
    """The address may not be fetched."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class FetchFailed(Exception):
    """Nobody answered."""


@dataclass(frozen=True)
class Page:
    """What an address gave: status of the last answer, its type, its bytes (None if too large to read)."""

    url: str
    status: int
    mime: str
    content: bytes | None = field(repr=False)


def fetch(url: str, own_hosts: Collection[str] = ()) -> Page:
    """Fetch a public address anonymously, following up to three redirects.

    own_hosts: `host:port` of our own public pages, the only ones that may stand on an inner address.
    Raises FetchRefused for what must not be reached, FetchFailed when nobody answers.
    """
    for _ in range(REDIRECTS + 1):
        page, onward = _get(urlsplit(url), own_hosts)
        if not onward:
            return page
        url = urljoin(url, onward)
    raise FetchRefused("too_many_redirects")


def _get(parts: SplitResult, own_hosts: Collection[str]) -> tuple[Page, str]:
    host, port = _target(parts, own_hosts)
    address = _address(host, port, own=f"{host}:{port}" in own_hosts)
    pool = _pool(parts.scheme, host, address, port)
    path = parts.path or "/"
    try:
        answer = pool.request(
            "GET", f"{path}?{parts.query}" if parts.query else path, redirect=False, retries=False,
            headers={"Host": parts.netloc, "User-Agent": AGENT, "Accept": "*/*"}, preload_content=False,
        )  # fmt: skip
        content = answer.read(LARGEST + 1)
    except (HTTPError, OSError) as exc:
        raise FetchFailed(type(exc).__name__) from exc
    finally:
        pool.close()
    onward = answer.headers.get("Location", "") if answer.status in REDIRECT_CODES else ""
    mime = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    kept = content if len(content) <= LARGEST else None
    return Page(parts.geturl(), answer.status, mime, kept), onward


def _target(parts: SplitResult, own_hosts: Collection[str]) -> tuple[str, int]:
    if parts.scheme not in PORTS or not parts.hostname or parts.username or parts.password:
        raise FetchRefused("address_refused")
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError as exc:
        raise FetchRefused("address_refused") from exc
    if port not in PORTS.values() and f"{parts.hostname}:{port}" not in own_hosts:
        raise FetchRefused("address_refused")
    return parts.hostname, port


def _address(host: str, port: int, *, own: bool) -> str:
    """Return an address of the host after checking all of them."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as exc:
        raise FetchFailed("name_unknown") from exc
    addresses = sorted(str(address) for address in found)
    if not own and not all(_public(address) for address in addresses):
        raise FetchRefused("inner_address")
    return addresses[0]


def _public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    checked = inner or parsed
    return checked.is_global and not checked.is_multicast


def _pool(scheme: str, host: str, address: str, port: int) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=TIMEOUT_S, read=TIMEOUT_S)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        address, port, timeout=timeout, maxsize=1, server_hostname=host, assert_hostname=host,
        cert_reqs="CERT_REQUIRED",
    )  # fmt: skip
