"""What any citizen may download without signing in, and how often that happens; never who does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from connectors.sites import AGENT
from core.clock import bangkok
from core.errors import NotFound
from core.vocab import Category
from models import Asset, ContentItem, ContentVersion, DownloadCount
from models.database import commit_lightly
from services.details import details_of
from services.runtime import Runtime

PUBLIC = (Category.FORM, Category.EBOOK, Category.STATS)


@dataclass(frozen=True)
class PublicFile:
    """A file that citizens may have; older: the number of the version asked for, 0 for the one in force."""

    asset: Asset
    older: int = 0


def public_file(session: Session, item_id: int, number: int = 0) -> PublicFile:
    """Return the file of an open item; NotFound for everything else, whether it exists or not.

    number: an older version, which stays retrievable once it was open; 0 gives the one in force.
    """
    opened = (ContentItem.id == item_id, ContentItem.opened_at.is_not(None))
    rows = select(Asset).join(ContentItem, ContentItem.asset_id == Asset.id).where(*opened)
    if number:
        rows = (
            select(Asset)
            .join(ContentVersion, ContentVersion.asset_id == Asset.id)
            .join(ContentItem, ContentItem.id == ContentVersion.item_id)
            .where(*opened, ContentVersion.number == number, ContentVersion.opened_at.is_not(None))
        )
    asset = session.scalars(rows).one_or_none()
    if asset is None:
        raise NotFound
    return PublicFile(asset, number)


def public_photo(session: Session, item_id: int, place: int) -> Asset:
    """Return a picture of an open item: 0 for its own, 1 and on for those of an album; raises NotFound."""
    item = session.get(ContentItem, item_id)
    if item is None or item.opened_at is None:
        raise NotFound
    ids = [item.asset_id, *(photo.asset_id for photo in details_of(item.details).photos)]
    asset = session.get(Asset, ids[place]) if place in range(len(ids)) and ids[place] else None
    if asset is None or not asset.mime.startswith("image/"):
        raise NotFound
    return asset


def count_download(rt: Runtime, item_id: int, agent: str) -> None:
    """Add one to today's count of an item; our own weekly look counts for nothing."""
    if agent == AGENT:
        return
    day = bangkok(rt.clock.now()).date()
    insert = postgresql.insert if rt.engine.dialect.name == "postgresql" else sqlite.insert
    one_more = insert(DownloadCount).values(item_id=item_id, day=day, count=1)
    known: Any = {"index_elements": ["item_id", "day"], "set_": {"count": DownloadCount.count + 1}}
    with rt.sessions.begin() as session:
        commit_lightly(session)
        session.execute(one_more.on_conflict_do_update(**known))


def downloads_of(session: Session, since: datetime | None = None) -> dict[int, int]:
    """Return how often each item was fetched, since a moment or ever; an item nobody fetched is absent."""
    rows = select(DownloadCount.item_id, func.sum(DownloadCount.count)).group_by(DownloadCount.item_id)
    if since is not None:
        rows = rows.where(DownloadCount.day >= bangkok(since).date())
    return {item_id: int(count) for item_id, count in session.execute(rows)}


def public_base(rt: Runtime) -> str:
    """Return the address under which citizens reach this office, without a stroke at its end."""
    return (rt.settings.public_url or f"http://{rt.settings.host}:{rt.settings.port}").rstrip("/")


def public_address(rt: Runtime, item_id: int) -> str:
    """Return the address that citizens open, and that the weekly link check opens like them."""
    return f"{public_base(rt)}/public/files/{item_id}"


def link_item(session: Session, rt: Runtime, item_id: int) -> str:
    """Give an item without a link its public address, and return the link."""
    item = session.get_one(ContentItem, item_id)
    item.link = item.link or public_address(rt, item_id)
    return item.link
