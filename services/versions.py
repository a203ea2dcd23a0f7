"""The versions of a stored item: each whole, hashed and kept; the newest one that was opened is in force."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from language.collation import search_key
from models.content import ContentItem, ContentVersion
from models.people import Person
from services.details import details_of

KEPT: Final = (
    "title", "agency", "item_date", "summary", "source", "rights", "language", "alt_text", "link", "asset_id",
    "event_id", "details",
)  # fmt: skip


def first_version(item: ContentItem, person: Person, now: datetime) -> ContentVersion:
    """Return the version of an item that was stored just now."""
    return next_version(item, data_of(_values_of(item)), 1, person, now)


def next_version(
    item: ContentItem, data: dict[str, Any], number: int, person: Person, now: datetime
) -> ContentVersion:
    """Return a version that nobody but its maker has looked at yet."""
    return ContentVersion(
        item_id=item.id, number=number, data=data, sha256=digest(data), asset_id=data["asset_id"],
        made_by=person.id, made_at=now,
    )  # fmt: skip


def newest_version(session: Session, item: ContentItem) -> ContentVersion:
    """Return the newest version, in force or not; an item from before there were versions gets its first."""
    found = session.scalars(_of(item.id).limit(1)).first()
    if found is None:
        data = data_of(_values_of(item))
        found = ContentVersion(
            item_id=item.id, number=item.version, data=data, sha256=digest(data), asset_id=item.asset_id,
            made_by=item.created_by, made_at=item.created_at, opened_at=item.opened_at,
        )  # fmt: skip
        session.add(found)
        session.flush()
    return found


def versions_of(session: Session, item_id: int) -> Sequence[ContentVersion]:
    """Return every version of an item, the newest first."""
    return session.scalars(_of(item_id)).all()


def put_in_force(item: ContentItem, version: ContentVersion, now: datetime) -> None:
    """Make a version what the item is; the address that leads to the item stays."""
    values = dict(version.data) | {"item_date": date.fromisoformat(version.data["item_date"])}
    values["link"] = values["link"] or item.link
    for name in KEPT:
        setattr(item, name, values[name])
    item.version, item.changed_at = version.number, now
    refresh_search(item)


def refresh_search(item: ContentItem) -> None:
    """Write what search compares."""
    parts = (item.title, item.summary, item.agency, item.alt_text, *details_of(item.details).words())
    item.search_key = search_key("\n".join(part for part in parts if part))


def data_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an item as a version keeps them: the day as ISO text."""
    return {name: values[name] for name in KEPT} | {"item_date": values["item_date"].isoformat()}


def digest(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a version's data, written in one way only."""
    written = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _of(item_id: int) -> Select[ContentVersion]:
    return (
        select(ContentVersion).where(ContentVersion.item_id == item_id).order_by(ContentVersion.number.desc())
    )


def _values_of(item: ContentItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in KEPT}
