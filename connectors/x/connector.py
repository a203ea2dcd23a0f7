"""X behind the port: text and pictures, found again on the account's own timeline."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import requests

from connectors.base import (
    Access,
    CheckReport,
    Figure,
    Limits,
    Listing,
    Media,
    Message,
    OutcomeUnknown,
    PlatformTrouble,
    Receipt,
    RemotePost,
    Staged,
)
from connectors.checks import failed
from connectors.oneshot import one_shot
from connectors.transport import Reach, calls, expecting, read_object
from connectors.verdicts import Aim
from connectors.x import posts
from connectors.x.api import POSTING_HOST, Keys, XApi
from connectors.x.errors import TRACE_HEADER, judge
from connectors.x.metrics import read_figures, read_followers
from core.clock import Clock
from core.config import Settings
from core.vocab import Channel, Health, Metric

SITE = "https://x.com"  # a stand-in shows the same under /x
STAGED_LIFE = timedelta(hours=20)  # X says 24 h in most answers, more in some
ACCESS_HEADER = "x-access-level"


class XConnector:
    """X. Secrets: the four keys of OAuth 1.0a, or bearer_token with an OAuth 2.0 user token."""

    channel = Channel.X
    limits = Limits(text_length=280, weighted=True, images=4, image_bytes=5 * 1024 * 1024)

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        self._reach = Reach.of(settings, settings.x_url)
        self._site = f"{self._reach.base}/x" if self._reach.base else SITE

    def stage(self, access: Access, media: Media) -> Staged:
        name = f"{media.sha256}.{media.mime.partition('/')[2]}"
        with self._api(access, Aim.STAGE) as api:
            body = read_object(api.upload(name, media.content, media.mime))
            with expecting("media"):
                media_id = str(body["data"]["id"])
                life = timedelta(seconds=float(body["data"].get("expires_after_secs", 0)))
            if media.alt:
                api.describe(media_id, media.alt)
        return Staged(media_id, self._clock.now() + min(life or STAGED_LIFE, STAGED_LIFE))

    @contextmanager
    def open(self, access: Access) -> Iterator["XLine"]:
        keys = Keys.of(access)
        with one_shot(self._reach, POSTING_HOST, self._judge) as session:
            yield XLine(XApi(session, keys), self._site)

    def find(self, access: Access, since: datetime) -> Listing:
        with self._api(access) as api:
            return posts.find(api, access.external_id, since, self._site)

    def read(self, access: Access, remote_id: str) -> RemotePost | None:
        with self._api(access) as api:
            return posts.read(api, remote_id, self._site)

    def read_metrics(
        self, access: Access, posts: Mapping[str, datetime], now: datetime
    ) -> dict[str, dict[Metric, Figure]]:
        with self._api(access) as api, expecting("metrics"):
            return read_figures(api, access.external_id, posts, now)

    def read_account(self, access: Access) -> dict[Metric, Figure]:
        with self._api(access) as api, expecting("user"):
            return read_followers(api)

    def check(self, access: Access) -> CheckReport:
        try:
            with self._api(access) as api:
                return _report(api.me(), access.external_id)
        except PlatformTrouble as trouble:
            return failed(trouble)

    @contextmanager
    def _api(self, access: Access, aim: Aim = Aim.READ) -> Iterator[XApi]:
        keys = Keys.of(access)
        with calls(self._reach, self._judge, aim) as session:
            yield XApi(session, keys)

    def _judge(self, response: requests.Response, aim: Aim) -> PlatformTrouble | None:
        return judge(response, aim, self._clock.now())


class XLine:
    """One connection to X, open, for one post."""

    def __init__(self, api: XApi, site: str) -> None:
        self._api = api
        self._site = site

    def publish(self, message: Message) -> Receipt:
        """Send the text as it stands: X has no place of its own for a link."""
        return _receipt(self._api.create(message.text, message.media_ids), self._site)


def _receipt(response: requests.Response, site: str) -> Receipt:
    """Return what X confirms; without an id nothing is confirmed."""
    trace = response.headers.get(TRACE_HEADER, "")
    data = read_object(response).get("data")
    remote_id = data.get("id") if isinstance(data, dict) else None
    if not isinstance(remote_id, str) or not remote_id:
        raise OutcomeUnknown("answer_unreadable", http_status=response.status_code, trace_id=trace)
    return Receipt(
        remote_id=remote_id,
        permalink=posts.permalink(site, remote_id),
        published_at=posts.made_at(remote_id),
        http_status=response.status_code,
        trace_id=trace,
    )


def _report(response: requests.Response, external_id: str) -> CheckReport:
    with expecting("user"):
        data = read_object(response)["data"]
        name, mine = str(data.get("name", "")), str(data["id"]) == external_id
    found = {"wrong_account": not mine, "read_only_token": response.headers.get(ACCESS_HEADER) == "read"}
    problems = tuple(problem for problem, holds in found.items() if holds)
    return CheckReport(Health.REAUTH if problems else Health.OK, name, problems)
