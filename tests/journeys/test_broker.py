"""Redis carries hints only: emptied, dead or told twice, it costs seconds, and never a post."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import select

from core.config import Settings
from core.vocab import AttemptOutcome, Channel, DeliveryState, Health
from models import Account, Attempt, Delivery, schema
from services.accounts import add_account
from services.runtime import Runtime, build_runtime
from tests.builders import Team, approve, make_post, make_team
from tests.deployments import Program, environment, running
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.servers import Redis, free_port, wait_until

pytestmark = pytest.mark.servers

POLL_S = 1.0
LATEST = timedelta(seconds=POLL_S + 5)
STOP_S = 30
BACK_S = 60  # Celery looks for a lost broker after 2, 4, 6… seconds


@dataclass
class Works:
    """An office whose worker and beat run as processes, and a broker that a test may harm."""

    rt: Runtime
    team: Team
    sandbox: SandboxHandle
    broker: Redis
    folder: Path
    programs: contextlib.ExitStack
    number: int = field(default=0)

    def start(self, *commands: str, embedded: bool = False) -> list[Program]:
        """Run `rukon COMMAND` for each until the test ends and wait until they say that they work."""
        programs = [self._begin(command, embedded=embedded) for command in commands]
        for program in programs:
            wait_until(lambda program=program: _started(program), seconds=180, what=program.name)
        return programs

    def _begin(self, command: str, *, embedded: bool) -> Program:
        self.number += 1
        place = self.folder / f"{command}-{self.number}"
        place.mkdir()
        given = environment(
            {
                "RUKON_DATA_DIR": str(self.rt.settings.data_dir),
                "RUKON_DATABASE_URL": self.rt.settings.database_url,
                "RUKON_REDIS_URL": "" if embedded else self.broker.url,
                "RUKON_FACEBOOK_URL": self.sandbox.graph_url,
                "RUKON_X_URL": self.sandbox.base_url,
                "RUKON_POLL_S": str(POLL_S),
                "RUKON_PORT": str(free_port()),
                "TMPDIR": str(place),
            }
        )
        started = running(command, [sys.executable, "-m", "cli.main", command], given, place)
        return self.programs.enter_context(started)

    def publish(self, count: int) -> list[int]:
        """Approve so many posts for now, for X; return their deliveries."""
        found = []
        for _ in range(count):
            self.number += 1
            body = {Channel.X: f"ลอยกระทงริมเจ้าพระยา รอบที่ {self.number}"}
            with self.rt.sessions.begin() as session:
                now = self.rt.clock.now()
                post = make_post(
                    session, self.team.officer, now=now, bodies=body, due_at=now + timedelta(days=1)
                )
            found += [row.id for row in approve(self.rt, post.id, self.team.approver, publish_now=True)]
        return found

    def rows(self, ids: list[int]) -> list[Delivery]:
        with self.rt.sessions.begin() as session:
            return list(session.scalars(select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id)))

    def check_prompt(self, ids: list[int]) -> None:
        """Find each of these live exactly once, and no later than a poll and five seconds after its time."""
        wait_until(lambda: self._all_live(ids), seconds=30, what="the posts to be live", every=0.1)
        lines = {line["text"]: line for line in self.sandbox.ledger()}
        assert len(lines) == len(self.sandbox.ledger()), "a text stands there twice"
        for row in self.rows(ids):
            lateness = datetime.fromisoformat(lines[row.payload["text"]]["accepted_at"]) - row.due_at
            assert timedelta(0) <= lateness <= LATEST, f"{row} left {lateness} after its time"

    def _all_live(self, ids: list[int]) -> bool:
        live = {DeliveryState.PUBLISHED, DeliveryState.VERIFIED}
        return all(row.state in live for row in self.rows(ids))

    def outcomes(self, ids: list[int]) -> list[AttemptOutcome]:
        with self.rt.sessions.begin() as session:
            return list(session.scalars(select(Attempt.outcome).where(Attempt.delivery_id.in_(ids))))


def _started(program: Program) -> bool:
    program.check()
    return ("web.start" if program.name == "serve" else "process.start") in program.said()


@pytest.fixture
def works(request, data_dir, tmp_path):
    """The office's database, accounts and platforms; no process of it runs yet."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with running_sandbox(tmp_path / "sandbox") as sandbox, _broker(request) as broker:
        settings = Settings(
            data_dir=data_dir, database_url=url, facebook_url=sandbox.graph_url, x_url=sandbox.base_url
        )
        rt = build_runtime(settings)
        schema.upgrade(rt.engine)
        account = add_account(rt, sandbox.credentials(Channel.X), None)
        with rt.sessions.begin() as session:
            session.get_one(Account, account.id).health = Health.OK
            team = make_team(session)
        with contextlib.ExitStack() as programs:
            programs.callback(rt.engine.dispose)
            yield Works(rt, team, sandbox, broker, tmp_path, programs)


