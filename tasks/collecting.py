"""Ticks of collecting: on their own queue, so that counting never delays a post."""

from services import comments, hearing, linkchecks, metrics, outside, publishing, replies
from tasks.app import app, bound


@app.task(name="collecting.collect")
def collect() -> None:
    """Read the figures whose turn it is."""
    publishing.keep_alive(bound().rt, bound().life)
    metrics.collect(bound().rt)


@app.task(name="collecting.comments")
def read_comments() -> None:
    """Act on what the platforms told, read citizens' comments, settle those that were answered."""
    hearing.act(bound().rt)
    comments.collect_comments(bound().rt)
    replies.settle_answered(bound().rt)


@app.task(name="collecting.check_links")
def check_links() -> None:
    """Look at the public links that nobody has looked at for a week."""
    linkchecks.check_due(bound().rt)


@app.task(name="collecting.find_outside")
def find_outside() -> None:
    """Read our own pages, once a week, for posts that were not made with this system."""
    outside.discover(bound().rt)
