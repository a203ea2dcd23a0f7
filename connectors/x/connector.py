"""X behind the port: posts, threads and polls with their files, found again on the account's own timeline."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import requests

from connectors.base import (
    Access,
    Figure,
    Limits,
    Listing,
    Media,
    Message,
    OutcomeUnknown,
    PlatformTrouble,
    Receipt,
    Rejected,
    RemotePost,
    Staged,
)
from connectors.checks import failed
from connectors.comments import Comments
from connectors.login import App, Grant, Renewed, SignIn
from connectors.meter import Meter
from connectors.oneshot import Haste, one_shot
from connectors.reports import CheckReport
from connectors.transport import PlatformSession, Reach, calls, expecting, read_object
from connectors.verdicts import Aim
from connectors.x import login, mentions, posts
from connectors.x.api import POSTING_HOST, Keys, XApi
from connectors.x.bill import Bill
from connectors.x.errors import TRACE_HEADER, judge, judge_token_call
from connectors.x.health import report
from connectors.x.media import stage
from connectors.x.metrics import read_figures, read_followers
from core.clock import Clock
from core.config import Settings
from core.vocab import Channel, Metric

SITE = "https://x.com"  # a stand-in shows the same under /x


class XConnector:
    """X. Secrets: the four keys of OAuth 1.0a, or what a sign-in by OAuth 2.0 brought (`bearer_token`, …)."""

    channel = Channel.X
    limits = Limits(text_length=280, weighted=True, images=4, image_bytes=5 * 1024 * 1024, uploads_last=True)

    def __init__(self, settings: Settings, clock: Clock, meter: Meter | None = None) -> None:
        self._clock = clock
        self._bill = Bill(meter)
        self._reach = Reach.of(settings, settings.x_url)
        self._site = f"{self._reach.base}/x" if self._reach.base else SITE

    def stage(self, access: Access, media: Media) -> Staged:
        with self._api(access, Aim.STAGE) as api:
            return stage(api, media, self._clock.now())

    @contextmanager
    def open(self, access: Access) -> Iterator["XLine"]:
        keys = Keys.of(access)
        haste = Haste.of(self._clock, self._reach)
        with one_shot(self._reach, POSTING_HOST, partial(self._judge, keys), haste) as session:
            yield XLine(XApi(session, keys, self._bill), self._site)

    def find(self, access: Access, since: datetime) -> Listing:
        with self._api(access) as api:
            return posts.find(api, access.external_id, since, self._site)

    def read(self, access: Access, remote_id: str) -> RemotePost | None:
        with self._api(access) as api:
            return posts.read(api, access.external_id, remote_id, self._site)

    def delete(self, access: Access, remote_id: str) -> None:
        """Take a post away; one that is not there any more counts as taken away."""
        try:
            with self._api(access, Aim.STAGE) as api:
                api.delete(remote_id)
        except Rejected as trouble:
            if trouble.code != "not_found":
                raise

    def read_comments(self, access: Access, remote_id: str, since: datetime | None = None) -> Comments:
        with self._api(access) as api:
            return mentions.read_comments(api, access.external_id, remote_id, since, self._site)

    def hide_comment(self, access: Access, comment_id: str, *, hidden: bool) -> None:
        """X has no such call in the office's plan."""
        del access, hidden
        raise Rejected("hide_by_hand", comment_id)

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
                return report(api.me(), access.external_id, access.secrets)
        except PlatformTrouble as trouble:
            return failed(trouble)

    def read_usage(self, app_bearer: str) -> int:
        """Return how many posts X counted as read this month; it takes the app's own token only."""
        of_app = Access(Channel.X, "", {"bearer_token": app_bearer})
        with self._api(of_app) as api, expecting("usage"):
            return int(read_object(api.usage())["data"]["project_usage"])

    def authorize_url(self, app: App, sign_in: SignIn) -> str:
        return login.authorize_url(self._reach.rebased(login.DIALOG), app, sign_in)

    def redeem(self, app: App, sign_in: SignIn, code: str) -> Grant:
        return login.redeem(self._desk(), app, sign_in, code, self._clock.now())

    def renew(self, access: Access) -> Renewed:
        renewed = login.renew(self._desk(), access, self._clock.now())
        # what the sign-in brought beside tokens stays
        return replace(renewed, secrets={**access.secrets, **renewed.secrets})

    def revoke(self, access: Access) -> None:
        login.revoke(self._desk(), access)

    def _desk(self) -> login.Desk:
        return login.Desk(self._token_calls, self._whoami)

    @contextmanager
    def _token_calls(self) -> Iterator[PlatformSession]:
        with calls(self._reach, lambda response, _: judge_token_call(response, self._clock.now())) as session:
            yield session

    def _whoami(self, secrets: Mapping[str, str]) -> Mapping[str, Any]:
        with self._api(Access(Channel.X, "", secrets)) as api, expecting("user"):
            found: Mapping[str, Any] = read_object(api.me())["data"]
            return found

    @contextmanager
    def _api(self, access: Access, aim: Aim = Aim.READ) -> Iterator[XApi]:
        keys = Keys.of(access)
        with calls(self._reach, partial(self._judge, keys), aim) as session:
            yield XApi(session, keys, self._bill)

    def _judge(self, keys: Keys, response: requests.Response, aim: Aim) -> PlatformTrouble | None:
        now = self._clock.now()
        return judge(response, aim, now, token_over=keys.over(now))


class XLine:
    """One connection to X, open, for one post."""

    def __init__(self, api: XApi, site: str) -> None:
        self._api = api
        self._site = site

    def publish(self, message: Message) -> Receipt:
        """Send the text as it stands: X has no place of its own for a link."""
        return _receipt(self._api.create(message), self._site)


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
