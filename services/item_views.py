"""An item of the store as the office sees it: versions, proofs, last looks, downloads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.vocab import EventState
from models import Asset, ContentItem, ContentVersion, DownloadCount, Event, LinkCheck, Person, RestoreCheck
from services.content import find_item
from services.details import Details, details_of
from services.item_proofs import Looked, extras_of
from services.versions import newest_version, versions_of

LOOK_BACK = timedelta(days=400)


@dataclass(frozen=True)
class ItemView:
    """One item; names are those of the people who made and opened versions, by id."""

    item: ContentItem
    details: Details
    asset: Asset | None
    event: Event | None
    newest: ContentVersion
    versions: Sequence[ContentVersion]
    names: Mapping[int, str]
    proofs: Mapping[str, bool | None]
    link: LinkCheck | None
    restored: RestoreCheck | None
    downloads: int

    @property
    def pending(self) -> bool:
        """Whether citizens do not see the newest version yet."""
        return self.item.opened_at is None or self.newest.opened_at is None


def item_view(session: Session, item_id: int, now: datetime) -> ItemView:
    """Return an item with everything its page shows; raises NotFound."""
    item = find_item(session, item_id)
    newest = newest_version(session, item)
    asset = session.get(Asset, item.asset_id) if item.asset_id is not None else None
    event = session.get(Event, item.event_id) if item.event_id is not None else None
    link = session.scalars(
        select(LinkCheck).where(LinkCheck.item_id == item_id).order_by(LinkCheck.id.desc()).limit(1)
    ).first()
    restored = session.scalars(
        select(RestoreCheck).where(RestoreCheck.item_id == item_id).order_by(RestoreCheck.id.desc()).limit(1)
    ).first()
    rows = versions_of(session, item_id)
    looked = Looked(item, now, asset.sha256 if asset else "", event, link, restored)
    counted = select(func.coalesce(func.sum(DownloadCount.count), 0)).where(DownloadCount.item_id == item_id)
    return ItemView(
        item=item, details=details_of(item.details), asset=asset, event=event, newest=newest, versions=rows,
        names=_names(session, rows), proofs=extras_of(looked), link=link, restored=restored,
        downloads=session.scalar(counted) or 0,
    )  # fmt: skip


def events_for_albums(session: Session, now: datetime) -> Sequence[Event]:
    """Return the events of the last year that have begun and were not cancelled, the last one first."""
    return session.scalars(
        select(Event)
        .where(Event.starts_at <= now, Event.starts_at > now - LOOK_BACK, Event.state != EventState.CANCELLED)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(200)
    ).all()


def _names(session: Session, rows: Sequence[ContentVersion]) -> dict[int, str]:
    ids = {one for row in rows for one in (row.made_by, row.opened_by) if one is not None}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
