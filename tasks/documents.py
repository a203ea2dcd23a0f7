"""Ticks of documents: make the evidence files that people asked for."""

from services import evidence
from tasks.app import app, bound


@app.task(name="documents.build")
def build() -> None:
    """Make the requested evidence files, one after another."""
    evidence.build_all(bound().rt)
