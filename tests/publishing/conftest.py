"""A whole office over the sandbox: real database, real HTTP, one clock that both sides follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, DeliveryState, Health
from models import Account, Attempt, Base, Delivery, Move, Snapshot
from services import incarnations, preparing, publishing, reconciling, rescue, verification, watching
from services.accounts import add_account
from services.incarnations import Life
from services.runtime import Runtime, build_runtime
from tests.builders import START, Team, make_approved, make_team
from tests.sandbox_server import SandboxHandle, running_sandbox

QUIET = timedelta(seconds=121)


@dataclass
class Office:
    """What a test does and asks; `advance` moves the office's and the platforms' clock together."""

    rt: Runtime
    life: Life
    clock: SetClock
    sandbox: SandboxHandle
    team: Team

    def approved(
        self, channel: Channel = Channel.X, text: str = "ลอยกระทง 31 ต.ค. 63", **more: object
    ) -> int:
        """Return the id of a delivery that is due now."""
        due = self.clock.now() + timedelta(minutes=1)
        rows = make_approved(
            self.rt, self.team.officer, self.team.approver, bodies={channel: text}, due_at=due, **more
        )
        self.advance(timedelta(minutes=1))
        return rows[0].id

    def advance(self, delta: timedelta) -> None:
        self.clock.advance(delta)
        self.sandbox.set_clock(self.clock.now().isoformat())

    def round(self) -> None:
        """Do what the ticks do, once."""
        preparing.prepare_ahead(self.rt)
        publishing.due_count(self.rt, life=self.life)
        publishing.drain(self.rt, self.life)
        rescue.rescue(self.rt)
        reconciling.reconcile_due(self.rt)
        verification.verify_due(self.rt)

    def watch(self) -> None:
        watching.watch(self.rt, self.life)

    def settle(self) -> None:
        """Let enough time pass for two read-backs, a resend and its own read-back."""
        for _ in range(6):
            self.advance(QUIET)
            self.round()

    def delivery(self, delivery_id: int) -> Delivery:
        with self.rt.sessions.begin() as session:
            return session.get_one(Delivery, delivery_id)

    def state(self, delivery_id: int) -> DeliveryState:
        return self.delivery(delivery_id).state

    def all(self, kind: type, delivery_id: int) -> list:
        with self.rt.sessions.begin() as session:
            return list(
                session.scalars(select(kind).where(kind.delivery_id == delivery_id).order_by(kind.id))
            )

    def attempts(self, delivery_id: int) -> list[Attempt]:
        return self.all(Attempt, delivery_id)

    def snapshots(self, delivery_id: int) -> list[Snapshot]:
        return self.all(Snapshot, delivery_id)

    def path(self, delivery_id: int) -> list[str]:
        """Return the states a delivery went through."""
        with self.rt.sessions.begin() as session:
            moves = select(Move).where(Move.subject == "delivery", Move.subject_id == delivery_id)
            return [move.target for move in session.scalars(moves.order_by(Move.id))]

    def account(self, channel: Channel) -> Account:
        with self.rt.sessions.begin() as session:
            return session.scalars(select(Account).where(Account.channel == channel)).one()


@pytest.fixture(scope="session")
def platforms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxHandle]:
    """Run one sandbox for all tests; each starts from an empty one."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


def settings_for(data_dir: Path, sandbox: SandboxHandle, **more: object) -> Settings:
    """Return settings that speak to the sandbox and never wait long."""
    values = {
        "data_dir": data_dir,
        "facebook_url": sandbox.graph_url,
        "x_url": sandbox.base_url,
        "connect_timeout_s": 2,
        "read_timeout_s": 1,
        **more,
    }
    return Settings(**values)


@pytest.fixture
def office(data_dir: Path, platforms: SandboxHandle) -> Iterator[Office]:
    """Open the office at 20 October 2563, 09.00, with both accounts ready."""
    with opened(settings_for(data_dir, platforms), platforms) as found:
        yield found


@pytest.fixture
def office_on_postgres(data_dir: Path, platforms: SandboxHandle, postgres_url: str) -> Iterator[Office]:
    """Open the same office over a real PostgreSQL."""
    with opened(settings_for(data_dir, platforms, database_url=postgres_url), platforms) as found:
        yield found


@contextmanager
def opened(settings: Settings, platforms: SandboxHandle) -> Iterator[Office]:
    """Open an office over an empty database and empty platforms."""
    platforms.reset()
    clock = SetClock(START)
    platforms.set_clock(START.isoformat())
    rt = build_runtime(settings, clock)
    Base.metadata.create_all(rt.engine)
    for channel in Channel:
        added = add_account(rt, platforms.credentials(channel), None)
        with rt.sessions.begin() as session:
            session.get_one(Account, added.id).health = Health.OK
    with rt.sessions.begin() as session:
        team = make_team(session)
    life = incarnations.be_born(rt, "test")
    office = Office(rt, life, clock, platforms, team)
    yield office
    incarnations.die(rt, office.life)  # a test may have begun another life
    rt.engine.dispose()
