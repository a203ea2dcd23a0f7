"""Ids in the platforms' own shapes, unique and in order, also after a restart."""

import hashlib
from datetime import datetime

TWEPOCH_MS = 1288834974657
GRAPH_BASE = 122_100_000_000_000
GRAPH_STEP = 104_729


class Snowflakes:
    """X ids: milliseconds since the X epoch, then a sequence number within the millisecond."""

    def __init__(self) -> None:
        self._free: dict[int, int] = {}

    def next(self, now: datetime) -> str:
        """Return an unused id whose upper bits tell `now`."""
        millisecond = max(int(now.timestamp() * 1000) - TWEPOCH_MS, 0)
        number = self._free.get(millisecond, millisecond << 22)
        self._free[millisecond] = number + 1
        return str(number)

    def remember(self, taken: str) -> None:
        """Never hand out `taken` again."""
        number = int(taken)
        self._free[number >> 22] = max(self._free.get(number >> 22, 0), number + 1)


class GraphNumbers:
    """Facebook object numbers: 15 digits, rising, spaced by the seed so that they look unlike a counter."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._count = 0

    def next(self) -> str:
        number = GRAPH_BASE + self._count * GRAPH_STEP + fingerprint(self._seed, self._count) % GRAPH_STEP
        self._count += 1
        return str(number)

    def remember(self, taken: str) -> None:
        """Never hand out `taken` (`<number>` or `<page>_<number>`) again."""
        place = (int(taken.rpartition("_")[2]) - GRAPH_BASE) // GRAPH_STEP
        self._count = max(self._count, place + 1)


def fingerprint(*parts: object) -> int:
    """Return the same 64-bit number for the same parts, on every machine and run."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def graph_time(moment: datetime) -> str:
    """Write a moment as Facebook does: 2021-07-04T19:50:58+0000."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+0000")


def x_time(moment: datetime) -> str:
    """Write a moment as X does: 2026-11-23T04:05:06.000Z."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
