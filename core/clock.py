"""The only place that asks what time it is. Stored in UTC, thought of in Asia/Bangkok."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")


class Clock(Protocol):
    """What time it is, and a second hand that never goes back."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only grow; for time-outs and leases inside one process."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 -- the one place

    def monotonic(self) -> float:
        return time.monotonic()


class SetClock:
    """A clock that stands where it is put; the story and the tests move it."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._run = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._run

    def set(self, moment: datetime) -> None:
        """Go to a moment; the second hand runs along when it lies ahead."""
        ahead = (moment - self._now).total_seconds()
        self._run += max(ahead, 0.0)
        self._now = moment.astimezone(UTC)

    def step(self, delta: timedelta) -> None:
        """Jump, as a machine's clock does when somebody sets it: the second hand knows nothing of it."""
        self._now += delta

    def advance(self, delta: timedelta) -> None:
        """Go ahead by delta."""
        self.set(self._now + delta)


def bangkok(moment: datetime) -> datetime:
    """Return the same moment as Bangkok's wall clock shows it."""
    return moment.astimezone(BANGKOK)


def from_bangkok(wall: datetime) -> datetime:
    """Return the UTC moment of a naive Bangkok wall-clock time."""
    return wall.replace(tzinfo=BANGKOK).astimezone(UTC)
