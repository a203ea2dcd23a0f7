"""Ticks of documents: make the evidence files that were asked for, close months, look after the store."""

from services import cards, closing, evidence, restore_sample, search_words
from tasks.app import app, bound


@app.task(name="documents.build")
def build() -> None:
    """Make the requested evidence files, one after another."""
    evidence.build_all(bound().rt)


@app.task(name="documents.close")
def close() -> None:
    """Close the month that is over; remind while one is about to end."""
    closing.close_months(bound().rt)


@app.task(name="documents.keep_store")
def keep_store() -> None:
    """Take the month's sample out of the store; note the words of rows older than search."""
    restore_sample.sample_due(bound().rt)
    search_words.fill_in(bound().rt)


@app.task(name="documents.draw")
def draw() -> None:
    """Draw what was read back, so that the month's file finds its pictures ready."""
    cards.draw_waiting(bound().rt)
