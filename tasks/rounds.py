"""A look at the database that needs no broker: Redis may be down, empty or lying, and posts still go out."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog

from services import preparing, publishing, reconciling, rescue, verification, watching
from services.incarnations import Life
from services.runtime import Runtime

log = structlog.get_logger()

QUIET_S = 4.0


class Rounds:
    """A thread that does whole rounds by itself whenever no tick has come for some seconds."""

    def __init__(self, rt: Runtime, life: Life) -> None:
        self._rt = rt
        self._life = life
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._look, name="rounds", daemon=True)
        self._pool = ThreadPoolExecutor(rt.settings.send_threads, "send")
        self._sends: set[Future[int]] = set()

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Begin nothing more; wait so long for what is being sent."""
        self._ending.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        wait(self._sends, seconds)

    def _look(self) -> None:
        poll = self._rt.settings.poll_s
        while not self._ending.wait(poll):
            if time.monotonic() - self._life.pulse.heard < max(QUIET_S, 1.5 * poll):
                continue
            try:
                self._round()
            except Exception:
                log.exception("rounds.failed")

    def _round(self) -> None:
        rt, life = self._rt, self._life
        publishing.keep_alive(rt, life)
        self._sends = {send for send in self._sends if not send.done()}
        for _ in range(min(publishing.due_count(rt, life=life), rt.settings.send_threads - len(self._sends))):
            self._sends.add(self._pool.submit(self._send))
        preparing.prepare_ahead(rt, life)
        rescue.rescue(rt, life)
        reconciling.reconcile_due(rt, life)
        verification.verify_due(rt, life)
        watching.watch(rt, life)

    def _send(self) -> int:
        try:
            return publishing.drain(self._rt, self._life)
        except Exception:
            log.exception("rounds.send_failed")
            return 0
