"""`python -m cli.heartbeat PID`: whether the worker in that process is heard while posts are due.

Silent and 0 if it is, or if nothing is due, or if the database cannot be asked; else 1 and the moment of the
last heartbeat. Only the standard library and SQLite: the supervisor asks every quarter of a minute.
"""

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SILENCE = timedelta(seconds=60)
Ask = Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]]

HEARD = (
    "SELECT max(heartbeat_at) FROM incarnation WHERE pid = {0} AND ended_at IS NULL "
    "AND role IN ('service', 'worker')"
)
DUE = (
    "SELECT 1 FROM delivery WHERE state = 'scheduled' AND next_at <= {0} AND due_at <= {0} "
    "AND not_after >= {0} LIMIT 1"
)


def main(arguments: list[str]) -> int:
    """Answer for the SQLite file in the data folder."""
    folder = Path(os.environ.get("RUKON_DATA_DIR") or "data/office")
    try:
        database = sqlite3.connect(f"file:{folder / 'rukon.db'}?mode=ro", uri=True, timeout=5)
        with closing(database):
            return tell(lambda query, given: list(database.execute(query, given)), arguments[0], _as_stored)
    except sqlite3.Error:
        return 0


def tell(ask: Ask, pid: str, stored: Callable[[datetime], object], mark: str = "?1") -> int:
    """Print the last heartbeat and return 1 if it is too old for a process that has posts to send."""
    now = datetime.now(UTC)  # noqa: TID251 -- no clock of core: this program imports nothing of ours
    (last,) = ask(HEARD.format(mark), (int(pid),))[0]
    if last is None or last > stored(now - SILENCE) or not ask(DUE.format(mark), (stored(now),)):
        return 0
    print(last)
    return 1


def _as_stored(moment: datetime) -> str:
    """Return a moment as SQLAlchemy keeps it in SQLite."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
