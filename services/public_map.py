"""Every public page, for search engines."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import bangkok
from models import ContentItem, Event
from services.public_entries import live_post_ids
from services.public_pages import SECTIONS

MOST: Final = 20_000  # a sitemap holds 50,000 addresses at most
AT_ONCE: Final = 500


def site_map(session: Session) -> Iterator[tuple[str, date | None]]:
    """Yield the path of every public page with the day it last changed; None where that says nothing.

    One after another, while the session is open: thousands are never held at once.
    """
    yield from ((path, None) for path in ("", *(f"/{name}" for name in SECTIONS), "/calendar", "/about"))
    items = (
        select(ContentItem.id, func.coalesce(ContentItem.changed_at, ContentItem.created_at))
        .where(ContentItem.opened_at.is_not(None))
        .order_by(ContentItem.id.desc())
    )
    events = (
        select(Event.id, func.coalesce(Event.cancelled_at, Event.opened_at))
        .where(Event.public, Event.opened_at.is_not(None))
        .order_by(Event.id.desc())
    )
    for kind, pages in (("items", items), ("events", events), ("posts", live_post_ids())):
        for one, changed in session.execute(pages.limit(MOST).execution_options(yield_per=AT_ONCE)):
            yield f"/{kind}/{one}", bangkok(changed).date()
