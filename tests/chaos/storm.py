"""What happens to machines, platforms and people during a run: drawn from the seed, spread over its span."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.vocab import Channel
from tests.chaos.cast import Cast
from tests.chaos.machines import Machines
from tests.chaos.people import People
from tests.chaos.stage import Stage
from tests.chaos.weather import GRACE_S, LAG_S, THROTTLED, Faults, Weather

STOP_S = GRACE_S + 1.5
HELD_S = 1.5
DEAD_TOKEN_S = 4.0
AGAIN_S = 0.5
NEAR = timedelta(seconds=0.7)
# ten minutes are to the usual quiescence what this is to the run's
GAP_S = 20.0
UPDATES_AT = 0.1  # of the span
RESTORES_FROM = 0.97  # of the span: each waiting post is looked for, twice, and few wait by then
Event = Callable[[], None]


@dataclass
class Storm:
    """Events by the second they are due, counted from the run's first due post."""

    stage: Stage
    cast: Cast
    people: People
    plan: list[dict]
    weather: Weather
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    machines: Machines = field(init=False)
    _events: list[tuple[float, Event]] = field(default_factory=list)
    _began: float = 0.0

    def __post_init__(self) -> None:
        self.machines = Machines(self.stage, self.cast, self.dice, self._later)

    def spoil_platforms(self) -> None:
        """Let the platforms fail by chance, and half of the accounts show fresh posts late."""
        for channel in Channel:
            for operation, faults in ({"publish": self.weather.publish} | self.weather.others).items():
                self._spoil(channel, operation, faults)
        if self.weather.events:
            self._spoil(Channel.X, "publish", THROTTLED)
        if self.weather.lags:
            for account in sorted({row["account"] for row in self.plan})[::2]:
                rule = {
                    "channel": "*",
                    "operation": "timeline",
                    "kind": "visibility_delay",
                    "account": account,
                }
                self.stage.sandbox.ask("POST", "/__control/faults", rule | {"params": {"seconds": LAG_S}})

    def gather(self, span_s: float) -> None:
        """Draw the events of a span."""
        self._began = time.monotonic()
        if not self.weather.events:
            return
        for event, number in self._numbers(span_s).items():
            for place in range(number):
                self._events.append((span_s * (place + self.dice.random()) / number, event))
        if self.cast.newer:
            self._events.append((span_s * UPDATES_AT, self.machines.update))
        restores = len(self.plan) // 3000
        for place in range(restores):
            share = RESTORES_FROM + (1 - RESTORES_FROM) * place / restores
            self._events.append((span_s * share, self._back_up))

    def blow(self) -> None:
        """Let happen what is due."""
        due = [event for event in self._events if self._began + event[0] <= time.monotonic()]
        for event in sorted(due, key=lambda one: one[0]):
            self._events.remove(event)
            event[1]()
        self.machines.look_for_first_claim()

    @property
    def over(self) -> bool:
        return not self._events and self.machines.idle

    def _numbers(self, span_s: float) -> dict[Event, int]:
        size = len(self.plan)
        return {
            self.machines.empty_redis: 1 + size // 200,
            self.machines.kill_redis: 1 + size // 500,
            self.machines.double_hints: 1 + size // 200,
            self.machines.crash_database: 1 + size // 330,
            self.machines.step_clock: 1 + size // 400,
            self._kill_all: 1 + size // 1000,
            self.cast.replace_one: 1 + size // 500,
            self._stop: 1 + size // 1000,
            self._lose_token: 1 + size // 500,
            self._pause: 1 + round(span_s / 5),
            self._race: 6 + size // 20,
        }

    def _later(self, seconds: float, event: Event) -> None:
        self._events.append((time.monotonic() - self._began + seconds, event))

    def _spoil(self, channel: Channel, operation: str, faults: Faults) -> None:
        for kind, chance, params in faults:
            rule = {
                "channel": channel,
                "operation": operation,
                "kind": kind,
                "chance": chance,
                "params": params,
            }
            self.stage.sandbox.ask("POST", "/__control/faults", rule | {"times": None})

    def _kill_all(self) -> None:
        """Kill everybody, at a time when the first claim afterwards says something."""
        if self.people.stopped or not self.machines.idle:
            self._later(AGAIN_S, self._kill_all)
        else:
            self.machines.kill_all()

    def _stop(self) -> None:
        """Stop all, unless a backup is about to take the stop back or somebody waits for a first claim."""
        if self.people.stopped or not self.machines.idle or not self.people.stop():
            self._later(AGAIN_S, self._stop)
        else:
            self._later(STOP_S, self._resume)

    def _resume(self) -> None:
        if not self.people.resume():
            self._later(AGAIN_S, self._resume)

    def _back_up(self) -> None:
        if self.people.stopped or not self.machines.idle:
            self._later(AGAIN_S, self._back_up)
        else:
            self.machines.backup.take()
            self._later(GAP_S, self._put_back)

    def _put_back(self) -> None:
        self.people.forget_since(self.machines.put_backup_back())
        for account_id in sorted({row["account_id"] for row in self.plan}):
            self.people.renew(account_id)

    def _lose_token(self) -> None:
        row = self.dice.choice(self.plan)
        self.stage.sandbox.wear_token(row["channel"], row["account"], dead=463)
        self.done["tokens lost"] += 1
        self._later(DEAD_TOKEN_S, lambda: self._renew(row))

    def _renew(self, row: dict) -> None:
        self.stage.sandbox.wear_token(row["channel"], row["account"], dead=None)
        self._later(0.2, lambda: self.people.renew(row["account_id"]))

    def _pause(self) -> None:
        self.cast.stop_one()

    def _race(self) -> None:
        """Change one's mind about a post that is due just now."""
        now = self.stage.rt.clock.now()
        near = [row for row in self.plan if abs(datetime.fromisoformat(row["due_at"]) - now) < NEAR]
        if not near:
            return
        row = self.dice.choice(near)
        if self.dice.random() < 0.5:
            self.people.cancel(row["key"])
        else:
            self.people.hold(row["key"])
            self._later(HELD_S, self.people.release_all)


def calm(stage: Stage) -> None:
    """Let the platforms behave; what is under way may still land."""
    stage.sandbox.clear_faults()
