"""What Facebook's answers tell beside themselves: how much of the limits is used, the version, the time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog

from connectors.base import RetryLater
from core.clock import Clock

log = structlog.get_logger()

APP_HEADERS = ("x-app-usage", "x-page-usage")
BUSINESS_HEADER = "x-business-use-case-usage"
VERSION_HEADER = "facebook-api-version"
PERCENTS = ("call_count", "total_time", "total_cputime")
COLLECTING, READING = 80.0, 95.0  # percent of a limit at which figures, and all reads, stop
APP = ""
PAUSE_S = 900.0
CLOCK_OFF = timedelta(minutes=5)
Usage = tuple[float, float]  # percent used, seconds until calls are taken again (0: not said)


@dataclass(frozen=True)
class Level:
    """How full a limit was, and until when that is worth anything."""

    percent: float
    until: datetime


@dataclass
class Watch:
    """The last word on each limit, per process. Keys: a Page's id, or APP for what all Pages share."""

    clock: Clock
    pinned: str
    levels: dict[str, Level] = field(default_factory=dict)
    served: str = ""
    off: timedelta = timedelta(0)

    def note(self, page_id: str, headers: Mapping[str, str]) -> None:
        """Remember what an answer's headers say; what they leave out stays as it was."""
        for key, (percent, wait_s) in _usage(page_id, headers):
            until = self.clock.now() + timedelta(seconds=wait_s or PAUSE_S)
            self.levels[key] = Level(percent, until)
        self._compare_version(headers.get(VERSION_HEADER, ""))
        self._compare_time(headers.get("date", ""))

    def permit(self, page_id: str, most: float) -> None:
        """Raise RetryLater `usage_high` while a limit is that full: publishing comes first."""
        now = self.clock.now()
        for key in (APP, page_id):
            level = self.levels.get(key)
            if level and level.percent >= most and now < level.until:
                wait_s = (level.until - now).total_seconds()
                raise RetryLater("usage_high", f"{level.percent:.0f} %", wait_s=wait_s)

    def problems(self) -> list[str]:
        """Return what an office should know: another version answers, our clock is off."""
        drift = ["version_drift"] if self.served not in ("", self.pinned) else []
        return drift + (["clock_skewed"] if abs(self.off) >= CLOCK_OFF else [])

    def _compare_version(self, served: str) -> None:
        if served and served != self.served:  # told once, not with every call
            self.served = served
            if served != self.pinned:
                log.warning("facebook.version_drift", pinned=self.pinned, served=served)

    def _compare_time(self, told: str) -> None:
        try:
            self.off = parsedate_to_datetime(told) - self.clock.now()
        except (TypeError, ValueError):
            return


def _usage(page_id: str, headers: Mapping[str, str]) -> Iterator[tuple[str, Usage]]:
    """Yield what each header says of a limit; headers come only once usage is worth telling."""
    for name in APP_HEADERS:
        row = _read(headers.get(name, ""))
        if row:
            yield APP if name == APP_HEADERS[0] else page_id, (_percent(row), 0.0)
    business = _read(headers.get(BUSINESS_HEADER, ""))
    rows = [row for found in business.values() if isinstance(found, list) for row in found]
    told = [row for row in rows if isinstance(row, dict)]
    if told:
        wait_s = max(_number(row.get("estimated_time_to_regain_access")) for row in told) * 60
        yield page_id, (max(_percent(row) for row in told), wait_s)


def _percent(row: Mapping[str, object]) -> float:
    return max(_number(row.get(name)) for name in PERCENTS)


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _read(text: str) -> dict[str, object]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
