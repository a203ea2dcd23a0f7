"""Which process owns a send, and whether it lives: the kernel drops its lock file at its death."""

import fcntl
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Incarnation
from services.clockwatch import Watch, believed
from services.restoring import count_on, write_down
from services.runtime import Runtime
from services.stillness import Stillness

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
START_TICK = 19  # of the fields behind the name in /proc/PID/stat: when the process started


@dataclass
class Pulse:
    """Monotonic seconds of the last tick by the broker, the last sign of life, the last one written."""

    heard: float = float("-inf")
    ticked: float = float("-inf")
    written: float = float("-inf")


@dataclass(frozen=True)
class Life:
    """One life of this process: its uuid is the owner of what it claims."""

    uuid: str
    lock: BinaryIO
    closing: threading.Event = field(default_factory=threading.Event)  # set: claim nothing more
    pulse: Pulse = field(default_factory=Pulse)
    sends: Stillness = field(default_factory=Stillness)  # of all processes, as this one sees them
    beats: Stillness = field(default_factory=Stillness)
    watch: Watch = field(default_factory=Watch)
    busy: set[tuple[int, int]] = field(default_factory=set)  # delivery and fence that a thread has in hand
    claiming: set[int] = field(default_factory=set)  # threads that may have something in hand in a moment

    @property
    def idle(self) -> bool:
        """Say whether nothing is in hand; once `closing` is set, it stays so."""
        return not self.claiming and not self.busy


def host_name() -> str:
    """Return what names this kernel: lock files prove something only between processes of one kernel."""
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else os.uname().nodename


def be_born(rt: Runtime, role: str) -> Life:
    """Take a lock file for life and write the incarnation down."""
    rt.locks_dir.mkdir(parents=True, exist_ok=True)
    uuid = str(uuid4())
    path = rt.locks_dir / f"{uuid}.lock"
    lock = path.open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    now = rt.clock.now()
    with rt.sessions.begin() as session:
        known = count_on(rt, session)
        session.add(
            Incarnation(
                uuid=uuid, role=role, host=host_name(), pid=os.getpid(), pid_mark=mark_of(os.getpid()),
                lock_path=str(path.absolute()), started_at=now, heartbeat_at=now,
            )
        )  # fmt: skip
    write_down(rt, known)
    return Life(uuid, lock)


def beat(rt: Runtime, life: Life) -> None:
    """Say that this process still works; the books learn the time only from a clock that is believed."""
    moment = believed(rt, life.watch)
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        session.execute(update(Incarnation).where(Incarnation.uuid == life.uuid).values(heartbeat_at=now))
        known = count_on(rt, session) if moment else None
    if known:
        write_down(rt, known)


def die(rt: Runtime, life: Life) -> None:
    """End a life in order: nothing of it is in flight any more."""
    with rt.sessions.begin() as session:
        session.execute(
            update(Incarnation).where(Incarnation.uuid == life.uuid).values(ended_at=rt.clock.now())
        )
    life.lock.close()
    with suppress(FileNotFoundError):
        Path(life.lock.name).unlink()


def proved_dead(session: Session, uuid: str, now: datetime, patience: timedelta) -> bool:
    """Say whether an owner can no longer send anything; in doubt, False.

    On this kernel its lock file decides: a stopped process keeps its lock, a killed one does not. Elsewhere
    only time can: silent for longer than `patience`, far beyond a lease and the life of its connection.
    """
    life = session.get(Incarnation, uuid)
    if life is None:
        return False
    if life.ended_at is not None:
        return True
    if life.host == host_name():
        return _lock_is_free(Path(life.lock_path))
    return now - life.heartbeat_at > patience


def lives_here(life: Incarnation) -> bool:
    """Say whether a process of this kernel has not ended: running or stopped, it holds its lock file."""
    held = life.host == host_name() and Path(life.lock_path).exists()
    return life.ended_at is None and held and not _lock_is_free(Path(life.lock_path))


def died_here(life: Incarnation) -> bool:
    """Say whether a process of this kernel was killed: its lock file lies there and nobody holds it."""
    return life.host == host_name() and _lock_is_free(Path(life.lock_path))


def mark_of(pid: int) -> str:
    """Return what tells a process from any other that has or had its number; empty where nothing can."""
    try:
        namespace = Path(f"/proc/{pid}/ns/pid").stat().st_ino
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except OSError:
        return ""
    return f"{namespace}:{after_name.split()[START_TICK]}"


def _lock_is_free(path: Path) -> bool:
    try:
        handle = path.open("rb")
    except FileNotFoundError:
        return False
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
