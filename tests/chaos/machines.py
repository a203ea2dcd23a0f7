"""What happens to machines during a run: Redis, the database server, clocks, backups, everybody at once."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import redis
from celery import Celery
from kombu.exceptions import OperationalError
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.vocab import DeliveryState
from models import Move, schema
from tests.chaos.backup import Backup
from tests.chaos.cast import Cast
from tests.chaos.stage import Stage
from tests.chaos.weather import CLOCK_STEPS_S

REDIS_DOWN_S = 1.5
TWICE_AND_MORE = 10
HINTS = (
    "publishing.tick",
    "publishing.drain",
    "publishing.rescue",
    "publishing.reconcile",
    "publishing.verify",
)


@dataclass
class Machines:
    """`later` lets something happen in some seconds; `first_claims_s`: after each death of everybody."""

    stage: Stage
    cast: Cast
    dice: random.Random
    later: Callable[[float, Callable[[], None]], None]
    done: Counter[str] = field(default_factory=Counter)
    first_claims_s: list[float] = field(default_factory=list)
    backup: Backup = field(init=False)
    _killed_at: datetime | None = None

    def __post_init__(self) -> None:
        self.backup = Backup(self.stage)

    @property
    def idle(self) -> bool:
        """Say whether nobody waits for a first claim or for a backup to be put back."""
        return self._killed_at is None and self.backup.taken_at is None

    def empty_redis(self) -> None:
        """FLUSHALL: every hint on its way is gone."""
        if self.stage.redis:
            with redis.Redis.from_url(self.stage.redis.url, socket_timeout=2) as client:
                try:
                    client.flushall()
                    self.done["redis emptied"] += 1
                except redis.RedisError:
                    self.later(0.5, self.empty_redis)

    def kill_redis(self) -> None:
        """Kill Redis; it comes back empty."""
        if self.stage.redis:
            self.stage.redis.kill()
            self.done["redis killed"] += 1
            self.later(REDIS_DOWN_S, self.stage.redis.start)

    def double_hints(self) -> None:
        """Send every kind of hint ten times, in any order."""
        if not self.stage.redis:
            return
        names = list(HINTS * TWICE_AND_MORE)
        self.dice.shuffle(names)
        with Celery(broker=self.stage.redis.url, set_as_current=False) as hands:
            try:
                for name in names:
                    hands.send_task(name, queue="publish", ignore_result=True, retry=False)
                self.done["hints tenfold"] += 1
            except OperationalError:
                self.later(0.5, self.double_hints)

    def crash_database(self) -> None:
        """Crash the database server: what was not committed is gone, every connection is cut."""
        if self.stage.postgres:
            self.stage.postgres.stop("immediate")
            self.stage.postgres.start()
            self.done["database crashes"] += 1

    def update(self) -> None:
        """Let the newer version migrate the database under the one before, and work beside it from now."""
        assert self.cast.newer is not None
        schema.upgrade(self.stage.rt.engine)
        self.cast.nurseries.insert(0, self.cast.newer)
        self.done["migrated under load"] += 1

    def step_clock(self) -> None:
        """Let one worker's next life have its clock set, and set right again."""
        self.cast.steps.append(self.dice.choice(CLOCK_STEPS_S))

    def kill_all(self) -> None:
        """Kill everybody at once, and take the time until something is claimed again."""
        self._killed_at = datetime.now(UTC)  # noqa: TID251 -- a run goes by the machine's own clock
        self.cast.kill_all()
        self.done["all killed"] += 1

    def look_for_first_claim(self) -> None:
        """Note how long it took since everybody was killed, if something was claimed by now."""
        if self._killed_at is None:
            return
        try:
            with Session(self.stage.eyes) as session:
                claims = Move.target == DeliveryState.SENDING, Move.at > self._killed_at
                first = session.scalar(select(func.min(Move.at)).where(*claims))
        except DBAPIError:
            return
        if first:
            self.first_claims_s.append((first - self._killed_at).total_seconds())
            self._killed_at = None

    def put_backup_back(self) -> datetime:
        """Put the backup in the place of the database while nobody is alive; return when it was taken."""
        taken_at = self.backup.taken_at
        assert taken_at is not None
        with self.cast.away():
            self.backup.put_back()
        self.backup.taken_at = None
        self._killed_at = None  # what was claimed since then, nobody knows any more
        self.done["backups put back"] += 1
        return taken_at
