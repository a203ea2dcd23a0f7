"""Drive a run: the stand-in platforms, real stacks on one database, and all that can happen to them."""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from core.config import Settings
from core.vocab import Channel, Health, PostKind, PostState
from models import Account, Delivery, Post, PostVariant, schema
from services.accounts import add_account
from services.payloads import digest
from services.runtime import Runtime, build_runtime
from tests.builders import make_team
from tests.chaos.checker import LIVE, Verdict, check
from tests.sandbox_server import SandboxHandle, running_sandbox

STACKS = 3
QUIESCENCE_S = 4.0
POINTS = (
    "before_claim",
    "after_claim",
    "after_open",
    "before_attempt",
    "after_attempt",
    "before_send",
    "after_send",
    "before_record",
    "after_record",
    "before_reconcile",
    "after_read_back",
    "after_reconcile",
    "after_verify",
)
FAULTS = (
    ("accept_then_500", {}),
    ("accept_then_drop", {}),
    ("drop_before", {}),
    ("zombie", {"seconds": 0.5}),
)
SETTLED = LIVE | {"missed", "failed", "cancelled", "needs_human"}


@dataclass
class Run:
    """One run: what was asked for, what is running, what was done to it."""

    rt: Runtime
    sandbox: SandboxHandle
    folder: Path
    dice: random.Random
    kills: int
    faults: int
    environment: dict[str, str]
    stacks: list[subprocess.Popen] = field(default_factory=list)
    done: Counter = field(default_factory=Counter)

    def start_stack(self) -> subprocess.Popen:
        """Start one stack; every second one is told at which step to die."""
        environment = dict(self.environment)
        if self.killed < self.kills and self.dice.random() < 0.7:
            point = f"{self.dice.choice(POINTS)}:{self.dice.randint(1, 4)}"
            environment |= {"RUKON_CRASH": point, "RUKON_CRASH_LOG": str(self.folder / "deaths")}
        return subprocess.Popen([sys.executable, "-m", "tests.chaos.worker"], env=environment)

    @property
    def killed(self) -> int:
        return self.done["kills"]

    def tend(self) -> None:
        """Start again what died, and count the deaths."""
        for place, stack in enumerate(self.stacks):
            if stack.poll() is not None:
                self.done["kills"] += 1
                self.stacks[place] = self.start_stack()

    def strike(self) -> None:
        """Do one thing that happens to real machines and platforms."""
        if self.done["faults"] < self.faults:
            kind, params = self.dice.choice(FAULTS)
            self.sandbox.fault(self.dice.choice(list(Channel)), "publish", kind, **params)
            self.done["faults"] += 1
        if self.killed < self.kills and self.dice.random() < 0.35:
            self.dice.choice(self.stacks).kill()
            self.done["random"] += 1


