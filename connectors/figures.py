"""Readings in both platforms' answers: a number is a value, anything else is missing, never 0."""

from connectors.base import Figure
from core.vocab import ReadingState


def whole(value: object) -> int | None:
    """Return a whole number, None for anything else, truth values included."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def counted(value: object, source: str) -> Figure:
    """Return a figure of a whole number, MISSING for anything else."""
    number = whole(value)
    state = ReadingState.MISSING if number is None else ReadingState.VALUE
    return Figure(state, number, source)
