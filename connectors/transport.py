"""HTTP as both platforms are spoken to: bounded in time, never repeated, one connection per publish.

Nothing of the environment is used: no proxy, no .netrc, no other CA file. A sandbox on 127.0.0.1 is therefore
always reached directly, and a login lying about on the machine is never sent to a platform.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

from connectors.base import OutcomeUnknown, PlatformTrouble, RetryLater
from connectors.verdicts import Aim
from core.config import Settings
from core.log import NOISY

Judge = Callable[[requests.Response, Aim], PlatformTrouble | None]

GOOD = range(200, 300)
HEAVY = 64 * 1024
NO_BODY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Reach:
    """How long to wait for a platform, and which host stands in for it (empty: none)."""

    connect_s: float
    read_s: float
    base: str = ""

    @classmethod
    def of(cls, settings: Settings, base: str = "") -> "Reach":
        return cls(settings.connect_timeout_s, settings.read_timeout_s, base.rstrip("/"))

    def rebased(self, url: str) -> str:
        """Return the address to call really: the stand-in's host and path prefix before the same path."""
        if not self.base:
            return url
        base, asked = urlsplit(self.base), urlsplit(url)
        return urlunsplit((base.scheme, base.netloc, base.path + asked.path, asked.query, ""))


class PlatformSession(requests.Session):
    """A requests session that ends every call in a good response or in one of the three troubles.

    judge: says what trouble a response means to a call of this aim, None for a good one.
    """

    def __init__(self, adapter: HTTPAdapter, judge: Judge, aim: Aim) -> None:
        super().__init__()
        self.trust_env = False
        self._judge = judge
        self._aim = aim
        self.adapters.clear()
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow no redirect: a repeated POST could publish twice."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 -- requests' signature
        """Send once; raises PlatformTrouble for whatever is not a good answer."""
        try:
            response = super().send(request, **kwargs)
        except requests.RequestException as exc:
            raise lost(exc, self._aim) from None  # the library's message quotes the address
        trouble = self._judge(response, self._aim)
        if trouble is not None:
            raise trouble
        return response


class BoundedAdapter(HTTPAdapter):
    """Time-outs on every call, no retries, and the stand-in's host where there is one."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 -- requests' signature
        request.url = self.reach.rebased(request.url or "")
        # the first time-out bounds the sending of the whole body too: a picture takes longer than a handshake
        heavy = len(request.body or b"") > HEAVY
        kwargs["timeout"] = (self.reach.read_s if heavy else self.reach.connect_s, self.reach.read_s)
        return super().send(request, *args, **kwargs)


@contextmanager
def calls(reach: Reach, judge: Judge, aim: Aim = Aim.READ) -> Iterator[PlatformSession]:
    """Yield a session for calls that may be repeated freely: reads and unpublished uploads."""
    hush()
    with PlatformSession(BoundedAdapter(reach), judge, aim) as session:
        yield session


def lost(exc: requests.RequestException, aim: Aim) -> PlatformTrouble:
    """Say what a call without an answer means; the detail names the error's kind, never the address."""
    kind = type(exc).__name__
    if aim is Aim.PUBLISH:
        return OutcomeUnknown("answer_lost", kind)
    if isinstance(exc, requests.exceptions.SSLError):
        return RetryLater("not_secure", kind)
    if isinstance(exc, requests.ReadTimeout):
        return RetryLater("no_answer", kind)
    return RetryLater("unreachable", kind)


def read_json(response: requests.Response) -> Any:  # noqa: ANN401 -- JSON of any shape
    """Return the body as JSON, None if it is none."""
    try:
        return response.json()
    except ValueError:
        return None


def read_object(response: requests.Response) -> Mapping[str, Any]:
    """Return the body as a JSON object, an empty one if it is anything else."""
    body = read_json(response)
    return body if isinstance(body, dict) else NO_BODY


@contextmanager
def expecting(what: str) -> Iterator[None]:
    """Turn a read answer of another shape than promised into RetryLater."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as exc:
        raise RetryLater("platform_trouble", f"{what}: {type(exc).__name__}") from exc


def hush() -> None:
    """Keep the libraries that log headers and addresses quiet, whatever the root logger's level."""
    for name in NOISY:
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < logging.WARNING:
            logger.setLevel(logging.WARNING)
