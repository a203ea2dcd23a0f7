"""The send as a small machine whose every state can be visited: one delivery, two workers, a hostile world.

A worker that takes no step is a stopped one, so pauses of any length need no rule of their own. Time has no
size: leases expire, quiet times pass and requests land in any order that a policy does not rule out.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

ATTEMPTS = 3
READERS = 2
NOBODY = -1  # the owner's process is gone, and its lock file says so


@dataclass(frozen=True)
class Policy:
    """What a publisher does about doubt. Each field is one habit; the defaults are the careless ones."""

    retries_blindly: bool = False  # crash or lost answer: send again
    asks_always: bool = False  # crash or lost answer: a person decides
    waits: bool = False  # reads back only after a quiet time, in which requests land
    proves_death: bool = False  # frees a row only when the owner's process is gone
    one_connection: bool = False  # sends only on a connection opened in the lease, dead after the quiet time
    reads: int = 1  # read-backs without a find before it is sent again
    lags: int = 0  # quiet times until a landed post shows in a read-back
    guarded: bool = False  # the platform refuses the same text for ever
    slow_readers: bool = False  # a read-back may be acted on long after it was asked, by two at once
    counts_once: bool = True  # a read-back counts only if no other was counted since it was asked
    checks_stop_late: bool = True  # looks at the stop switch just before sending, not only at the claim


class Worker(NamedTuple):
    """step: idle, claimed, armed (attempt row written), ok or unknown (answer had, not yet recorded)."""

    step: str = "idle"
    fence: int = 0
    connected: bool = True


class Look(NamedTuple):
    """A read-back not yet acted on: for which fence it asked, after how many empty ones, what it saw."""

    fence: int
    absent: int
    found: bool


class World(NamedTuple):
    """Our row, the two workers, requests on the wire, posts landed and posts that a read-back shows."""

    row: str = "due"
    fence: int = 0
    owner: int = NOBODY
    armed: bool = False
    expired: bool = False
    quiet: int = 0
    absent: int = 0
    workers: tuple[Worker, Worker] = (Worker(), Worker())
    looks: tuple[Look, ...] = ()
    wire: int = 0
    landed: int = 0
    shown: int = 0
    stopped: str = ""  # "" | "stop" (committed) | "hush" (and the longest time-out is over)
    defied: bool = False  # a worker went on to send although its last look came after the stop
    leaked: bool = False  # something landed after the hush


Rule = Callable[[World, Policy], Iterator[World]]


def doubled(world: World) -> bool:
    """Say whether two posts stand on the platform: what must never be."""
    return world.landed > 1


def defied(world: World) -> bool:
    """Say whether somebody sent although the switch, seen last, said stop."""
    return world.defied


def leaked(world: World) -> bool:
    """Say whether something landed after stop-all and the longest time-out."""
    return world.leaked


def states(policy: Policy) -> Iterator[World]:
    """Yield every state that any order of events can lead to, the nearest first."""
    seen, queue = {World()}, deque([World()])
    while queue:
        world = queue.popleft()
        yield world
        for following in (new for rule in RULES for new in rule(world, policy)):
            if following not in seen:
                seen.add(following)
                queue.append(following)


def _claim(world: World, _: Policy) -> Iterator[World]:
    if world.row != "due" or world.stopped or world.fence == ATTEMPTS:
        return
    for number, worker in enumerate(world.workers):
        if worker.step == "idle":
            fence = world.fence + 1
            taken = world._replace(row="sending", fence=fence, owner=number, armed=False, expired=False)
            yield _with(taken, number, Worker("claimed", fence))


def _arm(world: World, policy: Policy) -> Iterator[World]:
    for number, worker in enumerate(world.workers):
        if worker.step != "claimed":
            continue
        mine = _mine(world, worker)
        if mine and not (world.stopped and policy.checks_stop_late):
            defied = world.defied or bool(world.stopped)
            yield _with(world._replace(armed=True, defied=defied), number, worker._replace(step="armed"))
        elif mine:
            yield _with(world._replace(row="due", owner=NOBODY), number, Worker())
        else:
            yield _with(world, number, Worker())


def _send(world: World, policy: Policy) -> Iterator[World]:
    for number, worker in enumerate(world.workers):
        if worker.step != "armed":
            continue
        if not worker.connected:  # a definite "nothing left"
            freed = world._replace(row="due", owner=NOBODY) if _mine(world, worker) else world
            yield _with(freed, number, Worker())
            continue
        landed = _land(world, policy)
        unknown = worker._replace(step="unknown")
        yield _with(landed, number, worker._replace(step="ok"))
        yield _with(landed, number, unknown)
        yield _with(world, number, unknown)
        yield _with(world._replace(wire=min(world.wire + 1, 2)), number, unknown)


def _record(world: World, policy: Policy) -> Iterator[World]:
    for number, worker in enumerate(world.workers):
        if worker.step not in ("ok", "unknown"):
            continue
        rest = _with(world, number, Worker())
        if not _mine(world, worker):
            yield rest
        elif worker.step == "ok":
            yield rest._replace(row="done")
        else:
            yield _doubt(rest, policy)


def _crash(world: World, _: Policy) -> Iterator[World]:
    for number, worker in enumerate(world.workers):
        if worker.step != "idle":
            owner = NOBODY if world.owner == number else world.owner
            yield _with(world._replace(owner=owner), number, Worker())


def _expire(world: World, _: Policy) -> Iterator[World]:
    if world.row == "sending" and not world.expired:
        yield world._replace(expired=True)


def _rescue(world: World, policy: Policy) -> Iterator[World]:
    if world.row != "sending" or not world.expired:
        return
    if policy.proves_death and world.owner != NOBODY:
        return
    yield _doubt(world, policy) if world.armed else world._replace(row="due", owner=NOBODY)


def _land_late(world: World, policy: Policy) -> Iterator[World]:
    if world.wire:
        yield _land(world._replace(wire=world.wire - 1), policy)


def _show(world: World, _: Policy) -> Iterator[World]:
    if world.shown < world.landed:
        yield world._replace(shown=world.landed)


def _pass_quietly(world: World, policy: Policy) -> Iterator[World]:
    """Let a quiet time pass: what was on the wire has landed, and after enough of them it shows."""
    if world.row != "uncertain" or not policy.waits or world.quiet > world.absent:
        return
    while world.wire:
        world = _land(world._replace(wire=world.wire - 1), policy)
    quiet = world.quiet + 1
    shown = world.landed if quiet > policy.lags else world.shown
    workers = world.workers
    if policy.one_connection:
        workers = tuple(worker._replace(connected=False) for worker in workers)
    yield world._replace(quiet=quiet, shown=shown, workers=workers)


def _read_back(world: World, policy: Policy) -> Iterator[World]:
    if world.row != "uncertain" or (policy.waits and world.quiet <= world.absent):
        return
    look = Look(world.fence, world.absent, world.shown > 0)
    if not policy.slow_readers:
        yield _settle(world, look, policy)
    elif len(world.looks) < READERS:
        yield world._replace(looks=(*world.looks, look))


def _act_on_look(world: World, policy: Policy) -> Iterator[World]:
    for place, look in enumerate(world.looks):
        rest = world._replace(looks=world.looks[:place] + world.looks[place + 1 :])
        fresh = look.absent == world.absent or not policy.counts_once
        if world.row == "uncertain" and look.fence == world.fence and (fresh or look.found):
            yield _settle(rest, look, policy)
        else:
            yield rest


def _settle(world: World, look: Look, policy: Policy) -> World:
    if look.found:
        return world._replace(row="done")
    if world.absent + 1 < policy.reads:
        return world._replace(absent=world.absent + 1)
    return world._replace(row="due", owner=NOBODY, absent=0, quiet=0)


def _stop(world: World, _: Policy) -> Iterator[World]:
    if not world.stopped:
        yield world._replace(stopped="stop")


def _hush(world: World, policy: Policy) -> Iterator[World]:
    """Let the longest time-out pass after stop-all: nothing is on the wire, old connections are closed."""
    if world.stopped != "stop":
        return
    while world.wire:
        world = _land(world._replace(wire=world.wire - 1), policy)
    workers = world.workers
    if policy.one_connection:
        workers = tuple(worker._replace(connected=False) for worker in workers)
    yield world._replace(stopped="hush", workers=workers)


RULES: tuple[Rule, ...] = (
    _claim, _arm, _send, _record, _crash, _expire, _rescue, _land_late, _show, _pass_quietly, _read_back,
    _act_on_look, _stop, _hush,
)  # fmt: skip


def _mine(world: World, worker: Worker) -> bool:
    return world.row == "sending" and world.fence == worker.fence


def _doubt(world: World, policy: Policy) -> World:
    row = "due" if policy.retries_blindly else "ask" if policy.asks_always else "uncertain"
    return world._replace(row=row, owner=NOBODY, quiet=0, absent=0)


def _land(world: World, policy: Policy) -> World:
    if policy.guarded and world.landed:
        return world
    landed = min(world.landed + 1, 2)
    shown = world.shown if policy.lags else landed
    return world._replace(landed=landed, shown=shown, leaked=world.stopped == "hush")


def _with(world: World, number: int, worker: Worker) -> World:
    first, second = world.workers
    return world._replace(workers=(worker, second) if number == 0 else (first, worker))
