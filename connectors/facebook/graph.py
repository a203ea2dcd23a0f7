"""Calls to the Graph API: the token in a header, the proof beside it, the version pinned and watched."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from connectors.base import Access, RetryLater
from connectors.credentials import secret
from connectors.facebook.errors import Answer
from connectors.facebook.watch import Watch
from connectors.transport import PlatformSession, expecting, read_json, read_object
from core.config import Settings

BATCH_SIZE = 50
REAL = "https://graph.facebook.com"
REAL_VIDEO = "https://graph-video.facebook.com"
REAL_DIALOG = "https://www.facebook.com"
NOT_OURS = frozenset({"access_token", "appsecret_proof", "limit"})
Files = Mapping[str, tuple[str, bytes, str]]


@dataclass(frozen=True)
class Key:
    """Where to call, in which version, with which token; the proof is empty without an app secret."""

    root: str
    version: str
    token: str = field(default="", repr=False)
    proof: str = field(default="", repr=False)
    page_id: str = ""

    @classmethod
    def of_page(cls, settings: Settings, access: Access, root: str = "") -> "Key":
        (token,) = secret(access, "page_token")
        app_secret = access.secrets.get("app_secret", "").strip()
        return cls.of_token(settings, token, app_secret, root or graph_root(settings), access.external_id)

    @classmethod
    def of_token(
        cls, settings: Settings, token: str, app_secret: str, root: str = "", page_id: str = ""
    ) -> "Key":
        found = proof(app_secret, token)
        return cls(root or graph_root(settings), settings.facebook_version, token, found, page_id)

    @classmethod
    def of_app(cls, settings: Settings, app_id: str, app_secret: str) -> "Key":
        return cls(graph_root(settings), settings.facebook_version, f"{app_id}|{app_secret}")

    @classmethod
    def of_nobody(cls, settings: Settings) -> "Key":
        return cls(graph_root(settings), settings.facebook_version)

    def url(self, path: str = "") -> str:
        return f"{self.root}/{self.version}/{path}"


def graph_root(settings: Settings) -> str:
    """Return the host of all calls but video bytes."""
    return settings.facebook_url.rstrip("/")


def video_root(settings: Settings) -> str:
    """Return the host that takes video bytes; a stand-in takes them itself unless told otherwise."""
    return settings.facebook_video_url.rstrip("/") or _beside(settings, REAL_VIDEO)


def dialog_root(settings: Settings) -> str:
    """Return the host a browser signs in at; a stand-in's own unless told otherwise."""
    return settings.facebook_dialog_url.rstrip("/") or _beside(settings, REAL_DIALOG)


def proof(app_secret: str, token: str) -> str:
    """Return Facebook's appsecret_proof, empty without an app secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest() if app_secret else ""


class Graph:
    """The Graph API over one session; every call ends in an answer or raises PlatformTrouble."""

    def __init__(self, session: PlatformSession, key: Key, watch: Watch) -> None:
        self._session = session
        self._key = key
        self._watch = watch

    def get(self, path: str, **params: str) -> Mapping[str, Any]:
        """Read one object or one page of an edge; the address carries the proof, never the token."""
        response = self._call("GET", path, params=self._proved(params))
        return _object(read_json(response))

    def post(self, path: str, form: Mapping[str, str], files: Files | None = None) -> requests.Response:
        """Write; the body may be anything that is not an error."""
        return self._call("POST", path, data=self._proved(form), files=files)

    def send(self, path: str, form: Mapping[str, str], files: Files | None = None) -> Mapping[str, Any]:
        """Write what may be repeated, and return the answer's object; an empty one if it is none."""
        return read_object(self.post(path, form, files))

    def delete(self, path: str) -> None:
        """Take one object away; Rejected `not_found` if it is not there."""
        self._call("DELETE", path, params=self._proved({}))

    def pages(self, path: str, most: int, **params: str) -> Iterator[tuple[list[Mapping[str, Any]], bool]]:
        """Yield an edge page by page, each with whether another follows; an empty page may have a next one.

        Both of Facebook's paging shapes are followed by the next address's parameters, never by its host.
        Where a page is too heavy for Facebook, half as many rows are asked for from then on.
        """
        for _ in range(most):
            body = self._page(path, params)
            with expecting(path.rpartition("/")[2]):
                rows = list(body["data"])
                following = dict(parse_qsl(urlsplit(str((body.get("paging") or {}).get("next", ""))).query))
            yield rows, bool(following)
            if not following:
                return
            params |= {name: value for name, value in following.items() if name not in NOT_OURS}

    def batch(self, wanted: Sequence[str]) -> list[Answer | None]:
        """Read many in as few calls as possible, answers in order; None where Facebook ran out of time.

        wanted: paths with their query. Reads only: an element without an answer is an unknown outcome.
        """
        starts = range(0, len(wanted), BATCH_SIZE)
        return [answer for start in starts for answer in self._batch(wanted[start : start + BATCH_SIZE])]

    def _batch(self, wanted: Sequence[str]) -> Iterator[Answer | None]:
        parts = [{"method": "GET", "relative_url": f"{self._key.version}/{path}"} for path in wanted]
        # the batch as a whole takes its token from the form, not from the header
        form = {"access_token": self._key.token, "include_headers": "false", "batch": json.dumps(parts)}
        answers = read_json(self._call("POST", "", data=self._proved(form)))
        if not isinstance(answers, list) or len(answers) != len(parts):
            raise RetryLater("platform_trouble", "batch without its answers")
        return (_element(answer) for answer in answers)

    def _page(self, path: str, params: dict[str, str]) -> Mapping[str, Any]:
        while True:
            try:
                return self.get(path, **params)
            except RetryLater as trouble:
                if trouble.code != "too_heavy" or params.get("limit", "1") == "1":
                    raise
                params["limit"] = str(int(params["limit"]) // 2)

    def _call(self, method: str, path: str, **body: Any) -> requests.Response:  # noqa: ANN401 -- passed to requests
        headers = {"Authorization": f"Bearer {self._key.token}"} if self._key.token else {}
        hooks = {"response": self._note}  # before the answer is judged: a refusal's headers tell most
        url = self._key.url(path)
        return self._session.request(method, url, headers=headers, hooks=hooks, **body)

    def _note(self, response: requests.Response, **_: Any) -> None:  # noqa: ANN401 -- requests' signature
        self._watch.note(self._key.page_id, response.headers)

    def _proved(self, params: Mapping[str, str]) -> dict[str, str]:
        return {**params, "appsecret_proof": self._key.proof} if self._key.proof else dict(params)


def _beside(settings: Settings, real: str) -> str:
    return real if graph_root(settings) == REAL else graph_root(settings)


def _element(answer: object) -> Answer | None:
    if not isinstance(answer, dict):
        return None
    try:
        return Answer(int(answer["code"]), json.loads(answer["body"]))
    except (KeyError, TypeError, ValueError):
        return None


def _object(body: object) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise RetryLater("platform_trouble", "no object")
    return body
