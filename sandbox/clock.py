"""The sandbox's own time: real, shifted, or standing still. Control API and tests move it."""

import re
from datetime import UTC, datetime, timedelta


class Clock:
    """A settable clock; follows real time until told otherwise."""

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._fixed: datetime | None = None

    def now(self) -> datetime:
        """Return the sandbox's present moment, aware, in UTC."""
        return self._fixed or real_now() + self._offset

    def fix(self, at: datetime) -> None:
        """Stand still at `at`, which must be aware."""
        self._fixed = at.astimezone(UTC)

    def shift(self, seconds: float) -> None:
        """Flow with real time, `seconds` away from it."""
        self._fixed = None
        self._offset = timedelta(seconds=seconds)

    def follow_real(self) -> None:
        self.shift(0)

    def describe(self) -> dict[str, object]:
        mode = "fixed" if self._fixed else "offset" if self._offset else "real"
        return {"mode": mode, "now": self.now().isoformat(), "offset_s": self._offset.total_seconds()}


def real_now() -> datetime:
    """Return the true time in UTC, for what the outside world stamps itself (request signatures)."""
    return datetime.now(UTC)  # noqa: TID251 - the sandbox knows nothing of core; this is its one clock


def parse_moment(text: str) -> datetime:
    """Read an ISO 8601 moment or unix seconds; a moment without a zone is UTC. Raises ValueError."""
    if re.fullmatch(r"\d{9,11}", text):
        return datetime.fromtimestamp(int(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
