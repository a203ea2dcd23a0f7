"""Ticks of documents: make the evidence files that were asked for; ask for last month's when it is over."""

from services import closing, evidence
from tasks.app import app, bound


@app.task(name="documents.build")
def build() -> None:
    """Make the requested evidence files, one after another."""
    evidence.build_all(bound().rt)


@app.task(name="documents.close")
def close() -> None:
    """Close the month that is over; remind while one is about to end."""
    closing.close_months(bound().rt)
