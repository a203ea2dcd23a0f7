"""Ticks of collecting: on their own queue, so that counting never delays a post."""

from services import linkchecks, metrics, publishing
from tasks.app import app, bound


@app.task(name="collecting.collect")
def collect() -> None:
    """Read the figures whose turn it is."""
    publishing.keep_alive(bound().rt, bound().life)
    metrics.collect(bound().rt)


@app.task(name="collecting.check_links")
def check_links() -> None:
    """Look at the public links that nobody has looked at for a week."""
    linkchecks.check_due(bound().rt)
