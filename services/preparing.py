"""Step 1 of the send: files go up unpublished, early, and as often as it takes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from connectors.base import PlatformTrouble, Rejected, Unfinished
from core.vocab import DeliveryState
from models import Delivery, StagedMedia
from services.claiming import access_of
from services.clockwatch import Moment, believed
from services.incarnations import Life
from services.runtime import Runtime
from services.staging import begin, let_go, stage, staged_id, take_over, uploading
from services.troubles import note_trouble

MEDIA_NOT_STAGED = "media_not_staged"
WAITING_FOR_FILES = frozenset({MEDIA_NOT_STAGED, "media_processing", "media_cut"})
EARLY = timedelta(minutes=30)  # time enough for a long video to go up and to be worked on
FRESH = timedelta(minutes=5)
PAUSE = timedelta(seconds=30)
SOON = timedelta(seconds=1)


def prepare_ahead(rt: Runtime, life: Life | None = None, limit: int = 20) -> int:
    """Upload the files of what is due soon; return how many deliveries were looked at."""
    moment = believed(rt, life.watch if life else None)
    if moment is None:
        return 0
    with rt.sessions.begin() as session:
        ids = session.scalars(_unprepared(moment.at).limit(limit)).all()
    for delivery_id in ids:
        prepare(rt, delivery_id, moment)
    return len(ids)


def prepare(rt: Runtime, delivery_id: int, moment: Moment) -> bool:
    """Upload the files of one delivery that are not there yet; False if it cannot be sent now."""
    with rt.sessions.begin() as session:
        row = session.get(
            Delivery, delivery_id, with_for_update=True, options=[selectinload(Delivery.account)]
        )
        if row is None:
            return False
        now = moment.now(rt.clock)
        missing = _missing(session, row, now)
        if not missing:
            return True
        if any(uploading(session, delivery_id, item, now) for item in missing):
            return False  # somebody else is at it
        if rt.connectors[row.account.channel].limits.uploads_last:
            missing = [item for item in missing if not take_over(session, row, item, now + FRESH)]
        uploads = [begin(session, delivery_id, item, now) for item in missing]
        access = access_of(rt, row.account)
    try:
        for upload in uploads:
            stage(rt, access, upload)
    except PlatformTrouble as trouble:
        _put_off(rt, delivery_id, trouble, moment)
        return False
    finally:
        let_go(rt, delivery_id)
    _make_ready(rt, delivery_id, moment)
    return True


def staged_ids(
    session: Session, delivery_id: int, payload: dict[str, Any], now: datetime
) -> list[str] | None:
    """Return the platform's ids of a payload's files, in order; None if one is missing or stale."""
    found = []
    for item in payload["media"]:
        remote_id = staged_id(session, delivery_id, item, now + FRESH)
        if remote_id is None:
            return None
        found.append(remote_id)
    return found


def _unprepared(now: datetime) -> Select[int]:
    """Return ids of what is due soon and has files of which none is there, or whose last try was put off.

    What broke in the middle of several files is found when it is claimed.
    """
    there = exists().where(
        StagedMedia.delivery_id == Delivery.id,
        StagedMedia.remote_id.is_not(None),
        StagedMedia.expires_at > now + FRESH,
    )
    untried = and_(Delivery.reason == "", Delivery.next_at <= now + EARLY, ~there)
    put_off = and_(Delivery.reason != "", Delivery.next_at <= now)
    return (
        select(Delivery.id)
        .where(
            Delivery.state == DeliveryState.SCHEDULED,
            Delivery.payload["media"].as_string() != "[]",
            or_(untried, put_off),
        )
        .order_by(Delivery.due_at)
    )


def _missing(session: Session, row: Delivery, now: datetime) -> list[dict[str, Any]]:
    media: list[dict[str, Any]] = row.payload["media"]
    return [item for item in media if staged_id(session, row.id, item, now + FRESH) is None]


def _make_ready(rt: Runtime, delivery_id: int, moment: Moment) -> None:
    """Let a delivery that only waited for its files go out at its time, or now."""
    with rt.sessions.begin() as session:
        row = session.get(Delivery, delivery_id, with_for_update=True)
        if row is not None and row.state is DeliveryState.SCHEDULED and row.reason in WAITING_FOR_FILES:
            row.reason = row.detail = ""
            row.next_at = min(row.next_at, max(row.due_at, moment.now(rt.clock)))


def _put_off(rt: Runtime, delivery_id: int, trouble: PlatformTrouble, moment: Moment) -> None:
    with rt.sessions.begin() as session:
        now = moment.now(rt.clock)
        row = session.get(
            Delivery, delivery_id, with_for_update=True, options=[selectinload(Delivery.account)]
        )
        if row is None or row.state is not DeliveryState.SCHEDULED:
            return
        row.reason, row.detail = trouble.code, trouble.detail
        if isinstance(trouble, Rejected):
            row.move(DeliveryState.FAILED, now, why=trouble.code)
            return
        pause = timedelta(seconds=trouble.wait_s)
        row.next_at = now + max(SOON if isinstance(trouble, Unfinished) else PAUSE, pause)
        note_trouble(session, row.account, trouble, now)
