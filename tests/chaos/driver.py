"""One run: set the stage, write the plan, let the storm blow until everything is settled, count."""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models import Delivery
from tests.chaos import checker
from tests.chaos.cast import ROOT, Cast, Nursery, Part, nursery
from tests.chaos.checker import Verdict
from tests.chaos.people import People
from tests.chaos.plan import bring_forward, switch_on_all, write_lines, write_plan
from tests.chaos.stage import Stage, staged
from tests.chaos.storm import Storm, calm
from tests.chaos.versions import step_back
from tests.chaos.weather import STORM, VISITS, ZOMBIES_S, Weather

ROLES = ("worker",) * 3 + ("beat",) * 2 + ("web",)  # one stack around Redis
SERVICES = 2  # whole stacks of their own, with a broker inside
OPEN = {"scheduled", "sending", "uncertain", "held", "needs_human"}
LOOK_S = 0.05
DESK_S = 1.0
PATIENCE_S, PATIENCE_EACH_S = 180.0, 0.15  # for a run and for each delivery: beyond its span
PER_SECOND, KILLS_PER_SECOND = 8.0, 1.7
AHEAD, SOON = timedelta(hours=2), timedelta(seconds=3)


@dataclass(frozen=True)
class Order:
    """What a run is to be."""

    deliveries: int
    kills: int
    seed: int
    database: str = "sqlite"
    weather: Weather = STORM
    each: int = 0  # deaths at every named point, at least
    pace: float = 1.0  # how much faster than a long run
    random: float = 0.42  # of the kills: at any instant, whoever it hits; the others at named points
    before: Path | None = None  # sources of the version that runs first, and beside ours then

    @property
    def span_s(self) -> float:
        """Return over how many seconds the posts are due."""
        return max(5.0, self.deliveries / PER_SECOND / self.pace, self.kills / KILLS_PER_SECOND / self.pace)


@dataclass
class Outcome:
    """What came of it: the verdict from outside, what was done, how long it took."""

    verdict: Verdict
    done: Counter
    points: Counter
    late_s: list[float] = field(default_factory=list)
    first_claims_s: list[float] = field(default_factory=list)
    sound: bool = True  # what the database says of its own file

    @property
    def kills(self) -> int:
        return self.done["kills"]

    @property
    def least(self) -> int:
        """Return how many died at the named point that killed the fewest."""
        return min(self.points[name] for name in VISITS)


def play(order: Order, folder: Path) -> Outcome:
    """Run until every delivery is settled, or far too long; the folder keeps all the evidence."""
    dice = random.Random(order.seed)  # noqa: S311 -- a seed makes a run repeatable, nothing is secret
    with _nurseries(order) as versions, staged(folder, order.database, order.seed, order.weather) as stage:
        first = _now() + AHEAD
        plan = write_plan(stage.rt, stage.sandbox, order.deliveries, first, order.span_s)
        delta = first - _now() - SOON
        bring_forward(stage.rt, plan, delta)
        write_lines(folder / "plan.jsonl", plan)
        switch_on_all(stage.rt, plan)
        if order.before:
            step_back(stage, order.before)
        people = People(stage)
        first_version, *newer = versions
        cast = Cast([first_version], folder, dice, _parts(stage, order.weather), order.weather, *newer)
        storm = Storm(stage, cast, people, plan, order.weather, dice)
        storm.spoil_platforms()
        _wait_until(first - delta - SOON / 2)
        with cast.on_stage():
            _run(order, cast, storm)
        people.close()
        for bearer in versions:
            bearer.close()
        time.sleep(max(ZOMBIES_S) + 0.2)  # what is still on the wire lands
        return _count(stage, plan, cast, storm)


@contextlib.contextmanager
def _nurseries(order: Order) -> Iterator[list[Nursery]]:
    """Keep a nursery for each version of the program, the first to work first."""
    with contextlib.ExitStack() as stack:
        roots = [root for root in (order.before, ROOT) if root]
        yield [stack.enter_context(nursery(root)) for root in roots]


