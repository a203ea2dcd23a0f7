"""A runtime on a fresh database, a clock that stands still, one person of each role."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel
from models import Account, Base
from services.runtime import Runtime, build_runtime
from tests.builders import START, Team, make_accounts, make_team

QueryCounter = Callable[[], AbstractContextManager[list[str]]]
Statements = Callable[[], AbstractContextManager[list[tuple[str, Any]]]]


@pytest.fixture
def clock() -> SetClock:
    """Stand at 20 October 2563, 09.00 in Bangkok."""
    return SetClock(START)


@pytest.fixture
def rt(data_dir: Path, clock: SetClock) -> Iterator[Runtime]:
    """Build a runtime on a fresh SQLite file, without platforms."""
    runtime = replace(build_runtime(Settings(data_dir=data_dir), clock), connectors={})
    Base.metadata.create_all(runtime.engine)
    yield runtime
    runtime.engine.dispose()


@pytest.fixture
def session(rt: Runtime) -> Iterator[Session]:
    """Open one unit of work; what it did is committed at the end. Not beside functions that take rt."""
    with rt.sessions.begin() as opened:
        yield opened


@pytest.fixture
def team(rt: Runtime) -> Team:
    """Add one person of each role."""
    with rt.sessions.begin() as session:
        return make_team(session)


@pytest.fixture
def accounts(rt: Runtime) -> dict[Channel, Account]:
    """Add a ready account on each channel."""
    return make_accounts(rt)


@pytest.fixture
def statements(rt: Runtime) -> Statements:
    """Collect what is sent to the database, with parameters: `with statements() as seen: …`."""

    @contextmanager
    def collecting() -> Iterator[list[tuple[str, Any]]]:
        seen: list[tuple[str, Any]] = []

        def note(
            _connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object
        ) -> None:
            if not statement.startswith("BEGIN"):
                seen.append((statement, parameters))

        event.listen(rt.engine, "before_cursor_execute", note)
        yield seen
        event.remove(rt.engine, "before_cursor_execute", note)

    return collecting


@pytest.fixture
def queries(statements: Statements) -> QueryCounter:
    """Count statements: `with queries() as seen: …`, then len(seen)."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []
        with statements() as collected:
            yield seen
        seen.extend(statement for statement, _ in collected)

    return counting
