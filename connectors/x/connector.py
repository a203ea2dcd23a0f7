"""X behind the port; methods are being filled in."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from connectors.base import (
    Access,
    CheckReport,
    Figure,
    Limits,
    Line,
    Listing,
    Media,
    RemotePost,
    Staged,
)
from core.clock import Clock
from core.config import Settings
from core.vocab import Channel, Metric


class XConnector:
    """X; see connectors.base.Connector."""

    channel = Channel.X
    limits = Limits(text_length=280, weighted=True, images=4, image_bytes=5 * 1024 * 1024)

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def stage(self, access: Access, media: Media) -> Staged:
        raise NotImplementedError

    def open(self, access: Access) -> AbstractContextManager[Line]:
        raise NotImplementedError

    def find(self, access: Access, since: datetime) -> Listing:
        raise NotImplementedError

    def read(self, access: Access, remote_id: str) -> RemotePost | None:
        raise NotImplementedError

    def read_metrics(
        self, access: Access, posts: Mapping[str, datetime], now: datetime
    ) -> dict[str, dict[Metric, Figure]]:
        raise NotImplementedError

    def read_account(self, access: Access) -> dict[Metric, Figure]:
        raise NotImplementedError

    def check(self, access: Access) -> CheckReport:
        raise NotImplementedError
