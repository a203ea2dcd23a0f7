"""How soon to look again, in proportion to the quiescence and the time-outs that an office has chosen."""

from datetime import timedelta

from core.config import Settings


def first_look(settings: Settings) -> timedelta:
    """Return how long after an unclear send it is looked for the first time: 10 s of the usual 120."""
    return timedelta(seconds=settings.quiescence_s / 12)


def look_again(settings: Settings) -> timedelta:
    """Return how long to wait after a read-back that could not be had: 30 s of the usual 120."""
    return timedelta(seconds=settings.quiescence_s / 4)


def hold(settings: Settings) -> timedelta:
    """Return how long other workers leave alone what one of them asks the platform about: two whole calls."""
    return timedelta(seconds=2 * (settings.connect_timeout_s + settings.read_timeout_s))
