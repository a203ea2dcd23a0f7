"""Calls to the Graph API: the token in a header, the proof beside it, the version pinned and watched."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
import structlog

from connectors.base import Access, RetryLater
from connectors.credentials import secret
from connectors.facebook.errors import Answer
from connectors.transport import PlatformSession, read_json
from core.config import Settings

log = structlog.get_logger()

BATCH_SIZE = 50
VERSION_HEADER = "facebook-api-version"


@dataclass(frozen=True)
class Key:
    """Where to call, in which version, with which token; the proof is empty without an app secret."""

    root: str
    version: str
    token: str = field(repr=False)
    proof: str = field(default="", repr=False)

    @classmethod
    def of_page(cls, settings: Settings, access: Access) -> "Key":
        (token,) = secret(access, "page_token")
        return cls(*_place(settings), token, proof(access.secrets.get("app_secret", "").strip(), token))

    @classmethod
    def of_app(cls, settings: Settings, access: Access) -> "Key":
        app_id, app_secret = secret(access, "app_id", "app_secret")
        return cls(*_place(settings), f"{app_id}|{app_secret}")

    def url(self, path: str = "") -> str:
        return f"{self.root}/{self.version}/{path}"


def proof(app_secret: str, token: str) -> str:
    """Return Facebook's appsecret_proof, empty without an app secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest() if app_secret else ""


class Graph:
    """The Graph API over one session; every call ends in an answer or raises PlatformTrouble."""

    def __init__(self, session: PlatformSession, key: Key) -> None:
        self._session = session
        self._key = key

    def get(self, path: str, **params: str) -> Mapping[str, Any]:
        """Read one object or one page of an edge; the address carries the proof, never the token."""
        response = self._call("GET", path, params=self._proved(params))
        return _object(read_json(response))

    def post(
        self, path: str, form: Mapping[str, str], files: Mapping[str, tuple[str, bytes, str]] | None = None
    ) -> requests.Response:
        """Write; the body may be anything that is not an error."""
        return self._call("POST", path, data=self._proved(form), files=files)

    def delete(self, path: str) -> None:
        """Take one object away; Rejected `not_found` if it is not there."""
        self._call("DELETE", path, params=self._proved({}))

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

    def _call(self, method: str, path: str, **body: Any) -> requests.Response:  # noqa: ANN401 -- passed to requests
        headers = {"Authorization": f"Bearer {self._key.token}"}
        response = self._session.request(method, self._key.url(path), headers=headers, **body)
        served = response.headers.get(VERSION_HEADER, self._key.version)
        if served != self._key.version:
            log.warning("facebook.version_drift", pinned=self._key.version, served=served)
        return response

    def _proved(self, params: Mapping[str, str]) -> dict[str, str]:
        return {**params, "appsecret_proof": self._key.proof} if self._key.proof else dict(params)


def _place(settings: Settings) -> tuple[str, str]:
    return settings.facebook_url.rstrip("/"), settings.facebook_version


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