@contextlib.contextmanager
def _broker(request: pytest.FixtureRequest) -> Iterator[Redis]:
    """Run a Redis of the test's own; the session's says whether this machine has one."""
    request.getfixturevalue("redis_url")
    broker = Redis()
    broker.start()
    try:
        yield broker
    finally:
        broker.destroy()


sqlite, postgresql, both = (
    pytest.mark.parametrize("works", databases, indirect=True)
    for databases in (["sqlite"], ["postgresql"], ["sqlite", "postgresql"])
)


@both
def test_an_emptied_a_dead_and_a_returned_broker_delay_no_post(works):
    worker, beat = works.start("worker", "beat")
    works.check_prompt(works.publish(2))
    with redis.Redis.from_url(works.broker.url) as client:
        client.flushall()
    works.check_prompt(works.publish(3))
    works.broker.kill()
    works.check_prompt(works.publish(3))
    works.check_prompt(works.publish(1))
    works.broker.start()
    wait_until(lambda: consumes(works.broker), seconds=BACK_S, what="the worker to come back", every=0.2)
    works.check_prompt(works.publish(2))
    for program in (worker, beat):
        program.check()
    assert works.outcomes([row.id for row in works.rows(list(range(1, 12)))]) == [AttemptOutcome.OK] * 11


def consumes(broker: Redis) -> bool:
    """Say whether somebody waits at this broker for a tick."""
    with redis.Redis.from_url(broker.url) as client:
        return any(one["cmd"] == "brpop" for one in client.client_list())


@postgresql
def test_two_beats_and_two_workers_send_each_post_once(works):
    programs = works.start("worker", "worker", "beat", "beat")
    ids = works.publish(12)
    works.check_prompt(ids)
    assert works.outcomes(ids) == [AttemptOutcome.OK] * 12
    for program in programs:
        program.check()


@sqlite
@pytest.mark.parametrize("commands", [("worker", "beat"), ("serve",)], ids=["worker", "serve"])
def test_told_to_end_while_the_platform_answers_slowly_it_ends_after_the_answer(works, commands):
    program, *_ = works.start(*commands, embedded=commands == ("serve",))
    works.sandbox.fault("x", "publish", "latency", times=None, ms=4000)
    (delivery_id,) = works.publish(1)
    wait_until(lambda: works.outcomes([delivery_id]), seconds=15, what="the call to begin")
    program.process.terminate()
    assert program.process.wait(STOP_S) == 0, program.said()
    assert works.outcomes([delivery_id]) == [AttemptOutcome.OK]
    assert works.rows([delivery_id])[0].state is DeliveryState.PUBLISHED
    assert len(works.sandbox.ledger()) == 1


@sqlite
def test_told_to_end_while_the_broker_is_dead_it_ends_at_once(works):
    worker, beat = works.start("worker", "beat")
    works.check_prompt(works.publish(1))
    works.broker.kill()
    works.check_prompt(works.publish(1))
    for program in (worker, beat):
        program.process.terminate()
    for program in (worker, beat):
        assert program.process.wait(STOP_S) == 0, program.said()
