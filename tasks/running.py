"""Celery worker and beat as threads of a process, started and stopped in order."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from celery.beat import Scheduler, Service
from celery.worker import state

from services import incarnations, publishing
from services.runtime import Runtime
from tasks.app import app, bind
from tasks.rounds import Rounds
from tasks.schedule import QUEUES

log = structlog.get_logger()

BEAT_GRACE_S = 3.0
GRACE_S = 28.0  # who stops us waits a little longer before it kills
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SILENCE_S = 45.0  # longer than one send may take


class Clockwork(Scheduler):
    """Celery's scheduler, asleep until the very moment: its own wakes 10 ms early each time and spins."""

    def setup_schedule(self) -> None:
        """Begin with every tick at once: nobody may have done anything for long."""
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.last_run_at = LONG_AGO

    def adjust(self, n: float, drift: float = 0.0) -> float:
        del drift
        return n


class Beat:
    """The timetable's clockwork in a thread."""

    def __init__(self) -> None:
        self._service = Service(app, scheduler_cls=Clockwork)
        self._thread = threading.Thread(
            target=self._service.start, kwargs={"embedded_process": True}, daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def works(self) -> bool:
        """Say whether the clockwork still turns."""
        return self._thread.is_alive()

    def stop(self) -> bool:
        """Begin no more ticks; it holds nothing that could be lost while it looks for a dead broker."""
        self._service.stop()
        self._thread.join(BEAT_GRACE_S)
        return True


class Hands:
    """A Celery worker in a thread, and a second look at the database that needs no broker at all."""

    def __init__(self, rt: Runtime, role: str, queues: Sequence[str], threads: int) -> None:
        self.rt = rt
        self.life = incarnations.be_born(rt, role)
        bind(rt, self.life)
        self._worker = app.WorkController(
            pool_cls="threads", concurrency=threads, queues=list(queues), without_mingle=True,
            without_gossip=True, without_heartbeat=True, loglevel="WARNING",
        )  # fmt: skip
        self._thread = threading.Thread(target=self._worker.start, name="hands", daemon=True)
        self._rounds = Rounds(rt, self.life) if "publish" in queues else None

    def start(self) -> None:
        state.should_stop = None
        publishing.keep_alive(self.rt, self.life)
        self._thread.start()
        if self._rounds:
            self._rounds.start()

    def works(self) -> bool:
        """Say whether a tick, or a look without the broker, came through lately."""
        return time.monotonic() - self.life.pulse.ticked < SILENCE_S

    def stop(self) -> bool:
        """Claim nothing more and let what is being sent end; False if a platform let us wait too long.

        Then the lock file stays held until the process ends: nobody may think that its sends have.
        """
        self.life.closing.set()
        deadline = time.monotonic() + GRACE_S
        _give_up_broker()
        # waits for every task, however long; so it gets a thread that may be left behind
        stopper = threading.Thread(target=self._worker.stop, name="stop", daemon=True)
        stopper.start()
        if self._rounds:
            self._rounds.stop(deadline - time.monotonic())
        for thread in (stopper, self._thread):
            thread.join(max(deadline - time.monotonic(), 0))
        if not self.life.idle:
            log.error("hands.cut_off", deliveries=sorted(delivery_id for delivery_id, _ in self.life.busy))
            return False
        incarnations.die(self.rt, self.life)
        return True


def _give_up_broker() -> None:
    """End Celery's search for a lost broker, which hears of nothing else."""
    setattr(state, "should_stop", 0)  # noqa: B010 -- its stubs know None alone


def all_queues() -> list[str]:
    """Return every queue's name."""
    return sorted(set(QUEUES.values()))
