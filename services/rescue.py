"""Step 7: what a dead process left in `sending` goes back to the queue, or is looked for."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.crashpoints import reach
from core.vocab import PUBLIC_PHASES, AttemptOutcome, DeliveryState
from models import Attempt, Delivery
from services.clockwatch import believed
from services.incarnations import Life, proved_dead
from services.patience import first_look
from services.runtime import Runtime

log = structlog.get_logger()

UNSENT = (AttemptOutcome.NONE, AttemptOutcome.RETRY, AttemptOutcome.REJECTED)


def rescue(rt: Runtime, life: Life | None = None) -> int:
    """Free the deliveries of owners that are proved dead; return how many.

    life: this process's own; what it claimed and no thread of it has in hand any more is free as well. (A
    claim not yet in hand may be freed too: its fence has passed then, and it cannot be sent.)
    """
    patience = timedelta(seconds=rt.settings.lease_s + rt.settings.quiescence_s)
    freed: list[int] = []
    moment = believed(rt, life.watch if life else None)
    if moment is None:
        return 0
    with rt.sessions.begin() as session:
        rows = session.scalars(
            select(Delivery).where(Delivery.state == DeliveryState.SENDING).with_for_update(skip_locked=True)
        ).all()
        dead: dict[str, bool] = {}
        for row in rows:
            owner = row.owner or ""
            if owner not in dead:
                dead[owner] = proved_dead(session, owner, moment.now(rt.clock), patience)
            dropped = life is not None and owner == life.uuid and (row.id, row.fence) not in life.busy
            if dead[owner] or dropped:
                # the time is read after the proof, however long we waited: nothing was sent after it
                _free(rt, session, row, moment.now(rt.clock))
                freed.append(row.id)
    if freed:
        reach("after_rescue")
        log.warning("delivery.rescue", deliveries=freed)
    return len(freed)


def _free(rt: Runtime, session: Session, row: Delivery, now: datetime) -> None:
    row.owner, row.lease_until = None, None
    row.reason = "worker_died"
    if _may_have_sent(session, row):
        row.next_at, row.absent_reads = now + first_look(rt.settings), 0
        row.move(DeliveryState.UNCERTAIN, now, why="worker_died")
    else:
        row.next_at = now
        row.move(DeliveryState.SCHEDULED, now, why="worker_died")


def _may_have_sent(session: Session, row: Delivery) -> bool:
    """Say whether a public call of the present fence may have left: no attempt row, no call."""
    outcome = session.scalar(
        select(Attempt.outcome).where(
            Attempt.delivery_id == row.id,
            Attempt.fence == row.fence,
            Attempt.phase.in_(PUBLIC_PHASES),
        )
    )
    return outcome is not None and outcome not in UNSENT
