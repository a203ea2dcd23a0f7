"""How soon to look again, in proportion to the quiescence and the time-outs that an office has chosen."""

from datetime import datetime, timedelta

from core.config import Settings

LAST_CHANCE = timedelta(minutes=1)


def first_look(settings: Settings) -> timedelta:
    """Return how long after an unclear send it is looked for the first time: 10 s of the usual 120."""
    return timedelta(seconds=settings.quiescence_s / 12)


def look_again(settings: Settings) -> timedelta:
    """Return how long to wait after a read-back that could not be had: 30 s of the usual 120."""
    return timedelta(seconds=settings.quiescence_s / 4)


def resend_at(settings: Settings, resends: int, not_after: datetime, now: datetime) -> datetime:
    """Return when to send again what was proved absent for the n-th time: at once, then 8 min later, then 32.

    A platform that fails every call for ten minutes shall not use up all resends. Never too late to try.
    """
    pause = timedelta(seconds=settings.quiescence_s * 4 ** (resends - 1)) if resends > 1 else timedelta(0)
    return max(now, min(now + pause, not_after - LAST_CHANCE))


def hold(settings: Settings) -> timedelta:
    """Return how long other workers leave alone what one of them asks the platform about: two whole calls."""
    return timedelta(seconds=2 * (settings.connect_timeout_s + settings.read_timeout_s))