def _parts(stage: Stage, weather: Weather) -> list[Part]:
    """Return the cast: one stack around Redis, and whole services with a broker of their own."""
    habit = {"RUKON_CHAOS_BROKEN": weather.broken}
    shared, own = (("shared", role) for role in ROLES if stage.redis), (("own", "service"),) * SERVICES
    return [
        Part(f"{role}{number}", role, stage.environment(broker=kind == "shared") | habit)
        for number, (kind, role) in enumerate((*shared, *own))
    ]


def _run(order: Order, cast: Cast, storm: Storm) -> None:
    """Let the storm blow over the span and until the kills are done, then wait until all is settled."""
    storm.gather(order.span_s)
    began, desk, calmed = time.monotonic(), 0.0, False
    while time.monotonic() - began < order.span_s + PATIENCE_S + PATIENCE_EACH_S * order.deliveries:
        time.sleep(LOOK_S)  # the pace of the storm, not a wait for a result
        storm.blow()
        share = (time.monotonic() - began) / order.span_s
        cast.deaths_due = 0 if calmed else order.kills * (1 - order.random) * share
        enough = share > 1 and cast.done["kills"] >= order.kills
        if cast.done["random kills"] < order.kills * order.random * share and not enough:
            cast.kill_one()
        blown = storm.over and enough
        if time.monotonic() - desk > DESK_S:
            desk = time.monotonic()
            storm.people.sit_at_the_desk()
            if blown and not calmed:
                calmed = True
                calm(storm.stage)
            if blown and cast.awake and not _open(storm.stage):
                return


def _open(stage: Stage) -> int:
    try:
        return sum(number for state, number in stage.states().items() if state in OPEN)
    except DBAPIError:
        return -1


def _count(stage: Stage, plan: list[dict], cast: Cast, storm: Storm) -> Outcome:
    ledger = checker.read(stage.folder / "sandbox" / "ledger.jsonl")
    write_lines(stage.folder / "ledger.jsonl", ledger)
    with stage.rt.sessions.begin() as session:
        rows = session.execute(
            select(Delivery.id, Delivery.state, Delivery.remote_id, Delivery.resends)
        ).all()
    books = [{"key": str(key), "state": str(state), "remote_id": remote} for key, state, remote, _ in rows]
    write_lines(stage.folder / "books.jsonl", books)
    done = cast.done + storm.done + storm.machines.done + storm.people.done
    done["resends"] = sum(row.resends for row in rows)
    done["adopted"] = _moves(stage, "why = 'found_on_platform'")
    done["asked of a person"] = _moves(stage, "target = 'needs_human'")
    verdict = checker.check_folder(stage.folder)
    return Outcome(
        verdict, done, cast.points(), _lateness(plan, ledger), storm.machines.first_claims_s, _sound(stage)
    )


def _sound(stage: Stage) -> bool:
    """Ask SQLite to look through its whole file; PostgreSQL looks at its own with each recovery."""
    if stage.postgres:
        return True
    with stage.eyes.connect() as connection:
        return connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


def _moves(stage: Stage, condition: str) -> int:
    """Return how many moves of deliveries the books know of a kind."""
    with stage.eyes.connect() as connection:
        found = connection.execute(
            text(f"SELECT count(*) FROM move WHERE subject = 'delivery' AND {condition}")  # noqa: S608 -- written here
        )
        return int(found.scalar_one())


def _lateness(plan: list[dict], ledger: list[dict]) -> list[float]:
    due = {(row["account"], row["text"]): datetime.fromisoformat(row["due_at"]) for row in plan}
    landed = [(due.get((line["account"], line["text"])), line["accepted_at"]) for line in ledger]
    return sorted((datetime.fromisoformat(at) - moment).total_seconds() for moment, at in landed if moment)


def _wait_until(moment: datetime) -> None:
    time.sleep(max((moment - _now()).total_seconds(), 0))


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- a run goes by the machine's own clock
