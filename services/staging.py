"""Uploads: one row per file of a delivery, from the first byte until the platform has it ready to attach."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from connectors.base import Access, Media, Unfinished
from core.vocab import MediaKind
from models import Delivery, StagedMedia
from services.blobs import checked_path, read_asset
from services.payloads import kind_of
from services.runtime import Runtime

BUSY = timedelta(minutes=5)  # longer uploads may be begun twice, which nobody sees
ONE = ["delivery_id", "sha256", "alt_sha256"]


@dataclass(frozen=True)
class Upload:
    """One file on its way up for one delivery; resume: how the last try goes on."""

    delivery_id: int
    item: dict[str, Any]
    resume: str


def staged_id(session: Session, delivery_id: int, item: dict[str, Any], until: datetime) -> str | None:
    """Return the platform's id of a file that stays usable until a moment; None if there is none."""
    return session.scalar(
        select(StagedMedia.remote_id).where(_one(delivery_id, item), StagedMedia.expires_at > until)
    )


def uploading(session: Session, delivery_id: int, item: dict[str, Any], now: datetime) -> bool:
    """Say whether another worker uploads this file now; what is later than BUSY wrote a wrong clock."""
    busy = session.scalar(select(StagedMedia.busy_until).where(_one(delivery_id, item)))
    return busy is not None and now < busy <= now + BUSY


def take_over(session: Session, row: Delivery, item: dict[str, Any], until: datetime) -> bool:
    """Use what another delivery of the same account uploaded, if it stays usable; False if there is none."""
    other = session.execute(
        select(StagedMedia.remote_id, StagedMedia.expires_at)
        .join(Delivery, Delivery.id == StagedMedia.delivery_id)
        .where(
            Delivery.account_id == row.account_id, _same(item),
            StagedMedia.remote_id.is_not(None), StagedMedia.expires_at > until,
        )
        .order_by(StagedMedia.expires_at.desc())
        .limit(1)
    ).first()  # fmt: skip
    if other is None:
        return False
    begin(session, row.id, item, until)
    values = {"remote_id": other.remote_id, "expires_at": other.expires_at, "busy_until": None, "resume": ""}
    session.execute(update(StagedMedia).where(_one(row.id, item)).values(values))
    return True


def begin(session: Session, delivery_id: int, item: dict[str, Any], now: datetime) -> Upload:
    """Take a file to upload it; goes on where the last try stopped."""
    row = {
        "delivery_id": delivery_id, "sha256": item["sha256"], "alt_sha256": _digest(item["alt"]),
        "expires_at": now, "resume": "", "busy_until": now + BUSY,
    }  # fmt: skip
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    resume = session.scalar(
        dialect.insert(StagedMedia)
        .values(row)
        .on_conflict_do_update(index_elements=ONE, set_={"busy_until": row["busy_until"]})
        .returning(StagedMedia.resume)
    )
    return Upload(delivery_id, item, resume or "")


def stage(rt: Runtime, access: Access, upload: Upload) -> None:
    """Upload one file and keep its id; what is unfinished keeps how it goes on. Raises PlatformTrouble."""
    item = upload.item
    kind = kind_of(item["mime"])
    film = kind is MediaKind.VIDEO  # too large for memory
    media = Media(
        sha256=item["sha256"], mime=item["mime"], alt=item["alt"], kind=kind, resume=upload.resume,
        content=b"" if film else read_asset(rt.media_dir, item["sha256"]),
        path=checked_path(rt.media_dir, item["sha256"]) if film else None,
    )  # fmt: skip
    try:
        staged = rt.connectors[access.channel].stage(access, media)
    except Unfinished as unfinished:
        _keep(rt, upload, {"resume": unfinished.resume, "remote_id": None})
        raise
    _keep(rt, upload, {"resume": "", "remote_id": staged.remote_id, "expires_at": staged.expires_at})


def let_go(rt: Runtime, delivery_id: int) -> None:
    """Note that nobody uploads a delivery's files any more."""
    with rt.sessions.begin() as session:
        session.execute(
            update(StagedMedia).where(StagedMedia.delivery_id == delivery_id).values(busy_until=None)
        )


def forget_staged(session: Session, delivery_id: int) -> None:
    """Drop the ids of a delivery's files: the platform refused them, the next attempt uploads anew.

    Whoever else uses the same ids uploads anew too.
    """
    mine = select(StagedMedia.remote_id).where(
        StagedMedia.delivery_id == delivery_id, StagedMedia.remote_id.is_not(None)
    )
    session.execute(delete(StagedMedia).where(StagedMedia.remote_id.in_(list(session.scalars(mine)))))
    session.execute(delete(StagedMedia).where(StagedMedia.delivery_id == delivery_id))


def _keep(rt: Runtime, upload: Upload, values: dict[str, Any]) -> None:
    # two workers may upload the same file at once: the later one wins, the other copy is never shown
    with rt.sessions.begin() as session:
        session.execute(update(StagedMedia).where(_one(upload.delivery_id, upload.item)).values(values))


def _one(delivery_id: int, item: dict[str, Any]) -> ColumnElement[bool]:
    return and_(StagedMedia.delivery_id == delivery_id, _same(item))


def _same(item: dict[str, Any]) -> ColumnElement[bool]:
    return and_(StagedMedia.sha256 == item["sha256"], StagedMedia.alt_sha256 == _digest(item["alt"]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
