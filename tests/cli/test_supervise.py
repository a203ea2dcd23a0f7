import os
import signal
import socket
import subprocess
import sys

import pytest

from cli.demo import claim
from tests.cli.running import answers, running, surroundings
from tests.servers import wait_until
from tests.source_tree import ROOT


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    with running("up", tmp_path_factory.mktemp("up"), "--sandbox") as run:
        wait_until(run.healthy, seconds=60, what="the pages to answer")
        yield run


def test_a_killed_child_is_started_again_and_the_log_says_so(up):
    first = up.child("service")
    os.kill(first, signal.SIGKILL)
    up.wait_for("service: ended with signal SIGKILL")
    wait_until(lambda: up.child("service") != first, seconds=30, what="another service process")
    wait_until(up.healthy, seconds=60, what="the pages to answer again")
    assert answers(f"{up.platforms}/__control/health")


def test_a_taken_port_is_said_before_anything_starts(up, tmp_path):
    for option, port in (("--port", up.port), ("--sandbox-port", up.sandbox_port)):
        command = [sys.executable, "-m", "cli.main", "up", "--sandbox", "--port", "0", "--sandbox-port", "0"]
        done = subprocess.run(
            [*command, option, str(port), "--data-dir", str(tmp_path)],
            cwd=ROOT, capture_output=True, text=True, check=False, env=surroundings(),
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (2, "")
        assert f"port {port} is taken" in done.stderr
        assert option in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_sigterm_stops_everything_in_order(up):
    pids = [up.child("service"), up.child("sandbox")]
    assert up.stop() == 0
    assert up.said.rstrip().endswith("nothing is left running")
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert not answers(f"{up.pages}/healthz")


def test_a_demo_never_enters_an_offices_folder(tmp_path, capfd):
    (tmp_path / "rukon.db").touch()
    assert not claim(tmp_path)
    assert "office's data" in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["rukon.db"]


def test_a_failed_step_ends_the_demo_and_leaves_nothing_running(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "demo.json").write_text("[]", "utf-8")
    (data / "rukon.db").write_bytes(b"this is no database")
    with running("demo", tmp_path) as run:
        assert run.process.wait(60) == 1
    assert "sample data: ended with exit code 1" in run.said
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", run.sandbox_port)) != 0
