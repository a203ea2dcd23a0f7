"""Ticks of collecting: on their own queue, so that counting never delays a post."""

from services import metrics
from tasks.app import app, bound


@app.task(name="collecting.collect")
def collect() -> None:
    """Read the figures whose turn it is."""
    metrics.collect(bound().rt)
