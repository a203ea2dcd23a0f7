"""Facebook Pages behind the port. Staging is repeatable; the only public step is the last call."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from connectors.base import (
    Access,
    Figure,
    Limits,
    Listing,
    Media,
    PlatformTrouble,
    Rejected,
    RemotePost,
    RetryLater,
    Staged,
)
from connectors.checks import failed
from connectors.comments import Comments
from connectors.drafts import Draft
from connectors.facebook import comments, health, posts, videos
from connectors.facebook.asking import Asker, Memory
from connectors.facebook.errors import judge
from connectors.facebook.graph import Graph, Key, graph_root, video_root
from connectors.facebook.insights import INSIGHTS
from connectors.facebook.line import FacebookLine
from connectors.facebook.login import Desk
from connectors.facebook.metrics import read_engagement, read_followers
from connectors.facebook.watch import COLLECTING, READING, Watch
from connectors.login import App, Grant, SignIn
from connectors.oneshot import Haste, one_shot
from connectors.reports import CheckReport
from connectors.transport import Reach, calls, expecting
from connectors.verdicts import Aim
from core.clock import Clock
from core.config import Settings
from core.vocab import Channel, MediaKind, Metric

log = structlog.get_logger()

STAGED_LIFE = timedelta(hours=20)  # unattached photos vanish after about 24 h


class FacebookConnector:
    """Facebook Pages. Secrets: page_token, and where known app_id with app_secret."""

    channel = Channel.FACEBOOK
    limits = Limits(text_length=63_206, weighted=False, images=10, image_bytes=4 * 1024 * 1024)

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self.api_version = settings.facebook_version
        self._clock = clock
        self._reach = Reach.of(settings)
        self._memory = Memory()
        self._watch = Watch(clock, settings.facebook_version)
        self._desk = Desk(settings, self._reach, clock, self._watch)

    def stage(self, access: Access, media: Media) -> Staged:
        if media.kind is MediaKind.VIDEO:
            with self._graph(access, Aim.STAGE, video_root(self._settings)) as graph:
                return videos.stage(graph, access.external_id, media, self._clock.now())
        form = {"published": "false"} | ({"alt_text_custom": media.alt} if media.alt else {})
        with media.open() as file:
            files = {"source": (f"{media.sha256}.{media.mime.partition('/')[2]}", file.read(), media.mime)}
        with self._graph(access, Aim.STAGE) as graph:
            body = graph.send(f"{access.external_id}/photos", form, files)
        with expecting("photo"):
            return Staged(str(body["id"]), self._clock.now() + STAGED_LIFE)

    @contextmanager
    def open(self, access: Access) -> Iterator[FacebookLine]:
        apart = video_root(self._settings) != graph_root(self._settings)
        haste = Haste.of(self._clock, self._reach)
        with self._one_shot(access, haste) as graph:
            for_videos = partial(self._one_shot, access, haste, video_root(self._settings)) if apart else None
            yield FacebookLine(graph, access.external_id, for_videos)

    def find(self, access: Access, since: datetime) -> Listing:
        with self._reading(access, READING) as graph:
            return posts.find(graph, access.external_id, since)

    def find_replies(self, access: Access, remote_id: str) -> Listing:
        with self._reading(access, READING) as graph:
            return comments.find_ours(graph, access.external_id, remote_id)

    def read(self, access: Access, remote_id: str) -> RemotePost | None:
        with self._reading(access, READING) as graph:
            return posts.read(graph, access.external_id, remote_id, self._clock.now())

    def read_draft(self, access: Access, draft_id: str) -> Draft | None:
        with self._graph(access) as graph:  # part of making it public: it does not wait for the limits
            return posts.read_draft(graph, draft_id)

    def edit(self, access: Access, remote_id: str, text: str) -> None:
        with self._graph(access, Aim.STAGE) as graph:
            graph.post(remote_id, {"message": text})

    def delete(self, access: Access, remote_id: str) -> None:
        try:
            with self._graph(access, Aim.STAGE) as graph:
                graph.delete(remote_id)
        except Rejected as trouble:
            if trouble.code != "not_found":
                raise

    def read_comments(self, access: Access, remote_id: str, since: datetime | None = None) -> Comments:
        with self._reading(access, COLLECTING) as graph:
            return comments.read(graph, access.external_id, remote_id, since)

    def subscribe(self, access: Access) -> None:
        with self._graph(access, Aim.STAGE) as graph:
            graph.post(f"{access.external_id}/subscribed_apps", {"subscribed_fields": "feed"})

    def hide_comment(self, access: Access, comment_id: str, *, hidden: bool) -> None:
        with self._graph(access, Aim.STAGE) as graph:
            graph.post(comment_id, {"is_hidden": str(hidden).lower()})

    def read_metrics(
        self, access: Access, posts: Mapping[str, datetime], now: datetime
    ) -> dict[str, dict[Metric, Figure]]:
        """Return engagement, then insights: if these cannot be had now, what was read stays."""
        if not posts:
            return {}
        mark = hashlib.sha256(access.secrets.get("page_token", "").encode()).hexdigest()
        with self._reading(access, COLLECTING) as graph, expecting("metrics"):
            asker = Asker(graph, self._memory, mark, now)
            figures = read_engagement(asker, access.external_id, posts)
            try:
                insights = asker.read(list(figures), INSIGHTS)
            except RetryLater as trouble:
                log.warning("facebook.insights_left_out", code=trouble.code, posts=len(figures))
                return figures
        return {post: figures[post] | insights.get(post, {}) for post in figures}

    def read_account(self, access: Access) -> dict[Metric, Figure]:
        with self._reading(access, COLLECTING) as graph:
            return read_followers(graph, access.external_id)

    def check(self, access: Access) -> CheckReport:
        try:
            with self._graph(access) as page:
                found = health.report(page, access.external_id, self._of_token(access))
        except PlatformTrouble as trouble:
            return failed(trouble)
        problems = (*found.problems, *self._watch.problems())
        return replace(found, problems=problems, health=health.fitness(problems))

    def authorize_url(self, app: App, sign_in: SignIn) -> str:
        return self._desk.authorize_url(app, sign_in)

    def redeem(self, app: App, sign_in: SignIn, code: str) -> Grant:
        return self._desk.redeem(app, sign_in, code)

    def adopt(self, app: App, token: str) -> Grant:
        return self._desk.adopt(app, token)

    def revoke(self, access: Access) -> None:
        self._desk.revoke(access)

    def _of_token(self, access: Access) -> health.OfToken:
        app_id, app_secret = (access.secrets.get(name, "").strip() for name in ("app_id", "app_secret"))
        if not (app_id and app_secret):
            return health.OfToken()
        with calls(self._reach, judge) as session:
            app = Graph(session, Key.of_app(self._settings, app_id, app_secret), self._watch)
            return health.of_token(app, Key.of_page(self._settings, access).token, self._clock.now())

    @contextmanager
    def _reading(self, access: Access, most: float) -> Iterator[Graph]:
        """Yield the Graph for reads, unless a limit is so full that publishing would suffer."""
        with self._graph(access) as graph:
            self._watch.permit(access.external_id, most)
            yield graph

    @contextmanager
    def _one_shot(self, access: Access, haste: Haste, root: str = "") -> Iterator[Graph]:
        key = Key.of_page(self._settings, access, root)
        with one_shot(self._reach, key.url(), judge, haste) as session:
            yield Graph(session, key, self._watch)

    @contextmanager
    def _graph(self, access: Access, aim: Aim = Aim.READ, root: str = "") -> Iterator[Graph]:
        key = Key.of_page(self._settings, access, root)
        with calls(self._reach, judge, aim) as session:
            yield Graph(session, key, self._watch)
