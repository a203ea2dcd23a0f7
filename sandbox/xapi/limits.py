"""Rate limits: counted per user, endpoint and quarter of an hour by the sandbox's clock, told in headers."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.ids import fingerprint
from sandbox.settings import Settings

WINDOW_S = 900
DAY_S = 86_400
DEFAULT = 900
PER_USER = {
    "POST /2/tweets": 100,
    "DELETE /2/tweets/:id": 50,
    "GET /2/tweets": 5_000,
    "GET /2/tweets/:id": 900,
    "GET /2/users/:id/tweets": 900,
    "GET /2/users/:id/mentions": 300,
    "GET /2/users/me": 75,
    "GET /2/users/:id": 900,
    "GET /2/tweets/analytics": 300,
    "GET /2/usage/tweets": 50,
    "GET /2/tweets/counts/recent": 300,
    "POST /2/media/upload": 500,
    "POST /2/media/metadata": 500,
    "POST /2/media/upload/initialize": 1_875,
    "POST /2/media/upload/:id/append": 1_875,
    "POST /2/media/upload/:id/finalize": 1_875,
    "GET /2/media/upload": 1_000,
}


@dataclass(slots=True)
class Window:
    """One counting span of one user on one endpoint."""

    ends: float = 0.0
    used: int = 0

    def count(self, now: float, span_s: int) -> int:
        """Count one call and return how many the window has seen."""
        if not self.ends - span_s <= now < self.ends:
            self.ends, self.used = now - now % span_s + span_s, 0
        self.used += 1
        return self.used


class Limits:
    """The counters of all users."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], Window] = {}
        self._calls = 0

    def count(
        self, endpoint: str, user: str, now: datetime, settings: Settings
    ) -> tuple[dict[str, str], bool]:
        """Count one call; return its headers and whether it went over a limit."""
        limit = settings.x_limits.get(endpoint, settings.x_limits.get("*", PER_USER.get(endpoint, DEFAULT)))
        window = self._windows.setdefault((endpoint, user), Window())
        used = window.count(now.timestamp(), WINDOW_S)
        headers = _told("x-rate-limit", limit, used, window.ends)
        over = used > limit
        if endpoint == "POST /2/tweets":
            day = self._windows.setdefault((endpoint, f"{user}/day"), Window())
            used_today = day.count(now.timestamp(), DAY_S)
            headers |= _told("x-user-limit-24hour", settings.x_day_limit, used_today, day.ends)
            headers |= _told("x-app-limit-24hour", settings.x_day_limit, used_today, day.ends)
            over = over or used_today > settings.x_day_limit
        self._calls += 1
        headers |= {"x-transaction-id": f"{fingerprint('transaction', self._calls):016x}"}
        return headers, over and settings.x_enforce_limits


def exhausted(headers: dict[str, str], reset_s: float | None, now: datetime) -> dict[str, str]:
    """Return the headers of a throttled answer: nothing remains, until `reset_s` from now if given."""
    reset = headers["x-rate-limit-reset"] if reset_s is None else str(int(now.timestamp() + reset_s))
    return headers | {"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}


def _told(name: str, limit: int, used: int, ends: float) -> dict[str, str]:
    return {
        f"{name}-limit": str(limit),
        f"{name}-remaining": str(max(limit - used, 0)),
        f"{name}-reset": str(int(ends)),
    }
