"""The supervisor listens: a worker silent while posts are due is started again, and the next one says why."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from cli import listening
from cli.supervise import RESTARTED, Worker
from core.clock import SystemClock
from core.vocab import AlertKind
from models import Alert, Delivery, Incarnation
from services import watching
from tests.servers import wait_until

FOR_EVER = datetime(2200, 1, 1, tzinfo=UTC)


def surroundings(office):
    settings = office.rt.settings
    return os.environ | {
        "RUKON_DATA_DIR": str(settings.data_dir),
        "RUKON_DATABASE_URL": settings.database_url,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def asked(office):
    module = "cli.heartbeat_postgres" if office.rt.settings.database_url else "cli.heartbeat"
    done = subprocess.run(
        [sys.executable, "-m", module, str(os.getpid())],
        env=surroundings(office), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


def make_due(office):
    delivery_id = office.approved()
    with office.rt.sessions.begin() as session:
        session.get_one(Delivery, delivery_id).not_after = FOR_EVER


def be_worker(office, heard):
    with office.rt.sessions.begin() as session:
        session.execute(update(Incarnation).values(role="worker", heartbeat_at=heard))


@pytest.mark.parametrize("which", ["office", pytest.param("office_on_postgres", marks=pytest.mark.servers)])
def test_silence_is_an_old_heartbeat_while_posts_are_due(request, which):
    office = request.getfixturevalue(which)
    old, new = (SystemClock().now() - timedelta(seconds=age) for age in (70, 10))
    be_worker(office, old)
    assert asked(office) == (0, "")
    make_due(office)
    code, said = asked(office)
    assert (code, said[:16]) == (1, f"{old:%Y-%m-%d %H:%M}")
    be_worker(office, new)
    assert asked(office) == (0, "")


def test_a_database_that_cannot_be_asked_says_nothing(tmp_path):
    (tmp_path / "rukon.db").write_bytes(b"this is no database")
    for module, variable, value in (
        ("cli.heartbeat", "RUKON_DATA_DIR", str(tmp_path)),
        ("cli.heartbeat", "RUKON_DATA_DIR", str(tmp_path / "nowhere")),
        ("cli.heartbeat_postgres", "RUKON_DATABASE_URL", f"postgresql:///x?host={tmp_path}"),
    ):
        command = [sys.executable, "-m", module, "1"]
        done = subprocess.run(command, env=os.environ | {variable: value}, capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (0, b"")


def test_a_silent_worker_is_started_again_and_raises_an_alert(office, monkeypatch, capfd):
    monkeypatch.setattr(listening, "EVERY_S", 0.0)
    make_due(office)
    command = [sys.executable, "-m", "tests.publishing.idle_worker", office.clock.now().isoformat()]
    child = Worker("service", command, surroundings(office))
    child.start()
    try:
        first = child.process.pid
        wait_until(lambda: tended(child) not in (None, first), seconds=30, what="another process")
    finally:
        child.stop()
    assert "silent while posts are due" in capfd.readouterr().err
    assert RESTARTED not in child.environment


def tended(child):
    child.tend()
    time.sleep(0.01)  # as the supervisor sleeps between two looks
    return child.process.pid if child.process else None


def test_a_worker_that_follows_a_silent_one_says_so(office):
    watching.tell_silent(office.rt)
    watching.tell_silent(office.rt)
    with office.rt.sessions.begin() as session:
        (alert,) = session.scalars(select(Alert)).all()
    assert (alert.kind, alert.count) == (AlertKind.SILENT, 2)
