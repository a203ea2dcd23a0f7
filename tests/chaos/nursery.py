"""Bears processes of ours by fork, so that a thousand lives do not cost a thousand imports.

Reads one JSON order a line: {"role", "environment", "log"}; answers {"born": pid}, {"died": pid, "signal":
number} for each death and {"stopped": pid} for each stop. When its input ends, it takes every child with it.

Beside RUKON_CRASH a child knows RUKON_CHAOS_STOP, in the same form: there it stops instead of dying;
RUKON_CHAOS_COMMIT=30: it dies around its 30th commit; RUKON_CHAOS_CLOCK=3600: for a while its clock is wrong.
"""

import contextlib
import ctypes
import gc
import json
import os
import random
import select
import signal
import sys
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

import celery.concurrency.thread
import celery.worker.consumer
import celery.worker.pidbox
import kombu.transport.memory
import kombu.transport.redis
from sqlalchemy import Engine, event

from cli import processes
from core.clock import SystemClock
from core.crashpoints import Rehearsal, die, plan, rehearse
from services import preparing, staging
from services.clockwatch import Watch
from tasks.app import app
from tests.chaos.broken import break_policy
from tests.chaos.weather import IN_COMMIT

READ_ONCE = (celery.concurrency.thread, celery.worker, kombu.transport)  # half of a life otherwise
ROLES = {
    "worker": processes.worker,
    "beat": processes.beat,
    "service": processes.serve,
    "web": processes.web,
}
PR_SET_PDEATHSIG = 1
LOOK_S = 0.02
COMMIT_TAKES_S = 0.006
RIGHT_S, WRONG_S = 2.0, 8.0  # how long a clock is right first, and wrong then
CHUNK = 65_536


def main() -> None:
    assert threading.active_count() == 1, "a fork copies one thread only"
    app.loader.import_default_modules()
    gc.freeze()
    _say(ready=True)
    unread, children = b"", set()
    try:
        while True:
            if select.select([0], [], [], LOOK_S)[0]:
                chunk = os.read(0, CHUNK)
                if not chunk:
                    return
                *orders, unread = (unread + chunk).split(b"\n")
                for order in orders:
                    children.add(_bear(json.loads(order)))
            _bury(children)
    finally:
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def _bear(order: dict) -> int:
    child = os.fork()
    if child == 0:
        _live(order)
    _say(born=child)
    return child


def _live(order: dict) -> None:
    """Be the process: it ends here, whatever happens."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.clear()
        os.environ.update(order["environment"])
        _rehearse(os.environ)
        _hasten()
        break_policy(os.environ.get("RUKON_CHAOS_BROKEN", ""))
        ROLES[order["role"]]()
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 -- a child must never return into the nursery
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _rehearse(environment: Mapping[str, str]) -> None:
    deaths, stops = (plan(environment.get(name, "")) for name in ("RUKON_CRASH", "RUKON_CHAOS_STOP"))
    rehearse(Rehearsal(deaths | stops, lambda name: _stop() if name in stops else die(name)))
    if commit := int(environment.get("RUKON_CHAOS_COMMIT", 0)):
        _die_in_commit(commit)
    if seconds := float(environment.get("RUKON_CHAOS_CLOCK", 0)):
        _set_clock(timedelta(seconds=seconds))


def _die_in_commit(number: int) -> None:
    """Kill this process at a random instant of its n-th commit, or right before or after it."""
    left = [number]

    def soon(_connection: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            delay = random.uniform(0, COMMIT_TAKES_S)  # noqa: S311 -- an instant, not a secret
            threading.Timer(delay, die, [IN_COMMIT]).start()

    event.listen(Engine, "commit", soon)


def _set_clock(delta: timedelta) -> None:
    """Set this process's clock some seconds after it was first looked at, and set it right again: two jumps.

    A machine's clock is one for all: that a single process is born into a wrong time does not happen.
    """
    now, jump, looked = SystemClock.now, Watch.jump, []

    def look(watch: Watch, moment: datetime, second: float) -> float:
        looked.append(second)
        return jump(watch, moment, second)

    def seen(clock: SystemClock) -> datetime:
        wrong = looked and RIGHT_S < clock.monotonic() - looked[0] < RIGHT_S + WRONG_S
        return now(clock) + (delta if wrong else timedelta(0))

    SystemClock.now, Watch.jump = seen, look  # type: ignore[method-assign]  # in this child alone


def _hasten() -> None:
    """Shorten the waits that are no settings, as the settings shorten the others."""
    preparing.PAUSE = timedelta(seconds=1)
    staging.BUSY = timedelta(seconds=4)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _bury(children: set[int]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
        if pid == 0:
            return
        if os.WIFSTOPPED(status):
            _say(stopped=pid)
            continue
        children.discard(pid)
        _say(died=pid, signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)


def _say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
