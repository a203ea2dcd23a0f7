"""What a run stands on: fake platforms, a database, Redis, and settings that wait as briefly as is safe."""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from core.config import Settings
from models import schema
from services.runtime import Runtime, build_runtime
from tests.chaos.weather import READ_TIMEOUT_S, Weather
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.servers import Postgres, Redis, ServerUnavailableError, free_port


@dataclass
class Stage:
    """`rt` is the driver's own way in; `eyes` only read. `redis` None: none here, or none wanted."""

    folder: Path
    sandbox: SandboxHandle
    rt: Runtime
    eyes: Engine
    redis: Redis | None
    postgres: Postgres | None

    def states(self) -> dict[str, int]:
        """Return how many deliveries are in which state."""
        with self.eyes.connect() as connection:
            rows = connection.execute(text("SELECT state, count(*) FROM delivery GROUP BY state"))
            return dict(rows.all())

    def environment(self, *, broker: bool) -> dict[str, str]:
        """Return what a process of ours gets; broker: Redis, else inside the process."""
        settings = self.rt.settings
        given = {f"RUKON_{name.upper()}": str(getattr(settings, name)) for name in settings.model_fields_set}
        redis = {"RUKON_REDIS_URL": self.redis.url} if broker and self.redis else {}
        port = {} if broker else {"RUKON_PORT": str(free_port())}
        return {"PATH": os.environ["PATH"], "TMPDIR": str(self.folder / "tmp")} | given | redis | port


@contextlib.contextmanager
def staged(folder: Path, database: str, seed: int, weather: Weather) -> Iterator[Stage]:
    """Set everything up in a folder; what was started is gone afterwards, the files stay."""
    for name in ("data", "logs", "tmp"):
        (folder / name).mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(_server(Postgres(durable=True))) if database == "postgresql" else None
        redis = stack.enter_context(_redis()) if weather.events else None
        said = stack.enter_context((folder / "logs" / "sandbox.log").open("w"))
        sandbox = stack.enter_context(
            running_sandbox(folder / "sandbox", "--seed", str(seed), complaints=said)
        )
        sandbox.settings(x_enforce_limits=False, duplicate_window_s=0)
        url = postgres.url if postgres else f"sqlite:///{folder / 'data' / 'rukon.db'}"
        rt = build_runtime(_settings(folder, sandbox, url, weather))
        eyes = create_engine(url, pool_pre_ping=True)
        stack.callback(rt.engine.dispose)
        stack.callback(eyes.dispose)
        schema.upgrade(rt.engine)
        yield Stage(folder, sandbox, rt, eyes, redis, postgres)


def _settings(folder: Path, sandbox: SandboxHandle, url: str, weather: Weather) -> Settings:
    return Settings(
        data_dir=folder / "data", database_url=url, facebook_url=sandbox.graph_url, x_url=sandbox.base_url,
        connect_timeout_s=1, read_timeout_s=READ_TIMEOUT_S, lease_s=weather.lease_s,
        quiescence_s=weather.quiescence_s, poll_s=1, send_threads=4, log_level="warning", x_budget_usd=0,
    )  # fmt: skip


@contextlib.contextmanager
def _server(server: Postgres | Redis) -> Iterator[Postgres | Redis]:
    try:
        server.start()
        yield server
    finally:
        server.destroy()


@contextlib.contextmanager
def _redis() -> Iterator[Redis | None]:
    """Run a Redis; where there is none, say so and go on without."""
    try:
        server = Redis()
    except ServerUnavailableError as exc:
        sys.stderr.write(f"{exc}: every stack has its broker inside\n")
        yield None
        return
    with _server(server):
        yield server
