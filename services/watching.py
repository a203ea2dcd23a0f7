"""Nothing stays half way untold: limits of unclear deliveries, hung and silent workers."""

import os
import signal
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.vocab import AlertKind, DeliveryState
from models import Alert, Delivery, Incarnation, Move
from services import modes
from services.accounts import probe_due
from services.alerts import end_alert, raise_alert
from services.claiming import due_ids
from services.clockwatch import believed
from services.endings import tell_all_endings
from services.incarnations import Life, died_here, lives_here, mark_of
from services.renewing import renew_due
from services.restoring import look_first
from services.runtime import Runtime

log = structlog.get_logger()

SILENT_S = 60.0
WORKERS = ("worker", "service")  # who publishes, and so must be heard
UNREADABLE = "unreadable"
TOO_LONG = "sending_too_long"


def watch(rt: Runtime, life: Life) -> None:
    """Look once: raise and end alerts, ask about accounts that cannot publish, end workers that hang."""
    moment = believed(rt, life.watch)
    if moment is None:
        return  # what seems old may only look so
    now = moment.at
    with rt.sessions.begin() as session:
        _watch_sending(rt, session, now)
        _watch_unclear(rt, session, now)
        _end_settled(session, now)
        modes.hold_covered(session, now)
        tell_all_endings(session, now)
        look_first(rt, session, now)
        _watch_restored(rt, session, now)
        ill = [*_hung(rt, session, life, now), *_silent(rt, session, life, now)]
    for one in ill:
        _end_process(one)
    renew_due(rt)
    probe_due(rt)


def tell_silent(rt: Runtime) -> None:
    """Raise the alert of a worker that its supervisor had to start again."""
    with rt.sessions.begin() as session:
        raise_alert(session, AlertKind.SILENT, 0, rt.clock.now(), "")


def _watch_sending(rt: Runtime, session: Session, now: datetime) -> None:
    """Tell of what is being sent for longer than two leases."""
    limit = now - timedelta(seconds=rt.settings.lease_s)
    ids = session.scalars(
        select(Delivery.id).where(Delivery.state == DeliveryState.SENDING, Delivery.lease_until < limit)
    )
    for delivery_id in ids:
        _tell(session, delivery_id, now, TOO_LONG)


def _watch_unclear(rt: Runtime, session: Session, now: datetime) -> None:
    """Tell of what is unclear for long, and at last hand it to a person: the platform cannot be read."""
    since = (
        select(func.max(Move.at))
        .where(Move.subject == "delivery", Move.subject_id == Delivery.id)
        .scalar_subquery()
    )
    alarm, limit = (
        timedelta(minutes=minutes)
        for minutes in (rt.settings.unclear_alarm_min, rt.settings.unclear_limit_min)
    )
    rows = session.execute(
        select(Delivery, since)
        .where(Delivery.state == DeliveryState.UNCERTAIN, Delivery.lost_until.is_(None), since < now - alarm)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    for row, moved_at in rows:
        if now - moved_at > limit:
            row.reason = UNREADABLE
            row.move(DeliveryState.NEEDS_HUMAN, now, why=UNREADABLE)
        else:
            _tell(session, row.id, now, row.reason)


def _watch_restored(rt: Runtime, session: Session, now: datetime) -> None:
    """Keep one alert open while posts that a restore made unclear cannot be looked for."""
    told = select(Alert.id).where(Alert.kind == AlertKind.RESTORED, Alert.closed_at.is_(None))
    rows = session.scalars(
        select(Delivery.id).where(
            Delivery.state == DeliveryState.UNCERTAIN, Delivery.lost_until.is_not(None),
            Delivery.lost_until < now - timedelta(minutes=rt.settings.unclear_alarm_min), ~told.exists(),
        )
    ).all()  # fmt: skip
    if rows:
        raise_alert(session, AlertKind.RESTORED, 0, now, "", rows)


def _tell(session: Session, delivery_id: int, now: datetime, code: str) -> None:
    if raise_alert(session, AlertKind.UNSETTLED, delivery_id, now, code):
        log.warning("delivery.unsettled", delivery_id=delivery_id, code=code)


def _end_settled(session: Session, now: datetime) -> None:
    """Close the alerts of deliveries whose outcome is known by now, or which wait at the desk."""
    told = select(Alert.subject_id).where(Alert.kind == AlertKind.UNSETTLED, Alert.closed_at.is_(None))
    half_way = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    settled = select(Delivery.id).where(Delivery.id.in_(told), Delivery.state.not_in(half_way))
    for delivery_id in session.scalars(settled).all():
        end_alert(session, AlertKind.UNSETTLED, delivery_id, now)


def _hung(rt: Runtime, session: Session, life: Life, now: datetime) -> list[Incarnation]:
    """Return the living owners, on this kernel, of what we ourselves saw them send for twice a lease."""
    rows = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.SENDING)).all()
    fences = {row.id: row.fence for row in rows}
    old = life.sends.beyond(2 * rt.settings.lease_s, rt.clock.monotonic(), fences)
    found = []
    for row in rows:
        owner = session.get(Incarnation, row.owner) if row.id in old else None
        if owner is not None and lives_here(owner):
            raise_alert(session, AlertKind.HUNG, row.id, now, "")
            found.append(owner)
    return found


def _silent(rt: Runtime, session: Session, life: Life, now: datetime) -> list[Incarnation]:
    """Return the other living workers, on this kernel, whose heartbeat stands still while posts are due."""
    rows = session.scalars(
        select(Incarnation).where(
            Incarnation.role.in_(WORKERS), Incarnation.ended_at.is_(None), Incarnation.uuid != life.uuid
        )
    ).all()
    beats = {row.uuid: row.heartbeat_at for row in rows}
    still = life.beats.beyond(SILENT_S, rt.clock.monotonic(), beats)
    for row in rows:
        if row.uuid in still and died_here(row):
            row.ended_at = now  # nobody need look at its lock file again
    found = [row for row in rows if row.uuid in still and lives_here(row)]
    if not found or not due_ids(session, now, 1):
        return []
    raise_alert(session, AlertKind.SILENT, 0, now, "")
    return found


def _end_process(one: Incarnation) -> None:
    """Kill a process if the kernel says that this number is still that life of it."""
    try:
        handle = os.pidfd_open(one.pid)
    except OSError:
        return
    try:
        if one.pid_mark and mark_of(one.pid) == one.pid_mark:
            log.error("worker.killed", pid=one.pid, role=one.role, incarnation=one.uuid)
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    finally:
        os.close(handle)
