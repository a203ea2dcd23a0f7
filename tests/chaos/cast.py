"""The processes of a run: born, killed, stopped, and born again at once, as a supervisor would."""

import contextlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.weather import IN_COMMIT, Weather
from tests.servers import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
READY_S = 60
GONE_S = 30
QUIET_S = 15
CHUNK = 65_536
DRAWN, DRAWN_FROM = 2, 6  # deadly points of one life, among those that killed the fewest so far
SENDERS = ("worker", "service")
LOOK_S = 0.05


class Nursery:
    """The process that bears others (nursery.py). `older`: of the version before."""

    def __init__(self, root: Path = ROOT) -> None:
        self.older = root != ROOT
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"], cwd=root,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._waiting: list[dict] = []
        self._unread = b""
        self._listen(READY_S)
        assert self._waiting == [{"ready": True}], "the nursery is silent"
        self._waiting = []

    def bear(self, role: str, environment: Mapping[str, str], log: Path) -> int:
        """Start a process; return its number."""
        order = {"role": role, "environment": dict(environment), "log": str(log)}
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        while not any("born" in news for news in self._waiting):
            assert self._listen(READY_S), "the nursery is silent"
        place = next(place for place, news in enumerate(self._waiting) if "born" in news)
        return self._waiting.pop(place)["born"]

    def news(self) -> list[dict]:
        """Return who died or stopped since the last question."""
        while self._listen(0):
            pass
        told, self._waiting = self._waiting, []
        return told

    def close(self) -> None:
        """End every process, at once."""
        self.process.stdin.close()
        self.process.wait(READY_S)
        self.process.stdout.close()

    def _listen(self, seconds: float) -> bool:
        """Take in what the nursery says; False if it says nothing for so long."""
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return False
        chunk = os.read(self.process.stdout.fileno(), CHUNK)
        *lines, self._unread = (self._unread + chunk).split(b"\n")
        self._waiting += [json.loads(line) for line in lines]
        return bool(chunk)


@dataclass
class Part:
    """One place in the cast. `pid` 0: between two lives; `wakes_at`: when a stopped one goes on."""

    name: str
    role: str
    environment: dict[str, str]
    pid: int = 0
    wakes_at: float = 0.0


