"""`python3 dev.py chaos [--deliveries N] [--kills N] [--seed S] [--database sqlite|postgresql]`.

Exit status 0 if every law held. The seed is printed: the same seed throws the same dice.
"""

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.driver import play
from tests.servers import running_postgres

FIRST = ("duplicates", "losses", "early", "wrong_text", "false_published", "unsettled")


def main() -> int:
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="rukon-chaos-") as folder, _database(asked.database) as url:
        print(
            f"seed {asked.seed}, {asked.database}, {asked.deliveries} deliveries, {asked.kills} kills",
            flush=True,
        )
        started = time.monotonic()
        verdict, done = play(asked.deliveries, asked.kills, asked.seed, url, Path(folder))
    for finding in verdict.findings[:20]:
        print(finding)
    print(", ".join(f"{name} {count}" for name, count in sorted(done.items())))
    counted = ", ".join(f"{law.replace('_', ' ')} {verdict.figures[law]}" for law in FIRST)
    took = time.monotonic() - started
    print(f"deliveries {asked.deliveries}, kills {done['kills']}, {counted}, seconds {took:.0f}")
    return 0 if verdict.holds else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py chaos", description=__doc__)
    parser.add_argument("--deliveries", type=int, default=500)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=2564)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return parser.parse_args()


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with running_postgres(durable=True) as url:
        yield url


if __name__ == "__main__":
    sys.exit(main())
