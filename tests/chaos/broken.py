"""Three habits of other schedulers, put in the place of ours: the run from outside must see what they do.

Only the nursery's children read RUKON_CHAOS_BROKEN; the product has no such switch.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors import oneshot
from core.vocab import DeliveryState
from models import Delivery
from services import reconciling, rescue, watching


def break_policy(name: str) -> None:
    """Put one habit into this process; an empty name leaves it as it is."""
    if name:
        HABITS[name]()


def retry_on_crash() -> None:
    """Send again what a dead process may have sent (acks_late, reject_on_worker_lost)."""
    rescue._may_have_sent = lambda *_: False


def no_quiescence() -> None:
    """Look once, at once, and send again if nothing is there yet."""
    reconciling.READS_NEEDED = 1


def lease_by_time() -> None:
    """Take an owner for dead when its lease is over, end nobody who hangs, send however late one wakes."""
    rescue.proved_dead = _lease_is_over
    watching._hung = lambda *_: []
    oneshot.Haste.too_late = False


def _lease_is_over(session: Session, owner: str, now: datetime, _patience: object) -> bool:
    mine = select(Delivery.id).where(
        Delivery.owner == owner, Delivery.state == DeliveryState.SENDING, Delivery.lease_until < now
    )
    return session.scalar(mine.limit(1)) is not None


HABITS = {
    "retry-on-crash": retry_on_crash,
    "no-quiescence": no_quiescence,
    "lease-by-time": lease_by_time,
}
