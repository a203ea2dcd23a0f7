"""Readings in both platforms' answers: a number is a value, anything else is missing, never 0."""

from connectors.base import Figure
from core.vocab import ReadingState


def counted(value: object, source: str) -> Figure:
    """Return a figure of a whole number, MISSING for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Figure(ReadingState.VALUE, value, source)
    return Figure(ReadingState.MISSING, None, source)