@dataclass
class Cast:
    """All parts, who tends them, and what was done to them so far.

    nurseries: one for each version of the program. Who publishes is born of any, all others of the first.
    newer: the one that comes during the run.
    """

    nurseries: list[Nursery]
    folder: Path
    dice: random.Random
    parts: list[Part]
    weather: Weather
    newer: Nursery | None = None
    deaths_due: float = 0.0  # so many lives shall have ended at named points by now
    births: bool = True  # who died is born again
    quiet_until: float = 0.0  # nobody is killed before: what a restore makes doubtful is looked for
    steps: list[float] = field(default_factory=list)  # of the first part's clock, one a life
    done: Counter = field(default_factory=Counter)

    @contextlib.contextmanager
    def on_stage(self) -> Iterator[None]:
        """Tend the cast in a thread: a stopped process may hold the very lock that the driver waits for."""
        ending = threading.Event()

        def keep_tending() -> None:
            while not ending.wait(LOOK_S):
                self._tend()

        with ThreadPoolExecutor(1) as thread:
            tending = thread.submit(keep_tending)
            try:
                yield
            finally:
                ending.set()
                tending.result()

    @property
    def awake(self) -> bool:
        """Say whether nobody is stopped, and may still send what it had in hand."""
        return not any(part.wakes_at for part in self.parts)

    def kill_one(self) -> None:
        """Kill whoever the dice choose: who publishes, who beats, who serves pages."""
        part = self.dice.choice(self.parts)
        if part.pid and time.monotonic() > self.quiet_until:
            self._signal(part, signal.SIGKILL)
            self.done["random kills"] += 1

    def kill_all(self) -> None:
        """Kill everybody at once."""
        for part in self.parts:
            if part.pid:
                self._signal(part, signal.SIGKILL)

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Kill everybody, and let nobody be born before the block ends."""
        self.births = False
        try:
            wait_until(self._is_empty, seconds=GONE_S, what="an empty stage")
            yield
        finally:
            self.births, self.quiet_until = True, time.monotonic() + QUIET_S

    def stop_one(self) -> None:
        """Stop one that publishes, for as long as the dice say."""
        part = self.dice.choice([part for part in self.parts if part.role in SENDERS])
        if part.pid and not part.wakes_at:
            self._signal(part, signal.SIGSTOP)

    def replace_one(self) -> None:
        """Ask one that publishes to end, as an update does; another version may take its place."""
        part = self.dice.choice([part for part in self.parts if part.role in SENDERS])
        if part.pid and not part.wakes_at:
            self._signal(part, signal.SIGTERM)
            self.done["asked to end"] += 1

    def points(self) -> Counter:
        """Return how many died at each crash point."""
        deaths = self.folder / "deaths"
        return Counter(deaths.read_text().split()) if deaths.exists() else Counter()

    def _tend(self) -> None:
        """Count deaths, wake up who was stopped for long enough, bear anew who died."""
        for nursery in list(self.nurseries):
            for news in nursery.news():
                self._hear(news)
        for part in self.parts:
            if part.wakes_at and time.monotonic() >= part.wakes_at:
                part.wakes_at = 0.0
                self._signal(part, signal.SIGCONT)
            if self.births and not part.pid:
                self._bear(part)

    def _hear(self, news: dict) -> None:
        number = news.get("died") or news.get("stopped")
        part = next((part for part in self.parts if part.pid == number), None)
        if part is None:
            return
        if "stopped" in news:
            part.wakes_at = time.monotonic() + self.dice.uniform(*self.weather.stop_s)
            self.done["stops"] += 1
            return
        part.pid, part.wakes_at = 0, 0.0
        self.done["kills" if news["signal"] == signal.SIGKILL else "exits"] += 1

    def _bear(self, part: Part) -> None:
        fate = self._fate(part) if part.role in SENDERS else {}
        log = self.folder / "logs" / f"{part.name}.log"
        nursery = self.dice.choice(self.nurseries) if part.role in SENDERS else self.nurseries[0]
        part.pid = nursery.bear(part.role, part.environment | fate, log)
        self.done["lives of the version before" if nursery.older else "lives"] += 1

    def _fate(self, part: Part) -> dict[str, str]:
        """Choose how this life ends: the points that had the fewest deaths so far come first."""
        fate = {"RUKON_CRASH_LOG": str(self.folder / "deaths")}
        if self.steps and part is self.parts[0]:
            self.done["clock steps"] += 1
            fate["RUKON_CHAOS_CLOCK"] = str(self.steps.pop())
        first = self.weather.stops_first and part is self.parts[0]
        if first or self.dice.random() < self.weather.stops_before_send:
            fate["RUKON_CHAOS_STOP"] = f"before_send:{self.dice.randint(1, 4)}"
        if self.weather.visits and time.monotonic() > self.quiet_until:
            fate |= self._death()
        return fate

    def _death(self) -> dict[str, str]:
        """Draw some points, each with the visit at which it is deadly: whichever comes first."""
        visits, so_far = self.weather.visits, self.points()
        if so_far.total() >= self.deaths_due:
            return {}
        fewest = sorted(visits, key=lambda name: (so_far[name], self.dice.random()))
        chosen = self.dice.sample(fewest[:DRAWN_FROM], min(DRAWN, len(fewest)))
        deaths = {name: self.dice.randint(1, visits[name]) for name in chosen}
        commit = deaths.pop(IN_COMMIT, 0)
        return {
            "RUKON_CRASH": ",".join(f"{name}:{visit}" for name, visit in deaths.items()),
            "RUKON_CHAOS_COMMIT": str(commit),
        }

    def _is_empty(self) -> bool:
        self.kill_all()  # again and again: one may just be born
        return not any(part.pid for part in self.parts)

    def _signal(self, part: Part, number: signal.Signals) -> None:
        pid = part.pid  # read once: the tending thread may just note a death
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


@contextlib.contextmanager
def nursery(root: Path = ROOT) -> Iterator[Nursery]:
    """Keep a nursery until the block ends; nobody it bore outlives it. root: of another version's sources."""
    made = Nursery(root)
    try:
        yield made
    finally:
        made.close()
