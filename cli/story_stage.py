"""The stage of the story: a fresh office, the stand-in platforms, Celery, and one moved clock."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import select

from core.clock import SetClock, from_bangkok
from core.config import Settings
from core.vocab import Channel, DeliveryState
from models import Delivery, Person, schema
from services.runtime import Runtime, build_runtime
from tasks.running import Beat, Hands, all_queues
from web.app import create_app

PATIENCE_S = 30.0
START = datetime(2020, 10, 1, 9, 0)  # noqa: DTZ001 -- a Bangkok wall clock, made aware below


class StoryStuck(Exception):
    """Something that must happen did not happen in time."""


@dataclass
class Sandbox:
    """The stand-in platforms' control panel."""

    base_url: str
    control: httpx.Client = field(repr=False)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call the control API; an error answer ends the story."""
        answer = self.control.request(method, path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def fault(self, channel: Channel, operation: str, kind: str, **params: object) -> None:
        """Let the next call of an operation go wrong."""
        rule = {"channel": channel, "operation": operation, "kind": kind, "times": 1, "params": params}
        self.ask("POST", "/__control/faults", rule)

    def ledger(self) -> list[dict[str, Any]]:
        """Return what became public, oldest first."""
        records = self.ask("GET", "/__ledger")["records"]
        return [one for one in records if one["kind"] == "publish"]

    def fix_metrics(self, channel: Channel, remote_id: str, **exact: int) -> None:
        """Say what a post's audience did."""
        self.ask("POST", "/__control/metrics", {"channel": channel, "id": remote_id, "metrics": exact})


@dataclass
class Stage:
    """Everything the steps work with; people and ids of earlier steps are kept in `people` and `kept`."""

    rt: Runtime
    clock: SetClock
    sandbox: Sandbox
    out: Path
    people: dict[str, Person] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def go(self, day: int, month: int, hour: int = 9, minute: int = 0, *, year: int = 2020) -> datetime:
        """Move the office's and the platforms' clock to a Bangkok wall-clock time."""
        moment = from_bangkok(datetime(year, month, day, hour, minute))  # noqa: DTZ001 -- made aware here
        return self.go_to(moment)

    def go_to(self, moment: datetime) -> datetime:
        """Move both clocks to a moment."""
        self.sandbox.ask("POST", "/__control/clock", {"now": moment.isoformat()})
        self.clock.set(moment)
        return moment

    def until(self, what: str, condition: Callable[[], bool]) -> None:
        """Wait for the workers; StoryStuck names what did not happen."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise StoryStuck(what)
            time.sleep(0.05)

    def deliveries(self, *post_ids: int) -> list[Delivery]:
        """Return the deliveries of posts (of all posts if none are named), oldest first."""
        rows = select(Delivery).order_by(Delivery.id)
        with self.rt.sessions.begin() as session:
            return list(session.scalars(rows.where(Delivery.post_id.in_(post_ids)) if post_ids else rows))

    def states(self, *post_ids: int) -> set[DeliveryState]:
        """Return the states that the deliveries of posts are in."""
        return {row.state for row in self.deliveries(*post_ids)}


@contextmanager
def running_stage(out: Path) -> Iterator[Stage]:
    """Set everything up in a folder and take it down again."""
    with _sandbox(out / "sandbox") as sandbox:
        clock = SetClock(from_bangkok(START))
        with _pages_socket() as (server, port):
            rt = build_runtime(_settings(out, sandbox, port), clock)
            schema.upgrade(rt.engine)
            hands, beat = Hands(rt, "story", all_queues(), 8), Beat()
            hands.start()
            beat.start()
            server(rt)
            stage = Stage(rt, clock, sandbox, out)
            stage.go_to(clock.now())
            try:
                yield stage
            finally:
                beat.stop()
                hands.stop()
                rt.engine.dispose()


def _settings(out: Path, sandbox: Sandbox, port: int) -> Settings:
    return Settings(
        data_dir=out / "data", facebook_url=f"{sandbox.base_url}/graph", x_url=sandbox.base_url, port=port,
        read_timeout_s=2.0, poll_s=0.1,
    )  # fmt: skip


@contextmanager
def _sandbox(folder: Path) -> Iterator[Sandbox]:
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--data", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own program
        try:
            said = process.stdout.readline() if process.stdout else ""
            if not said.startswith("sandbox ready at "):
                raise StoryStuck(f"the sandbox did not start: {said!r}")
            base_url = said.removeprefix("sandbox ready at ").split()[0]
            with httpx.Client(base_url=base_url, timeout=10, trust_env=False) as control:
                yield Sandbox(base_url, control)
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def _pages_socket() -> Iterator[tuple[Callable[[Runtime], None], int]]:
    """Reserve a port for the pages, which serve the public downloads; start them once there is a runtime."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []
    config = uvicorn.Config("", host="127.0.0.1", port=0, log_config=None, access_log=False)
    socket = config.bind_socket()

    def start(rt: Runtime) -> None:
        config.app = create_app(rt)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
        thread.start()
        servers.append((server, thread))

    try:
        yield start, socket.getsockname()[1]
    finally:
        for server, thread in servers:
            server.should_exit = True
            thread.join(10)
        socket.close()
