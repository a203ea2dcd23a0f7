"""`python3 dev.py chaos [--deliveries N] [--kills N] [--seed S] [--database sqlite|postgresql]`.

The last line counts; the exit status is 0 if every law held and every kill was made. The same seed throws the
same dice. --keep leaves plan, ledger, deeds and books behind, for tests/chaos/checker.py to count again.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.checker import LAWS
from tests.chaos.driver import Order, Outcome, play
from tests.chaos.versions import unpack
from tests.chaos.weather import CONTROLS, STORM, VISITS

FULL, KILLS, EACH = 10_000, 2_500, 70  # deliveries, kills, deaths at every named point of a full run


def main() -> int:
    """Play one run and say what came of it."""
    asked = _asked()
    share = min(asked.deliveries / FULL, asked.kills / KILLS)
    each = 0 if asked.control else int(EACH * share)
    weather = CONTROLS.get(asked.control, STORM)
    folder = Path(tempfile.mkdtemp(prefix="rukon-chaos-"))
    before = unpack(asked.beside, folder) if asked.beside else None
    order = Order(asked.deliveries, asked.kills, asked.seed, asked.database, weather, each, before=before)
    print(
        f"seed {order.seed}, {order.database}, {order.deliveries} deliveries, {order.kills} kills", flush=True
    )
    started = time.monotonic()
    try:
        outcome = play(order, folder)
        _tell(outcome)
        if asked.keep:
            shutil.copytree(folder, asked.keep, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*before*"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    laws = ", ".join(f"{law} {outcome.verdict.figures[law]}" for law in LAWS)
    took = time.monotonic() - started
    print(f"deliveries {order.deliveries}, kills {outcome.kills}, {laws}, seconds {took:.0f}")
    blown = outcome.kills >= order.kills and outcome.least >= order.each
    return 0 if outcome.verdict.holds and outcome.sound and blown else 1


def _tell(outcome: Outcome) -> None:
    for finding in outcome.verdict.findings[:20]:
        print(finding)
    print("killed at: " + ", ".join(f"{name} {outcome.points[name]}" for name in VISITS))
    print("done: " + ", ".join(f"{name} {count}" for name, count in sorted(outcome.done.items())))
    late = outcome.late_s or [0.0]
    middle, last = late[len(late) // 2], late[len(late) * 99 // 100]
    print(f"seconds after due: median {middle:.1f}, 99 of 100 {last:.1f}")
    claims = ", ".join(f"{seconds:.1f}" for seconds in outcome.first_claims_s)
    print(f"seconds from the death of everybody to the first claim: {claims}")
    print(f"the database file is {'sound' if outcome.sound else 'BROKEN'}")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py chaos", description=__doc__)
    parser.add_argument("--deliveries", type=int, default=FULL)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=2564)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--control", choices=tuple(CONTROLS), help="put a broken habit in: laws must break")
    parser.add_argument(
        "--beside", metavar="REVISION", help="let an older version work first, then beside ours"
    )
    parser.add_argument("--keep", type=Path, help="folder to leave the evidence in")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
