"""Celery worker and beat as threads of a process, started and stopped in order."""

import threading
import time
from collections.abc import Sequence

import structlog
from celery.beat import Scheduler, Service

from services import incarnations, publishing, reconciling, rescue, verification
from services.runtime import Runtime
from tasks.app import app, bind
from tasks.schedule import QUEUES, WATCH_S

log = structlog.get_logger()

GRACE_S = 30.0
SILENCE_S = 30.0


class Clockwork(Scheduler):
    """Celery's scheduler, asleep until the very moment: its own wakes 10 ms early each time and spins."""

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

    def stop(self) -> None:
        self._service.stop()
        self._thread.join(GRACE_S)


class Hands:
    """A Celery worker in a thread, and a second look at the database that needs no broker at all."""

    def __init__(self, rt: Runtime, role: str, queues: Sequence[str], threads: int) -> None:
        self.rt = rt
        self.life = incarnations.be_born(rt, role)
        bind(rt, self.life)
        self._stopping = threading.Event()
        self._worker = app.WorkController(
            pool_cls="threads", concurrency=threads, queues=list(queues), without_mingle=True,
            without_gossip=True, without_heartbeat=True, loglevel="WARNING",
        )  # fmt: skip
        self._thread = threading.Thread(target=self._worker.start, name="hands", daemon=True)
        self._watch = threading.Thread(target=self._look_without_broker, name="watch", daemon=True)
        self._publishes = "publish" in queues

    def start(self) -> None:
        self._thread.start()
        if self._publishes:
            self._watch.start()

    def works(self) -> bool:
        """Say whether a tick, or a look without the broker, came through lately."""
        return time.monotonic() - self.life.pulse.ticked < SILENCE_S

    def stop(self) -> None:
        """Claim nothing more, let what is being sent end, then let go of the lock file."""
        self.life.closing.set()
        self._stopping.set()
        self._worker.stop()
        self._thread.join(GRACE_S)
        if self._publishes:
            self._watch.join(GRACE_S)
        incarnations.die(self.rt, self.life)

    def _look_without_broker(self) -> None:
        """Do a whole round by ourselves whenever ticks stay away: Redis may be down, empty or lying."""
        while not self._stopping.wait(max(WATCH_S, self.rt.settings.poll_s)):
            if time.monotonic() - self.life.pulse.ticked < WATCH_S:
                continue
            try:
                publishing.keep_alive(self.rt, self.life)
                publishing.due_count(self.rt)
                publishing.drain(self.rt, self.life)
                rescue.rescue(self.rt, self.life)
                reconciling.reconcile_due(self.rt)
                verification.verify_due(self.rt)
            except Exception:
                log.exception("hands.round_failed")


def all_queues() -> list[str]:
    """Return every queue's name."""
    return sorted(set(QUEUES.values()))
