"""Every public page, for search engines."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from models import ContentItem, Event
from services.public_entries import live_post_ids
from services.public_pages import SECTIONS

MOST: Final = 20_000  # a sitemap holds 50,000 addresses at most


def site_map(session: Session) -> Sequence[tuple[str, date | None]]:
    """Return the path of every public page with the day it last changed; None where that says nothing."""
    fixed: list[tuple[str, date | None]] = [
        (path, None) for path in ("", *(f"/{name}" for name in SECTIONS), "/calendar", "/about")
    ]
    items = session.execute(
        select(ContentItem.id, ContentItem.changed_at, ContentItem.created_at)
        .where(ContentItem.opened_at.is_not(None))
        .order_by(ContentItem.id.desc())
        .limit(MOST)
    )
    events = session.execute(
        select(Event.id, Event.cancelled_at, Event.opened_at)
        .where(Event.public, Event.opened_at.is_not(None))
        .order_by(Event.id.desc())
        .limit(MOST)
    )
    posts = session.execute(live_post_ids().limit(MOST))
    return [
        *fixed,
        *((f"/items/{one}", _day(changed or created)) for one, changed, created in items),
        *((f"/events/{one}", _day(cancelled or opened)) for one, cancelled, opened in events),
        *((f"/posts/{one}", _day(since)) for one, since in posts),
    ]


def _day(moment: datetime | None) -> date | None:
    return bangkok(moment).date() if moment else None
