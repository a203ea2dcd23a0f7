"""One post's way out: look for what is due, claim it, send it, record it. The database row is the queue."""

import threading
import time

import structlog

from core.crashpoints import reach
from services.chains import keep_in_step
from services.claiming import Claim, claim_next, due_ids, miss_overdue
from services.clockwatch import believed, compare
from services.incarnations import Life, beat
from services.pacing import note_open
from services.preparing import MEDIA_NOT_STAGED, prepare
from services.runtime import Runtime
from services.sending import record, send
from services.two_phase import send_in_two

log = structlog.get_logger()

HEARTBEAT_S = 10.0


def due_count(rt: Runtime, limit: int = 100, life: Life | None = None) -> int:
    """Close what has missed its window, then return how many deliveries could go out now (at most limit).

    life: this process's own; after a jump of its clock nothing is due and nothing missed for a minute.
    """
    moment = believed(rt, life.watch if life else None)
    if moment is None:
        return 0
    now = moment.at
    with rt.sessions.begin() as session:
        note_open(session, now)
        missed = miss_overdue(session, now)
        keep_in_step(session, now)
        due = len(due_ids(session, now, limit, rt.settings.pace_s))
    if missed:
        log.warning("delivery.missed", deliveries=missed)
    return due


def hear(rt: Runtime, life: Life) -> None:
    """Note that a tick came through the broker."""
    life.pulse.heard = time.monotonic()
    keep_alive(rt, life)


def keep_alive(rt: Runtime, life: Life) -> None:
    """Note that this process works: in memory each time, in the database every few seconds."""
    life.pulse.ticked = time.monotonic()
    if life.pulse.ticked - life.pulse.written > HEARTBEAT_S:
        life.pulse.written = life.pulse.ticked
        beat(rt, life)
        compare(rt, life.watch)


def drain(rt: Runtime, life: Life) -> int:
    """Send what is due until nothing more can be claimed; return how many claims were carried out."""
    count = 0
    while not life.closing.is_set() and publish_next(rt, life) is not None:
        count += 1
        keep_alive(rt, life)  # a long queue must not look like a silent worker
    return count


def publish_next(rt: Runtime, life: Life) -> int | None:
    """Claim the oldest due delivery and send it at most once; return its id, None if nothing may go now."""
    claimed = _take_in_hand(rt, life)
    if claimed is None:
        return None
    try:
        _carry_out(rt, claimed)
    finally:
        life.busy.discard((claimed.delivery_id, claimed.fence))  # whatever broke: rescue sees it in no hand
    return claimed.delivery_id


def _take_in_hand(rt: Runtime, life: Life) -> Claim | None:
    """Claim; who ends this process either sees us at it, or has told us before that nothing is claimed."""
    me = threading.get_ident()
    life.claiming.add(me)
    try:
        reach("before_claim")
        moment = None if life.closing.is_set() else believed(rt, life.watch)
        claimed = claim_next(rt, life.uuid, moment) if moment else None
        if claimed is not None:
            life.busy.add((claimed.delivery_id, claimed.fence))
        return claimed
    finally:
        life.claiming.discard(me)


def _carry_out(rt: Runtime, claimed: Claim) -> None:
    reach("after_claim")
    started = rt.clock.monotonic()
    result = (send_in_two if claimed.two_phase else send)(rt, claimed)  # foreign call: no transaction is open
    reach("after_send")
    state = record(rt, claimed, result)
    code = getattr(result, "code", "")
    if code == MEDIA_NOT_STAGED:
        prepare(rt, claimed.delivery_id, claimed.moment)
    log.info(
        "delivery.publish",
        delivery_id=claimed.delivery_id,
        channel=claimed.access.channel,
        state=state,
        code=code,
        seconds=round(rt.clock.monotonic() - started, 3),
    )
