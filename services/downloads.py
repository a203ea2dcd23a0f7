"""What any citizen may download without signing in: files of forms, e-books and statistics."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.vocab import Category
from models import Asset, ContentItem
from services.runtime import Runtime

PUBLIC = (Category.FORM, Category.EBOOK, Category.STATS)


def public_file(session: Session, item_id: int) -> Asset:
    """Return the file of a public item; NotFound for everything else, whether it exists or not."""
    asset = session.scalars(
        select(Asset)
        .join(ContentItem, ContentItem.asset_id == Asset.id)
        .where(ContentItem.id == item_id, ContentItem.category.in_(PUBLIC))
    ).one_or_none()
    if asset is None:
        raise NotFound
    return asset


def public_address(rt: Runtime, item_id: int) -> str:
    """Return the address that citizens open, and that the weekly link check opens like them."""
    base = rt.settings.public_url or f"http://{rt.settings.host}:{rt.settings.port}"
    return f"{base.rstrip('/')}/public/files/{item_id}"


def link_item(session: Session, rt: Runtime, item_id: int) -> str:
    """Give an item without a link its public address, and return the link."""
    item = session.get_one(ContentItem, item_id)
    item.link = item.link or public_address(rt, item_id)
    return item.link
