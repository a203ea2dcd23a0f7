"""`python3 dev.py bench [publish|idle|evidence|public|kpi]`: measure and print; without a name, all."""

import argparse

from bench import evidence, idle, kpi, public, publish

ROWS = 500
STORED = 5_000
NAMES = ("publish", "idle", "evidence", "public", "kpi")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python3 dev.py bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=NAMES, help="default: all")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite", help="for publish")
    chosen = parser.parse_args()
    if chosen.what in (None, "publish"):
        publish.main(chosen.database)
    if chosen.what in (None, "idle"):
        idle.main()
    if chosen.what in (None, "evidence"):
        evidence.main(ROWS)
    if chosen.what in (None, "public"):
        public.main(STORED)
    if chosen.what in (None, "kpi"):
        kpi.main(ROWS)


if __name__ == "__main__":
    main()
