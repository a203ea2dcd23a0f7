"""How soon posts are live, and how fast a queue drains: `python3 dev.py bench publish`.

Everything is real: `rukon up` (with --database postgresql its parts on PostgreSQL and Redis), its workers,
HTTP to the sandbox. What is measured is the platforms' own ledger against the due times in the database.
"""

import random
from collections.abc import Sequence
from datetime import timedelta

from bench import bare
from bench.figures import head, percentile, show
from bench.office import Office, open_office

SINGLES = 20
BURST = 50
MINUTE = 600
DRAIN = 400
AHEAD = timedelta(seconds=3)
SLOW_MS = 200
SEED = 2564


def main(database: str) -> None:
    """Measure and print, worst case last."""
    with open_office(database) as office:
        print(f"publishing on {database}; seconds from due time to the platform's acceptance")
        one_by_one(office)
        at_once(office)
        in_a_minute(office)
        drain_rate(office)


def one_by_one(office: Office) -> None:
    """Send single posts, each due at some moment while nothing else is."""
    chance = random.Random(SEED)  # noqa: S311 -- moments, not secrets
    ids = office.wait_with(SINGLES, "โพสต์เดี่ยว")
    head(f"{SINGLES} posts, each due alone, platform at 0 ms")
    now = office.rt.clock.now() + AHEAD
    apart = [timedelta(seconds=2 * number + chance.random()) for number in range(SINGLES)]
    office.let_be_due(dict(zip(ids, (now + each for each in apart), strict=True)))
    office.wait_until_live(ids)
    found = office.delays(ids)
    show("earliest", f"{found[0]:.2f} s", "never before its time", holds=found[0] >= 0)
    show("p50", f"{percentile(found, 0.5):.2f} s", "≤ 1 s", holds=percentile(found, 0.5) <= 1)
    show("p95, last", _two(found))


def at_once(office: Office) -> None:
    """Send many that are due at the same moment, while the platform takes its time."""
    ids = office.wait_with(BURST, "พร้อมกัน")
    office.answer_after(SLOW_MS)
    head(f"{BURST} posts due at the same moment, platform at {SLOW_MS} ms")
    found = _measure(office, ids)
    show("p50", f"{percentile(found, 0.5):.2f} s")
    show("all live", f"{found[-1]:.2f} s", "≤ 5 s", holds=found[-1] <= 5)  # noqa: PLR2004 -- the aim beside it


def in_a_minute(office: Office) -> None:
    """Let a rush hour come: many that fall due within one minute."""
    chance = random.Random(SEED)  # noqa: S311 -- moments, not secrets
    ids = office.wait_with(MINUTE, "นาทีเดียว")
    head(f"{MINUTE} posts due within one minute, platform at {SLOW_MS} ms")
    start = office.rt.clock.now() + AHEAD
    office.let_be_due({one: start + timedelta(seconds=chance.uniform(0, 60)) for one in ids})
    office.wait_until_live(ids)
    found = office.delays(ids)
    show("earliest", f"{found[0]:.2f} s", "never before its time", holds=found[0] >= 0)
    show("p50, p99, last", " ".join(f"{value:.2f} s" for value in _spread(found)))
    show("p99", f"{percentile(found, 0.99):.2f} s", "≤ 30 s", holds=percentile(found, 0.99) <= 30)  # noqa: PLR2004 -- the aim beside it


def drain_rate(office: Office) -> None:
    """Empty a full queue into a platform that answers at once: what the protocol itself costs."""
    ids = office.wait_with(DRAIN, "คิวเต็ม")
    office.answer_after(0)
    head(f"{DRAIN} posts due at the same moment, platform at 0 ms, beside a bare loop")
    before = len(office.taken_at())
    _measure(office, ids)
    taken = office.taken_at()[before:]
    ours = (len(taken) - 1) / (taken[-1] - taken[0]).total_seconds()
    show("our drain rate", f"{ours:.0f} posts/s")
    loop = bare.drain(office.deployment.sandbox, office.rt.engine, DRAIN)
    show("bare loop: requests and two commits", f"{loop:.0f} posts/s")
    show("ratio", f"{ours / loop:.2f}", "≥ 0.7", holds=ours / loop >= 0.7)  # noqa: PLR2004 -- the aim beside it


def _measure(office: Office, ids: Sequence[int]) -> list[float]:
    moment = office.rt.clock.now() + AHEAD
    office.let_be_due(dict.fromkeys(ids, moment))
    office.wait_until_live(ids)
    return office.delays(ids)


def _spread(found: Sequence[float]) -> tuple[float, float, float]:
    return percentile(found, 0.5), percentile(found, 0.99), found[-1]


def _two(found: Sequence[float]) -> str:
    return f"{percentile(found, 0.95):.2f} s, {found[-1]:.2f} s"
