"""An office of two X accounts on a SQLite file, with the fake platform outside and a clock of its own."""

import functools
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import sessionmaker

from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel
from models import Base, Delivery, Post
from models.database import make_engine
from services import approval, posts
from services.runtime import Runtime, build_runtime
from services.vault import open_vault
from tests.builders import START, Team, make_account, make_team, post_form
from tests.chaos.fake_platform import FakePlatform

ACCOUNTS = ("1102564000000000001", "1102564000000000002")
WINDOW = timedelta(minutes=20)


class OfficeClock:
    """Our clock: as far from the true one as somebody set it; its second hand is always right."""

    def __init__(self, true: SetClock) -> None:
        self._true = true
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return self._true.now() + self.offset

    def monotonic(self) -> float:
        return self._true.monotonic()


@dataclass
class SmallOffice:
    """The office as one test has it; `folder` holds its database and lock files."""

    folder: Path
    rt: Runtime
    clock: OfficeClock
    team: Team

    def approved(self, body: str, due: datetime) -> list[Delivery]:
        """Write, submit and approve a post for both accounts."""
        with self.rt.sessions.begin() as session:
            now = self.rt.clock.now()
            form = post_form(bodies={Channel.X: body}, due_at=due, not_after=due + WINDOW)
            post = posts.create_post(session, form, self.team.officer, now)
            session.flush()
            posts.submit_post(session, post.id, post.revision, self.team.officer, now)
        return approval.approve_post(self.rt, post.id, post.revision, self.team.approver)

    def rewritten(self, post_id: int, body: str, due: datetime) -> list[Delivery]:
        """Change an approved post and approve it again; raises what the services raise."""
        with self.rt.sessions.begin() as session:
            now = self.rt.clock.now()
            revision = session.scalars(select(Post.revision).where(Post.id == post_id)).one()
            form = post_form(bodies={Channel.X: body}, due_at=due, not_after=due + WINDOW)
            post = posts.edit_post(session, post_id, revision, form, self.team.officer, now)
            posts.submit_post(session, post_id, post.revision, self.team.officer, now)
        return approval.approve_post(self.rt, post_id, post.revision, self.team.approver)

    def close(self) -> None:
        self.rt.engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)


def open_office(platform: FakePlatform) -> SmallOffice:
    """Open a fresh copy of the office at 20 October 2563, 09.00."""
    master, team = _master()
    folder = Path(tempfile.mkdtemp(prefix="rukon-machine-"))
    shutil.copytree(master, folder, dirs_exist_ok=True)
    clock = OfficeClock(platform.clock)
    engine = make_engine(f"sqlite:///{folder / 'rukon.db'}")
    event.listen(engine, "connect", _never_flush)
    rt = Runtime(
        settings=Settings(data_dir=folder),
        engine=engine,
        sessions=sessionmaker(engine, expire_on_commit=False),
        connectors={Channel.X: platform},
        clock=clock,
        vault=open_vault(folder / "secret.key"),
    )
    return SmallOffice(folder, rt, clock, team)


@functools.cache
def _master() -> tuple[Path, Team]:
    """Make the office every example copies."""
    folder = Path(tempfile.mkdtemp(prefix="rukon-master-"))
    rt = build_runtime(Settings(data_dir=folder), SetClock(START))
    Base.metadata.create_all(rt.engine)
    with rt.sessions.begin() as session:
        team = make_team(session)
    for external_id in ACCOUNTS:
        make_account(rt, Channel.X, external_id)
    rt.engine.dispose()  # the last connection's end brings the whole database into its one file
    return folder, team


def _never_flush(connection: object, _entry: object) -> None:
    """Leave the disk out of it: nothing here survives a power cut, and nothing has to."""
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]  # a sqlite3 connection
