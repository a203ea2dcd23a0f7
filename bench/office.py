"""An office at work for a bench: real programs, the sandbox behind them, and approved posts waiting."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.vocab import Channel, DeliveryState
from models import Delivery
from services.accounts import add_account, check_account
from services.runtime import Runtime, build_runtime
from tests.builders import Team, make_approved, make_team
from tests.deployments import Deployment, embedded, taken_apart
from tests.servers import fresh_database, running_postgres, running_redis, wait_until

PATIENCE_S = 300
FAR = timedelta(days=2)
SETTLED = (DeliveryState.PUBLISHED, DeliveryState.VERIFIED)


@dataclass
class Office:
    """A running installation, and a runtime of our own on its database."""

    deployment: Deployment
    rt: Runtime
    team: Team
    written: int = 0

    def wait_with(self, deliveries: int, text: str) -> list[int]:
        """Approve so many deliveries, half per channel, for some day; return their ids."""
        found: list[int] = []
        while len(found) < deliveries:
            self.written += 1
            bodies = dict.fromkeys(Channel, f"{text} {self.written}")
            due_at = self.rt.clock.now() + FAR
            rows = make_approved(self.rt, self.team.officer, self.team.approver, bodies=bodies, due_at=due_at)
            found += [row.id for row in rows]
        return found

    def let_be_due(self, times: dict[int, datetime]) -> None:
        """Move deliveries to their moments."""
        with self.rt.sessions.begin() as session:
            for delivery_id, moment in times.items():
                row = update(Delivery).where(Delivery.id == delivery_id)
                session.execute(row.values(due_at=moment, next_at=moment))

    def wait_until_live(self, ids: Sequence[int]) -> None:
        """Wait until our books call all of them published."""

        def done() -> bool:
            with self.rt.sessions.begin() as session:
                return _count(session, ids) == len(ids)

        wait_until(done, seconds=PATIENCE_S, what=f"{len(ids)} posts to be live", every=0.25)

    def delays(self, ids: Sequence[int]) -> list[float]:
        """Return, shortest first, how many seconds after its due time the platform took each."""
        taken = {record["id"]: datetime.fromisoformat(record["accepted_at"]) for record in self._ledger()}
        with self.rt.sessions.begin() as session:
            rows = session.scalars(select(Delivery).where(Delivery.id.in_(ids))).all()
        return sorted((taken[str(row.remote_id)] - row.due_at).total_seconds() for row in rows)

    def taken_at(self) -> list[datetime]:
        """Return when the platforms took each post, oldest first."""
        return sorted(datetime.fromisoformat(record["accepted_at"]) for record in self._ledger())

    def answer_after(self, milliseconds: int) -> None:
        """Let the platforms think so long about every publish."""
        self.deployment.sandbox.clear_faults()
        if milliseconds:
            self.deployment.sandbox.fault("*", "publish", "latency", times=None, ms=milliseconds)

    def _ledger(self) -> list[dict[str, str]]:
        return self.deployment.sandbox.ledger()


def _count(session: Session, ids: Sequence[int]) -> int:
    wanted = select(func.count()).where(Delivery.id.in_(ids), Delivery.state.in_(SETTLED))
    return session.scalar(wanted) or 0


@contextlib.contextmanager
def open_office(database: str) -> Iterator[Office]:
    """Run everything over an empty database: sqlite as one process, postgresql taken apart with Redis."""
    for name in [name for name in os.environ if name.startswith("RUKON_")]:
        del os.environ[name]  # the figures are those of the defaults
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rukon-bench-")))
        deployment = stack.enter_context(_deployment(database, folder))
        deployment.sandbox.settings(x_enforce_limits=False)
        rt = build_runtime(deployment.settings)
        stack.callback(rt.engine.dispose)
        with rt.sessions.begin() as session:
            team = make_team(session)
        for channel in Channel:
            check_account(rt, add_account(rt, deployment.sandbox.credentials(channel), None).id)
        yield Office(deployment, rt, team)


@contextlib.contextmanager
def _deployment(database: str, folder: Path) -> Iterator[Deployment]:
    if database == "sqlite":
        with embedded(folder) as deployment:
            yield deployment
        return
    with (
        running_postgres(durable=True) as server,
        running_redis() as redis_url,
        fresh_database(server) as url,
        taken_apart(folder, url, redis_url) as deployment,
    ):
        yield deployment
