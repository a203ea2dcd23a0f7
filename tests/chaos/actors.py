"""Processes of ours inside one test: each has its own life and can be stopped or killed at a crash point."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from core.crashpoints import Rehearsal, rehearse
from services import incarnations
from services.incarnations import Life
from services.runtime import Runtime

PATIENCE_S = 20.0
NO_REHEARSAL = Rehearsal({})


class Killed(BaseException):
    """What SIGKILL is to a thread of a test: nothing after it runs, and open transactions roll back."""


@dataclass
class Actor:
    """One process. `halted_at` names the crash point it is stopped at, empty if it is free."""

    rt: Runtime
    life: Life
    halted_at: str = ""
    alive: bool = True
    _thread: threading.Thread | None = None
    _doomed: bool = False
    _turn: threading.Event = field(default_factory=threading.Event)
    _go: threading.Event = field(default_factory=threading.Event)
    _broken: BaseException | None = None

    @classmethod
    def born(cls, rt: Runtime) -> "Actor":
        """Start a process."""
        return cls(rt, incarnations.be_born(rt, "machine"))

    def do(self, deed: Callable[[Runtime, Life], object]) -> None:
        """Do a deed from beginning to end."""
        deed(self.rt, self.life)

    def do_until(self, deed: Callable[[Runtime, Life], object], point: str, *, killed: bool) -> None:
        """Do a deed; at its first visit of the point be killed, or stop there until `go_on` or `kill`."""
        self._doomed, self._broken = killed, None
        self._turn.clear()
        self._go.clear()
        rehearse(Rehearsal({point: 1}, self._halt))
        self._thread = threading.Thread(target=self._run, args=(deed,), daemon=True)
        self._thread.start()
        self._wait()
        rehearse(NO_REHEARSAL)

    def go_on(self) -> None:
        """Wake up a stopped process and let it finish what it was doing."""
        self.halted_at = ""
        self._turn.clear()
        self._go.set()
        self._wait()

    def kill(self) -> None:
        """Kill a process, stopped or free; the kernel lets go of its lock file."""
        if self.halted_at:
            self._doomed = True
            self.go_on()
        self._bury()

    def _run(self, deed: Callable[[Runtime, Life], object]) -> None:
        try:
            deed(self.rt, self.life)
        except Killed:
            self._bury()
        except BaseException as exc:  # noqa: BLE001 -- carried to the test's own thread
            self._broken = exc
        self._turn.set()

    def _halt(self, name: str) -> None:
        if not self._doomed:
            self.halted_at = name
            self._turn.set()
            assert self._go.wait(PATIENCE_S), "nobody woke this process"
        if self._doomed:
            raise Killed

    def _wait(self) -> None:
        assert self._turn.wait(PATIENCE_S), "the process hangs"
        if not self.halted_at and self._thread is not None:
            self._thread.join(PATIENCE_S)
        if self._broken is not None:
            raise self._broken

    def _bury(self) -> None:
        self.alive = False
        self.life.lock.close()
