"""Facebook's way of writing a moment."""

from datetime import UTC, datetime


def moment(text: str) -> datetime:
    """Return the moment of `2021-07-04T19:50:58+0000` in UTC; ValueError for anything else."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
