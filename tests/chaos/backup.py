"""A backup taken in a run and put back later: the books forget what came in between, the world does not."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.stage import Stage
from tests.servers import Postgres


class Backup:
    """One copy of a stage's database; `taken_at` is None before there is one."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.taken_at: datetime | None = None

    def take(self) -> None:
        """Copy the database: SQLite's while it is in use, PostgreSQL's after a crash of the server."""
        self.taken_at = datetime.now(UTC)  # noqa: TID251 -- a run goes by the machine's own clock
        if self.stage.postgres:
            self.stage.postgres.stop("immediate")
            _copy(self._cluster(self.stage.postgres), self._copied(self.stage.postgres))
            self.stage.postgres.start()
            return
        with closing(sqlite3.connect(self._file)) as source, closing(sqlite3.connect(self._aside)) as target:
            source.backup(target)

    def put_back(self) -> None:
        """Let the copy be the database again; nobody of ours may be alive."""
        self.stage.rt.engine.dispose()
        self.stage.eyes.dispose()
        if self.stage.postgres:
            self.stage.postgres.stop("immediate")
            _copy(self._copied(self.stage.postgres), self._cluster(self.stage.postgres))
            self.stage.postgres.start()
            return
        for name in ("rukon.db-wal", "rukon.db-shm"):
            self._file.with_name(name).unlink(missing_ok=True)
        self._aside.replace(self._file)

    @property
    def _file(self) -> Path:
        return self.stage.folder / "data" / "rukon.db"

    @property
    def _aside(self) -> Path:
        return self.stage.folder / "backup.db"

    def _cluster(self, server: Postgres) -> Path:
        return server.folder / "data"

    def _copied(self, server: Postgres) -> Path:
        return server.folder / "backup"


def _copy(source: Path, target: Path) -> None:
    """Copy a folder with its owners, in the place of what was there."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", source, target], check=True)  # noqa: S607 -- cp is wherever this machine has it
