"""What X would bill: one line per billed thing, each post or user read once in a UTC day and kind of call.

Counted in thousandths of a dollar (mills), so that sums are exact.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

MILLS = {
    "post": 15,
    "post_link": 200,
    "reply_summoned": 10,
    "delete": 10,
    "post_read": 5,
    "owned_read": 1,
    "user_read": 10,
    "media_metadata": 5,
    "counts": 5,
}
ONCE_A_DAY = {"post_read", "owned_read", "user_read"}


@dataclass(frozen=True, slots=True)
class Line:
    """One billed thing; `day` is UTC, `resource` what it was about."""

    day: str
    item: str
    resource: str
    mills: int


class Prices:
    """The bill so far."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._read: set[tuple[str, str, str]] = set()

    def add(self, items: Iterable[tuple[str, str]], now: datetime) -> None:
        """Bill (item, resource) pairs; what was read today already costs nothing."""
        day = now.date().isoformat()
        for item, resource in items:
            key = (day, item, resource)
            if item in ONCE_A_DAY and key in self._read:
                continue
            self._read.add(key)
            self._lines.append(Line(day, item, resource, MILLS[item]))

    def mills(self) -> int:
        return sum(line.mills for line in self._lines)

    def bill(self, month: str = "") -> dict[str, Any]:
        """Return the lines of a month (2026-11; all if none is named), counts by item, and the sum."""
        lines = [line for line in self._lines if line.day.startswith(month)]
        items: dict[str, int] = {}
        for line in lines:
            items[line.item] = items.get(line.item, 0) + 1
        mills = sum(line.mills for line in lines)
        return {"lines": [asdict(line) for line in lines], "items": items, "usd": f"{mills / 1000:.3f}"}
