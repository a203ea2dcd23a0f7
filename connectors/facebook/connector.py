"""Facebook Pages behind the port. Staging is repeatable; the only public step is the last call, to /feed."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import requests
import structlog

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
    Rejected,
    RemotePost,
    RetryLater,
    Staged,
)
from connectors.checks import failed
from connectors.drafts import Draft
from connectors.facebook import health, posts
from connectors.facebook.errors import judge
from connectors.facebook.graph import Graph, Key
from connectors.facebook.insights import DeadNames, read_insights
from connectors.facebook.metrics import read_engagement, read_followers
from connectors.oneshot import one_shot
from connectors.transport import Reach, calls, expecting, read_object
from connectors.verdicts import Aim
from core.clock import Clock
from core.config import Settings
from core.vocab import Channel, Metric

log = structlog.get_logger()

STAGED_LIFE = timedelta(hours=20)  # unattached photos vanish after about 24 h
TRACE_HEADER = "x-fb-trace-id"


class FacebookConnector:
    """Facebook Pages. Secrets: page_token, and where known app_id with app_secret."""

    channel = Channel.FACEBOOK
    limits = Limits(text_length=63_206, weighted=False, images=10, image_bytes=4 * 1024 * 1024)

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self.api_version = settings.facebook_version
        self._clock = clock
        self._reach = Reach.of(settings)
        self._dead = DeadNames()

    def stage(self, access: Access, media: Media) -> Staged:
        form = {"published": "false"} | ({"alt_text_custom": media.alt} if media.alt else {})
        files = {"source": (f"{media.sha256}.{media.mime.partition('/')[2]}", media.content, media.mime)}
        with self._graph(access, Aim.STAGE) as graph:
            body = read_object(graph.post(f"{access.external_id}/photos", form, files))
        with expecting("photo"):
            return Staged(str(body["id"]), self._clock.now() + STAGED_LIFE)

    @contextmanager
    def open(self, access: Access) -> Iterator["FacebookLine"]:
        key = Key.of_page(self._settings, access)
        with one_shot(self._reach, key.url(), judge) as session:
            yield FacebookLine(Graph(session, key), access.external_id)

    def find(self, access: Access, since: datetime) -> Listing:
        with self._graph(access) as graph:
            return posts.find(graph, access.external_id, since)

    def read(self, access: Access, remote_id: str) -> RemotePost | None:
        with self._graph(access) as graph:
            return posts.read(graph, remote_id)

    def read_draft(self, access: Access, draft_id: str) -> Draft | None:
        with self._graph(access) as graph:
            return posts.read_draft(graph, draft_id)

    def delete(self, access: Access, remote_id: str) -> None:
        try:
            with self._graph(access, Aim.STAGE) as graph:
                graph.delete(remote_id)
        except Rejected as trouble:
            if trouble.code != "not_found":
                raise

    def read_metrics(
        self, access: Access, posts: Mapping[str, datetime], now: datetime
    ) -> dict[str, dict[Metric, Figure]]:
        """Return engagement, then insights: if these cannot be had now, what was read stays."""
        with self._graph(access) as graph, expecting("metrics"):
            figures = read_engagement(graph, list(posts))
            try:
                insights = read_insights(graph, list(figures), self._dead, now)
            except RetryLater as trouble:
                log.warning("facebook.insights_left_out", code=trouble.code, posts=len(figures))
                return figures
        return {post: figures[post] | insights[post] for post in figures}

    def read_account(self, access: Access) -> dict[Metric, Figure]:
        with self._graph(access) as graph:
            return read_followers(graph, access.external_id)

    def check(self, access: Access) -> CheckReport:
        try:
            with self._graph(access) as page:
                return health.report(page, access.external_id, self._token_problems(access))
        except PlatformTrouble as trouble:
            return failed(trouble)

    def _token_problems(self, access: Access) -> list[str]:
        if not (access.secrets.get("app_id") and access.secrets.get("app_secret")):
            return []
        with calls(self._reach, judge) as session:
            app = Graph(session, Key.of_app(self._settings, access))
            return health.token_problems(app, Key.of_page(self._settings, access).token, self._clock.now())

    @contextmanager
    def _graph(self, access: Access, aim: Aim = Aim.READ) -> Iterator[Graph]:
        key = Key.of_page(self._settings, access)
        with calls(self._reach, judge, aim) as session:
            yield Graph(session, key)


class FacebookLine:
    """One connection to Facebook, open, for one post."""

    def __init__(self, graph: Graph, page_id: str) -> None:
        self._graph = graph
        self._page_id = page_id

    def publish(self, message: Message) -> Receipt:
        return self._feed(message, {"fields": "id,permalink_url,created_time"})

    def draft(self, message: Message) -> Receipt:
        return self._feed(message, {"published": "false", "fields": "id"})

    def flip(self, draft_id: str) -> Receipt:
        response = self._graph.post(draft_id, {"is_published": "true"})
        trace = response.headers.get(TRACE_HEADER, "")
        if read_object(response).get("success") is not True:
            raise OutcomeUnknown("answer_unreadable", http_status=response.status_code, trace_id=trace)
        return Receipt(draft_id, http_status=response.status_code, trace_id=trace)

    def _feed(self, message: Message, more: Mapping[str, str]) -> Receipt:
        form = {"message": message.text, "link": message.link, **more}
        if message.media_ids:
            form["attached_media"] = json.dumps([{"media_fbid": one} for one in message.media_ids])
        filled = {name: value for name, value in form.items() if value}
        return _receipt(self._graph.post(f"{self._page_id}/feed", filled))


def _receipt(response: requests.Response) -> Receipt:
    """Return what Facebook confirms; without an id nothing is confirmed."""
    body, trace = read_object(response), response.headers.get(TRACE_HEADER, "")
    if not isinstance(body.get("id"), str):
        raise OutcomeUnknown("answer_unreadable", http_status=response.status_code, trace_id=trace)
    return Receipt(
        remote_id=body["id"],
        permalink=str(body.get("permalink_url") or "") or None,
        published_at=_moment(body.get("created_time")),
        http_status=response.status_code,
        trace_id=trace,
    )


def _moment(told: object) -> datetime | None:
    try:
        return posts.moment(str(told))
    except ValueError:
        return None
