"""The command line over a real database: every command is called as a person types it."""

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.commands import app
from core.config import Settings
from core.vocab import Channel
from models import Account, schema
from services.runtime import Runtime, build_runtime
from tests.builders import Team, make_accounts, make_team
from tests.sandbox_server import SandboxHandle, running_sandbox


@dataclass
class Rukon:
    """Type a command: `rukon("posts", "list")`; the exit code must be the one expected."""

    runner: CliRunner

    def __call__(self, *words: object, who: str = "", code: int = 0, typed: str | None = None) -> Result:
        done = self.runner.invoke(app, [*map(str, words), *(["--as", who] if who else [])], input=typed)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, f"{words}: {done.exit_code}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *words: object, who: str = "", code: int = 0) -> Any:
        return json.loads(self(*words, "--json", who=who, code=code).stdout)


@pytest.fixture
def rukon(data_dir: Path) -> Iterator[Rukon]:
    """Give the command line, in its own data folder; it must not keep the test's stderr for its log."""
    del data_dir
    before = logging.getLogger().handlers[:]
    yield Rukon(CliRunner())
    logging.getLogger().handlers[:] = before


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the newest schema once; tests start from a copy."""
    folder = tmp_path_factory.mktemp("empty")
    runtime = build_runtime(Settings(data_dir=folder))
    schema.upgrade(runtime.engine)
    runtime.engine.dispose()
    return folder / "rukon.db"


@pytest.fixture
def rt(data_dir: Path, empty_database: Path) -> Iterator[Runtime]:
    """Open the database that the commands will use."""
    shutil.copy(empty_database, data_dir)
    runtime = build_runtime(Settings(data_dir=data_dir))
    yield runtime
    runtime.engine.dispose()


@pytest.fixture
def team(rt: Runtime) -> Team:
    """Add one person of each role, named after it."""
    with rt.sessions.begin() as session:
        return make_team(session)


@pytest.fixture
def accounts(rt: Runtime) -> dict[Channel, Account]:
    """Add a ready account on each channel."""
    return make_accounts(rt)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxHandle]:
    """Run one pair of stand-in platforms for all tests of the command line."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle
