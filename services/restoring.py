"""After a restore: what may have gone out since the copy was made is looked for before anything is sent.

Each heartbeat counts on in the database and then in a file that no backup holds. A database that has counted
less than the file is an older copy. What it believes to be waiting may be out already, whatever its time: a
person may have published it at once. So all that waits becomes unclear, and is read back over the whole gap.
"""

import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from sqlalchemy import and_, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.errors import BadInput
from core.vocab import AlertKind, DeliveryState, Role
from models import Delivery, Epoch, Person
from models.base import UtcDateTime
from services import audit
from services.alerts import raise_alert
from services.patience import first_look
from services.people import require
from services.runtime import Runtime

log = structlog.get_logger()

FILE = "epoch.json"
MARGIN = timedelta(seconds=60)  # a database knows of its last heartbeat, not of what followed
LEAP = 1_000_000  # far beyond what any other machine's file knows: one restore is noticed once
RESTORED = "restored"
MAY_BE_OUT = (
    DeliveryState.SCHEDULED, DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.HELD,
    DeliveryState.MISSED, DeliveryState.FAILED, DeliveryState.NEEDS_HUMAN,
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """How far a database had come when this was written."""

    database: str
    beats: int


def count_on(rt: Runtime, session: Session) -> Known:
    """Count one heartbeat; in an older copy of the database, set aside what may be out already first."""
    row = _row(session, rt.clock.now())
    now = rt.clock.now()  # after the lock: what the copy does not know of was before this
    before = _read(rt)
    if before is not None and before.database == row.database and before.beats > row.beats:
        log.error("database.restored", since=row.beat_at.isoformat())
        set_aside(rt, session, row.beat_at, now)
        row.beats = before.beats + LEAP
    row.beats += 1
    row.beat_at = now
    return Known(row.database, row.beats)


def write_down(rt: Runtime, known: Known) -> None:
    """Let the file know what the database has committed, never more."""
    path = rt.settings.data_dir / FILE
    new = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    new.write_text(json.dumps(asdict(known)), "utf-8")
    new.replace(path)


def set_aside(rt: Runtime, session: Session, since: datetime, now: datetime) -> int:
    """Doubt all that may have gone out since a copy's last heartbeat; return how much of it was waiting."""
    begin = literal(since - MARGIN, UtcDateTime())
    session.execute(
        update(Delivery)
        .where(Delivery.state.in_(MAY_BE_OUT))
        .values(lost_from=func.coalesce(Delivery.lost_from, begin), lost_until=now)
        .execution_options(synchronize_session=False)
    )
    for row in session.scalars(
        select(Delivery)
        .where(Delivery.state.in_((DeliveryState.SENDING, DeliveryState.UNCERTAIN)))
        .order_by(Delivery.id)
        .with_for_update()
    ):
        _doubt(rt, row, now, row.reason or "worker_died")
    doubted = look_first(rt, session, now)
    raise_alert(session, AlertKind.RESTORED, 0, now, "", doubted)
    return len(doubted)


def declare(rt: Runtime, since: datetime, person: Person | None) -> int:
    """Do the same by hand, where there was no file to tell; return how much was waiting. Raises since_bad."""
    if person is not None:
        require(person, Role.ADMINISTRATOR)
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        if since >= now:
            raise BadInput("since_bad", field="since")
        count = set_aside(rt, session, since, now)
        audit.record(
            session, person.id if person else None, "queue.restored", None, now,
            since=since.isoformat(), waiting=count,
        )  # fmt: skip
    return count


def look_first(rt: Runtime, session: Session, now: datetime) -> list[int]:
    """Make unclear what waits and may have gone out before a restore; return the deliveries' ids.

    What is held stays so until it is released, or its window ends and somebody must know.
    """
    over = and_(Delivery.state == DeliveryState.HELD, Delivery.not_after < now)
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.lost_until.is_not(None), or_(Delivery.state == DeliveryState.SCHEDULED, over))
        .order_by(Delivery.id)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        if row.state is DeliveryState.HELD:
            row.move(DeliveryState.SCHEDULED, now, why=RESTORED)
        _doubt(rt, row, now, RESTORED)
    return [row.id for row in rows]


def _doubt(rt: Runtime, row: Delivery, now: datetime, reason: str) -> None:
    row.owner, row.lease_until = None, None
    row.reason, row.absent_reads, row.next_at = reason, 0, now + first_look(rt.settings)
    if row.state is not DeliveryState.UNCERTAIN:
        row.move(DeliveryState.UNCERTAIN, now, why=RESTORED)


def _row(session: Session, now: datetime) -> Epoch:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(Epoch)
        .values(id=1, database=str(uuid4()), beats=0, beat_at=now)
        .on_conflict_do_nothing()
    )
    return session.scalars(select(Epoch).where(Epoch.id == 1).with_for_update()).one()


def _read(rt: Runtime) -> Known | None:
    path: Path = rt.settings.data_dir / FILE
    try:
        return Known(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (TypeError, ValueError):
        log.exception("epoch.unreadable", path=str(path))  # as if there were none: see `rukon restored`
        return None
