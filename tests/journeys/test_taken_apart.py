"""The commands of docker-compose.yml, run as processes on a real PostgreSQL and a real Redis."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.servers import free_port, wait_until
from tests.source_tree import ROOT

pytestmark = pytest.mark.servers

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
STAYING = ("web", "worker", "collector", "beat")
START_S = 60
STOP_S = 40


@pytest.fixture
def surroundings(tmp_path, postgres_url, redis_url):
    """Return what the containers are given, with this machine's addresses and folders in place of theirs."""
    (tmp_path / "database_password").write_text("not asked for on this machine\n")
    places = {
        "RUKON_DATA_DIR": str(tmp_path / "data"),
        "RUKON_DATABASE_URL": postgres_url,
        "RUKON_DATABASE_PASSWORD_FILE": str(tmp_path / "database_password"),
        "RUKON_REDIS_URL": redis_url,
        "RUKON_SECRET_KEY_FILE": str(tmp_path / "secret_key"),
        "RUKON_PORT": str(free_port()),
        "RUKON_SECURE_COOKIES": "true",
        "TMPDIR": str(tmp_path),  # where processes say that they are well
    }
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}, places


def environment(service, surroundings):
    inherited, places = surroundings
    return {**inherited, **COMPOSE["services"][service]["environment"], **places}


def program(words):
    """Return a container's command for this machine: its programs are those of our own environment."""
    return [str(Path(sys.executable).parent / words[0]), *words[1:]]


@contextlib.contextmanager
def running(service, surroundings, log):
    command = program(COMPOSE["services"][service]["command"])
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment(service, surroundings), cwd=ROOT, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def healthy(service, surroundings):
    check = program(COMPOSE["services"][service]["healthcheck"]["test"][1:])
    done = subprocess.run(
        check, env=environment(service, surroundings), cwd=ROOT, capture_output=True, check=False
    )
    return done.returncode == 0


def test_processes_start_report_health_and_stop_in_order(surroundings, tmp_path):
    migrate = program(COMPOSE["services"]["migrate"]["command"])
    for _ in range(2):
        subprocess.run(
            migrate, env=environment("migrate", surroundings), cwd=ROOT, check=True, timeout=START_S
        )
    assert not healthy("worker", surroundings), "a worker that never started must not count as healthy"
    logs = {name: tmp_path / f"{name}.log" for name in STAYING}
    with contextlib.ExitStack() as stack:
        processes = {name: stack.enter_context(running(name, surroundings, logs[name])) for name in STAYING}

        def well(name):
            assert processes[name].poll() is None, logs[name].read_text("utf-8")
            return healthy(name, surroundings)

        for name in STAYING:
            wait_until(lambda name=name: well(name), seconds=START_S, what=f"{name} to be healthy")
        for process in processes.values():
            process.terminate()
        codes = {name: process.wait(STOP_S) for name, process in processes.items()}
    assert codes == dict.fromkeys(STAYING, 0), [log.read_text("utf-8") for log in logs.values()]
    assert not healthy("worker", surroundings), "a worker that said goodbye must not count as healthy"
