"""The facts of the store of level 2: items with their proofs, and what the looks at their links found."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kpi.item_facts import ExtraFact, ItemFact, LinkCheckFact
from models import Asset, ContentItem, Event, LinkCheck, RestoreCheck
from services.item_proofs import Looked, extras_of
from services.media import asset_path
from services.periods import Period


@dataclass
class ItemRows:
    """What was loaded, a handful of queries for any number of items."""

    items: Sequence[tuple[ContentItem, Asset | None]] = ()
    events: dict[int, Event] = field(default_factory=dict)
    looks: Sequence[LinkCheck] = ()  # oldest first
    restored: dict[int, RestoreCheck] = field(default_factory=dict)  # item id -> last taken out of the store


def load(session: Session, period: Period) -> ItemRows:
    """Load everything stored so far: a form of last year still has to be there this month."""
    rows = ItemRows()
    rows.items = [
        (item, asset)
        for item, asset in session.execute(
            select(ContentItem, Asset)
            .outerjoin(Asset, Asset.id == ContentItem.asset_id)
            .where(ContentItem.created_at <= period.as_of)
            .order_by(ContentItem.id)
        )
    ]
    ids = [item.id for item, _ in rows.items]
    events = [item.event_id for item, _ in rows.items if item.event_id is not None]
    rows.events = {one.id: one for one in session.scalars(select(Event).where(Event.id.in_(events)))}
    rows.looks = session.scalars(
        select(LinkCheck)
        .where(LinkCheck.item_id.in_(ids), LinkCheck.checked_at <= period.as_of)
        .order_by(LinkCheck.checked_at, LinkCheck.id)
    ).all()
    newest = (
        select(func.max(RestoreCheck.id))
        .where(RestoreCheck.item_id.in_(ids), RestoreCheck.checked_at <= period.as_of)
        .group_by(RestoreCheck.item_id)
    )
    checked = session.scalars(select(RestoreCheck).where(RestoreCheck.id.in_(newest)))
    rows.restored = {one.item_id: one for one in checked}
    return rows


def items(rows: ItemRows, period: Period, media_dir: Path) -> tuple[ItemFact, ...]:
    """Return one fact per item, each with the extra proofs of its kind."""
    last = {one.item_id: one for one in rows.looks}
    found = []
    for item, asset in rows.items:
        looked = Looked(
            item=item,
            now=period.as_of,
            sha256=asset.sha256 if asset else "",
            event=rows.events.get(item.event_id) if item.event_id else None,
            link=last.get(item.id),
            restored=rows.restored.get(item.id),
        )
        found.append(_item(looked, asset, media_dir))
    return tuple(found)


def _item(looked: Looked, asset: Asset | None, media_dir: Path) -> ItemFact:
    row = looked.item
    text = f"{row.title}\n{row.summary}"
    return ItemFact(
        id=row.id,
        category=row.category,
        stored_at=row.created_at,
        agency=row.agency,
        source=row.source,
        item_date=row.item_date,
        rights=row.rights,
        language=row.language,
        sha256=looked.sha256 or hashlib.sha256(text.encode()).hexdigest(),
        mime=asset.mime if asset else "",
        alt_text=row.alt_text,
        link=row.link,
        retrievable=_retrievable(looked, asset, media_dir),
        extras=tuple(ExtraFact(code=code, ok=ok) for code, ok in extras_of(looked).items()),
    )


def _retrievable(looked: Looked, asset: Asset | None, media_dir: Path) -> bool | None:
    """Return what the last restore sample found; a file that is gone needs no sample to be lost."""
    if asset is not None and not asset_path(media_dir, asset.sha256).is_file():
        return False
    return looked.restored.ok if looked.restored else None


def link_checks(rows: ItemRows) -> tuple[LinkCheckFact, ...]:
    """Return one fact per look at a public link."""
    return tuple(
        LinkCheckFact(
            id=row.id,
            item_id=row.item_id,
            checked_at=row.checked_at,
            reached=row.reached,
            http_status=row.http_status,
            size=row.size,
            mime=row.mime,
            sha256=row.sha256,
            opens=row.opens,
        )
        for row in rows.looks
    )
