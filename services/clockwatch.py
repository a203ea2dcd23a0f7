"""A machine's time that jumps, or differs from the database's: claim nothing for a minute, and tell somebody.

The wall clock says when a post is due, the second hand how long a minute is. They part only when somebody, or
a broken time service, sets the clock; then a post could leave an hour early.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select

from core.clock import Clock, SystemClock
from core.vocab import AlertKind
from services.alerts import raise_alert
from services.runtime import Runtime

log = structlog.get_logger()

TOLERATED_S = 2.0
PAUSE_S = 60.0
ANCHOR_S = 60.0  # a clock that is slewed drifts less than the tolerance in this time
JUMPED, DIFFERS = "clock_jumped", "clock_differs"


@dataclass(frozen=True)
class Moment:
    """A time once believed; the second hand carries it on, whatever the clock is set to meanwhile."""

    at: datetime
    second: float

    def now(self, clock: Clock) -> datetime:
        """Return the time that has come since."""
        return self.at + timedelta(seconds=clock.monotonic() - self.second)


@dataclass
class Watch:
    """Wall clock and second hand as they stood together once, and until which second nothing is claimed."""

    wall: datetime | None = None
    second: float = 0.0
    paused_until: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def jump(self, now: datetime, second: float) -> float:
        """Return by how many seconds the clock was set since the last look, 0 if within tolerance."""
        with self.lock:
            jumped = 0.0
            if self.wall is not None:
                jumped = (now - self.wall).total_seconds() - (second - self.second)
            if abs(jumped) <= TOLERATED_S:
                jumped = 0.0
            else:
                self.paused_until = second + PAUSE_S
            if self.wall is None or jumped or second - self.second > ANCHOR_S:
                self.wall, self.second = now, second
            return jumped


def believed(rt: Runtime, watch: Watch | None = None) -> Moment | None:
    """Return the time; None while it is not to be believed: the clock jumped within the last minute.

    Who acts upon the time takes it from here alone: between two questions to the clock it may jump.
    """
    moment = Moment(rt.clock.now(), rt.clock.monotonic())
    if watch is None:
        return moment
    jumped = watch.jump(moment.at, moment.second)
    if jumped:
        log.error("clock.jumped", seconds=round(jumped, 3))
        _tell(rt, JUMPED)
    return moment if moment.second >= watch.paused_until else None


def compare(rt: Runtime, watch: Watch) -> None:
    """Pause while a database server, which all machines share, has another time than this machine."""
    if rt.engine.dialect.name != "postgresql" or not isinstance(rt.clock, SystemClock):
        return
    before = rt.clock.now()
    with rt.sessions.begin() as session:
        theirs = session.scalars(select(func.clock_timestamp())).one()
    slack = timedelta(seconds=TOLERATED_S)
    if before - slack <= theirs <= rt.clock.now() + slack:
        return
    log.error("clock.differs", seconds=round((before - theirs).total_seconds(), 3))
    watch.paused_until = rt.clock.monotonic() + PAUSE_S
    _tell(rt, DIFFERS)


def _tell(rt: Runtime, code: str) -> None:
    with rt.sessions.begin() as session:
        raise_alert(session, AlertKind.CLOCK, 0, rt.clock.now(), code)
