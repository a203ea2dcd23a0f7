"""The long-running commands: all in one process, or one process per kind of work."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
import uvicorn

from cli import health
from cli.supervise import RESTARTED
from core import log as logs
from core.config import Settings
from models import schema
from services import watching
from services.runtime import Runtime, build_runtime
from tasks.app import configure
from tasks.running import Beat, Hands, all_queues
from web.app import create_app

log = structlog.get_logger()

SPARE_THREADS = 4
NOTE_S = 2.0
DEAF_S = 90.0


def serve() -> None:
    """Run pages, Celery worker and beat in one process (the embedded service)."""
    rt = _ready()
    if os.environ.get(RESTARTED):
        watching.tell_silent(rt)
    hands = Hands(rt, "service", all_queues(), rt.settings.send_threads + SPARE_THREADS)
    beat = Beat()
    hands.start()
    beat.start()
    try:
        _pages(rt)
    finally:
        beat.stop()
        _leave(ended=hands.stop())


def web() -> None:
    """Run the pages alone."""
    _pages(_ready())


def worker() -> None:
    """Run the Celery worker that publishes and makes documents."""
    rt = _ready()
    hands = Hands(rt, "worker", ("publish", "documents"), rt.settings.send_threads + SPARE_THREADS)
    _until_told("worker", hands)


def collector() -> None:
    """Run the Celery worker that collects figures."""
    hands = Hands(_ready(), "collector", ("collect",), SPARE_THREADS)
    _until_told("collector", hands)


def beat() -> None:
    """Run the timetable; several do no harm."""
    rt = _ready()
    configure(rt.settings)
    _until_told("beat", Beat())


def migrate() -> None:
    """Bring the database up to date."""
    rt = build_runtime(Settings())
    schema.upgrade(rt.engine)


def _ready() -> Runtime:
    settings = Settings()
    logs.configure(settings.log_level, as_json=settings.log_json)
    rt = build_runtime(settings)
    if not settings.database_url:
        schema.upgrade(rt.engine)  # one machine: nobody else migrates it
    return rt


def _pages(rt: Runtime) -> None:
    config = uvicorn.Config(
        create_app(rt), host=rt.settings.host, port=rt.settings.port, log_config=None, access_log=False,
        timeout_graceful_shutdown=10, server_header=False,
    )  # fmt: skip
    log.info("web.start", host=rt.settings.host, port=rt.settings.port)
    with _signals():  # uvicorn raises the signal again when it has stopped: it must not end us half way
        uvicorn.Server(config).run()


def _until_told(kind: str, part: Hands | Beat) -> None:
    with _signals() as told:
        part.start()
        log.info("process.start", pid=os.getpid(), command=kind)
        well = time.monotonic()
        while not told.wait(NOTE_S):
            if part.works():
                well = time.monotonic()
                health.note(kind)
            elif time.monotonic() - well > DEAF_S:
                log.error("process.deaf", pid=os.getpid(), command=kind)
                os._exit(1)  # who restarts processes begins anew; what was under way is looked for
        ended = part.stop()
        health.forget(kind)
        log.info("process.stop", pid=os.getpid())
    _leave(ended=ended)


def _leave(*, ended: bool) -> None:
    """End at once if a send is still under way after the grace: Python would wait for its thread."""
    if not ended:
        os._exit(1)


@contextmanager
def _signals(
    numbers: Sequence[signal.Signals] = (signal.SIGINT, signal.SIGTERM),
) -> Iterator[threading.Event]:
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in numbers}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