def play(deliveries: int, kills: int, seed: int, database_url: str, folder: Path) -> tuple[Verdict, Counter]:
    """Run until every delivery is settled, or far too long; return the verdict and what was done."""
    dice = random.Random(seed)  # noqa: S311 -- a seed makes the run replayable, nothing is secret
    with running_sandbox(folder / "sandbox") as sandbox:
        sandbox.settings(x_limits={"*": 1_000_000}, x_day_limit=1_000_000, duplicate_window_s=0)
        settings = _settings(folder, sandbox, database_url)
        rt = build_runtime(settings)
        schema.upgrade(rt.engine)
        plan = _plan(rt, sandbox, deliveries)
        (folder / "plan.json").write_text(json.dumps(plan))
        run = Run(rt, sandbox, folder, dice, kills, deliveries // 5, _environment(settings))
        with _running(run):
            _until_settled(run, deadline=time.monotonic() + 90 + deliveries * 0.2 + kills * 1.5)
        verdict = check(plan, sandbox.ledger(), _books(rt))
        run.done["resends"] = _resends(rt)
        rt.engine.dispose()
        return verdict, run.done + _points(folder)


@contextlib.contextmanager
def _running(run: Run) -> Iterator[None]:
    run.stacks.extend(run.start_stack() for _ in range(STACKS))
    try:
        yield
    finally:
        for stack in run.stacks:
            stack.kill()
            stack.wait()


def _until_settled(run: Run, deadline: float) -> None:
    while time.monotonic() < deadline:
        time.sleep(0.4)  # the pace of misfortune, not a wait for a result
        run.tend()
        states = {book["state"] for book in _books(run.rt).values()}
        if states <= SETTLED and run.killed >= run.kills:
            return
        run.strike()


def _settings(folder: Path, sandbox: SandboxHandle, database_url: str) -> Settings:
    return Settings(
        data_dir=folder / "data",
        database_url=database_url,
        facebook_url=sandbox.graph_url,
        x_url=sandbox.base_url,
        quiescence_s=QUIESCENCE_S,
        connect_timeout_s=1,
        read_timeout_s=2,
        lease_s=10,
        max_resends=50,
        pace_s=0.1,
        poll_s=0.3,
        send_threads=4,
    )


def _environment(settings: Settings) -> dict[str, str]:
    given = {f"RUKON_{name.upper()}": str(getattr(settings, name)) for name in settings.model_fields_set}
    return os.environ | given | {"RUKON_CRASH": ""}


def _plan(rt: Runtime, sandbox: SandboxHandle, deliveries: int) -> list[dict]:
    """Write approved posts, due over the first seconds of the run, and say what must come of them."""
    for channel in Channel:
        account = add_account(rt, sandbox.credentials(channel), None)
        with rt.sessions.begin() as session:
            session.get_one(Account, account.id).health = Health.OK
    now = datetime.now(UTC)  # noqa: TID251 -- the run is over the machine's own clock
    plan = []
    with rt.sessions.begin() as session:
        author = make_team(session).officer.id
        accounts = list(session.scalars(select(Account).order_by(Account.id)))
        for number in range(deliveries):
            account = accounts[number % len(accounts)]
            due = now + timedelta(seconds=2 + number % 10)
            text = f"ข่าวที่ {number} & ลอยกระทง <31 ต.ค.> https://www.bangkok.go.th/n/{number}"
            row = _approved(session, account, text, due, author)
            plan.append(
                {"key": str(row.id), "account": account.external_id, "text": text, "due_at": due.isoformat()}
            )
    return plan


def _approved(session, account: Account, text: str, due: datetime, author: int) -> Delivery:
    post = Post(
        kind=PostKind.GENERAL,
        title=text[:20],
        due_at=due,
        not_after=due + timedelta(hours=6),
        state=PostState.APPROVED,
        author_id=author,
        created_at=due,
        changed_at=due,
        revision=1,
        approved_revision=1,
        variants=[PostVariant(channel=account.channel, body=text)],
    )
    session.add(post)
    session.flush()
    payload = {"text": text, "link": "", "media": []}
    row = Delivery(
        post_id=post.id,
        account_id=account.id,
        approved_revision=1,
        payload=payload,
        payload_sha256=digest(payload),
        due_at=due,
        next_at=due,
        not_after=due + timedelta(hours=6),
    )
    session.add(row)
    session.flush()
    return row


def _books(rt: Runtime) -> dict[str, dict]:
    with rt.sessions.begin() as session:
        rows = session.execute(select(Delivery.id, Delivery.state, Delivery.remote_id)).all()
    return {str(key): {"state": str(state), "remote_id": remote_id} for key, state, remote_id in rows}


def _resends(rt: Runtime) -> int:
    with rt.sessions.begin() as session:
        return sum(session.scalars(select(Delivery.resends)))


def _points(folder: Path) -> Counter:
    deaths = folder / "deaths"
    return Counter(f"at {name}" for name in deaths.read_text().split()) if deaths.exists() else Counter()
