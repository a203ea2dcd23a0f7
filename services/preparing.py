"""Step 1 of the send: pictures go up unpublished, early, and as often as it takes."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from connectors.base import Access, Media, PlatformTrouble, Rejected
from core.vocab import DeliveryState
from models import Delivery, StagedMedia
from services.claiming import access_of
from services.media import read_asset
from services.runtime import Runtime
from services.troubles import note_trouble

MEDIA_NOT_STAGED = "media_not_staged"
EARLY = timedelta(minutes=10)
FRESH = timedelta(minutes=5)
PAUSE = timedelta(seconds=30)


def prepare_ahead(rt: Runtime, limit: int = 20) -> int:
    """Stage the pictures of what is due soon; return how many deliveries were looked at."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        ids = session.scalars(
            select(Delivery.id)
            .where(Delivery.state == DeliveryState.SCHEDULED, Delivery.next_at <= now + EARLY)
            .order_by(Delivery.due_at)
            .limit(limit)
        ).all()
    for delivery_id in ids:
        prepare(rt, delivery_id)
    return len(ids)


def prepare(rt: Runtime, delivery_id: int) -> bool:
    """Stage the pictures of one delivery that are not staged yet; False if it cannot be sent now."""
    with rt.sessions.begin() as session:
        row = session.get(Delivery, delivery_id, options=[selectinload(Delivery.account)])
        if row is None:
            return False
        missing = _missing(session, row, rt.clock.now())
        if not missing:
            return True
        access = access_of(rt, row.account)
    try:
        for item in missing:
            _stage(rt, delivery_id, access, item)
    except PlatformTrouble as trouble:
        _put_off(rt, delivery_id, trouble)
        return False
    _make_ready(rt, delivery_id)
    return True


def staged_ids(
    session: Session, delivery_id: int, payload: dict[str, Any], now: datetime
) -> list[str] | None:
    """Return the platform's ids of a payload's pictures, in order; None if one is missing or stale."""
    found = []
    for item in payload["media"]:
        remote_id = session.scalar(
            select(StagedMedia.remote_id).where(
                StagedMedia.delivery_id == delivery_id,
                StagedMedia.sha256 == item["sha256"],
                StagedMedia.alt_sha256 == _digest(item["alt"]),
                StagedMedia.expires_at > now + FRESH,
            )
        )
        if remote_id is None:
            return None
        found.append(remote_id)
    return found


def _missing(session: Session, row: Delivery, now: datetime) -> list[dict[str, Any]]:
    media: list[dict[str, Any]] = row.payload["media"]
    return [item for item in media if staged_ids(session, row.id, {"media": [item]}, now) is None]


def _stage(rt: Runtime, delivery_id: int, access: Access, item: dict[str, Any]) -> None:
    content = read_asset(rt.media_dir, item["sha256"])
    media = Media(sha256=item["sha256"], mime=item["mime"], content=content, alt=item["alt"])
    staged = rt.connectors[access.channel].stage(access, media)
    row = {
        "delivery_id": delivery_id,
        "sha256": item["sha256"],
        "alt_sha256": _digest(item["alt"]),
        "remote_id": staged.remote_id,
        "expires_at": staged.expires_at,
    }
    with rt.sessions.begin() as session:
        # two workers may stage the same picture at once: the later one wins, the other copy is never shown
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        insert = dialect.insert(StagedMedia).values(row)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["delivery_id", "sha256", "alt_sha256"],
                set_={"remote_id": staged.remote_id, "expires_at": staged.expires_at},
            )
        )


def _make_ready(rt: Runtime, delivery_id: int) -> None:
    """Let a delivery that only waited for its pictures go out at its time, or now."""
    with rt.sessions.begin() as session:
        row = session.get(Delivery, delivery_id, with_for_update=True)
        if row is not None and row.state is DeliveryState.SCHEDULED and row.reason == MEDIA_NOT_STAGED:
            row.reason = ""
            row.next_at = min(row.next_at, max(row.due_at, rt.clock.now()))


def _put_off(rt: Runtime, delivery_id: int, trouble: PlatformTrouble) -> None:
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        row = session.get(
            Delivery, delivery_id, with_for_update=True, options=[selectinload(Delivery.account)]
        )
        if row is None or row.state is not DeliveryState.SCHEDULED:
            return
        row.reason, row.detail = trouble.code, trouble.detail
        if isinstance(trouble, Rejected):
            row.move(DeliveryState.FAILED, now, why=trouble.code)
            return
        row.next_at = now + max(PAUSE, timedelta(seconds=trouble.wait_s))
        note_trouble(session, row.account, trouble, now)


def forget_staged(session: Session, delivery_id: int) -> None:
    """Drop the ids of a delivery's pictures: the platform refused them, the next attempt uploads anew."""
    session.execute(delete(StagedMedia).where(StagedMedia.delivery_id == delivery_id))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
