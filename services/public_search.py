"""Search for citizens: tone marks may be missing, digits may be Thai or Arabic, every word must occur."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute, Session

from language.collation import search_key
from language.thai_words import word_starts
from models import ContentItem, Event, Post, PostWords
from services.public_entries import (
    Entry,
    entry_of_event,
    entry_of_item,
    entry_of_post,
    live_posts,
    open_events,
    open_items,
)

MOST: Final = 50
WORDS: Final = 8
LONGEST: Final = 100
ESCAPE: Final = "\\"


@dataclass(frozen=True)
class Found:
    """What a search found, the best first; more: whether there is more than is shown."""

    entries: tuple[Entry, ...] = ()
    more: bool = False


def search(session: Session, typed: str) -> Found:
    """Return what holds every word of a query; a run of Thai that nothing holds is cut into its words."""
    query = typed[:LONGEST]
    found = _find(session, search_key(query).split()[:WORDS])
    if not found.entries:
        found = _find(session, _cut(query)[:WORDS])
    return found


def _find(session: Session, words: list[str]) -> Found:
    if not words:
        return Found()
    items = session.scalars(open_items().where(_holds(ContentItem.search_key, words)).limit(MOST + 1))
    events = session.scalars(
        open_events()
        .where(_holds(Event.search_key, words))
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(MOST + 1)
    )
    posts = session.execute(
        live_posts(_holds(PostWords.search_key, words))
        .join(PostWords, PostWords.post_id == Post.id)
        .limit(MOST + 1)
    )
    found = [entry_of_item(item) for item in items]
    found += [entry_of_event(event) for event in events]
    found += [entry_of_post(*row) for row in posts]
    found.sort(key=lambda entry: (_in_title(entry, words), entry.day, entry.at), reverse=True)
    return Found(tuple(found[:MOST]), more=len(found) > MOST)


def _holds(column: InstrumentedAttribute[Any], words: list[str]) -> ColumnElement[bool]:
    return and_(*(column.contains(word, autoescape=True, escape=ESCAPE) for word in words))


def _in_title(entry: Entry, words: list[str]) -> bool:
    title = search_key(entry.title)
    return all(word in title for word in words)


def _cut(query: str) -> list[str]:
    cuts = [0, *word_starts(query), len(query)]
    keys = (search_key(query[start:end]) for start, end in pairwise(cuts))
    return list(dict.fromkeys(key for key in keys if len(key) > 1))
