"""Rukon as an office runs it, in processes of its own: what journeys and benches look at from outside."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from core.config import Settings
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.servers import free_port, wait_until
from tests.source_tree import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
STAYING = ("web", "worker", "collector", "beat")
START_S = 60
STOP_S = 40


@dataclass(frozen=True)
class Program:
    """One running process of ours and the file that it writes to."""

    name: str
    process: subprocess.Popen[str]
    log: Path

    def said(self) -> str:
        return self.log.read_text("utf-8")

    def check(self) -> None:
        """Fail with what it said if it has ended."""
        assert self.process.poll() is None, f"{self.name} ended: {self.said()}"


@dataclass(frozen=True)
class Deployment:
    """A running installation; `settings` let a test build a runtime on the same database and key."""

    url: str
    settings: Settings = field(repr=False)
    sandbox: SandboxHandle
    programs: tuple[Program, ...]

    def stop(self) -> dict[str, int]:
        """Ask every program to end, all at once; return their exit codes by name."""
        for program in self.programs:
            program.process.terminate()
        return {program.name: program.process.wait(STOP_S) for program in self.programs}


@contextlib.contextmanager
def embedded(folder: Path, **variables: str) -> Iterator[Deployment]:
    """Run `rukon up --sandbox` over a folder until the block ends."""
    port, sandbox_port = free_port(), free_port()
    sandbox_url, data = f"http://127.0.0.1:{sandbox_port}", folder / "data"
    command = [sys.executable, "-m", "cli.main", "up", "--sandbox"]
    command += ["--port", str(port), "--sandbox-port", str(sandbox_port), "--data-dir", str(data)]
    with (
        running("up", command, environment(variables), folder) as up,
        httpx.Client(base_url=sandbox_url, timeout=30, trust_env=False) as control,
    ):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: answers(url, up), seconds=START_S, what="the pages to answer")
        sandbox = SandboxHandle(sandbox_url, data / "sandbox", up.process, control)
        settings = Settings(data_dir=data, facebook_url=sandbox.graph_url, x_url=sandbox_url)
        yield Deployment(url, settings, sandbox, (up,))


@contextlib.contextmanager
def taken_apart(folder: Path, postgres_url: str, redis_url: str, **variables: str) -> Iterator[Deployment]:
    """Run the commands of docker-compose.yml, each as a process, and the sandbox beside them."""
    with contextlib.ExitStack() as stack:
        sandbox = stack.enter_context(running_sandbox(folder / "sandbox"))
        places = surroundings(folder, postgres_url, redis_url)
        places |= {"RUKON_FACEBOOK_URL": sandbox.graph_url, "RUKON_X_URL": sandbox.base_url}
        places |= {"RUKON_SECURE_COOKIES": "false", **variables}  # no HTTPS proxy stands before the pages
        migrate(places)
        programs = tuple(stack.enter_context(composed(name, places, folder)) for name in STAYING)
        url = f"http://127.0.0.1:{places['RUKON_PORT']}"
        wait_until(lambda: answers(url, programs[0]), seconds=START_S, what="the pages to answer")
        for program in programs:
            wait_until_well(program, places)
        settings = Settings(
            data_dir=folder / "data", database_url=postgres_url, facebook_url=sandbox.graph_url,
            x_url=sandbox.base_url, secret_key_file=Path(places["RUKON_SECRET_KEY_FILE"]),
        )  # fmt: skip
        yield Deployment(url, settings, sandbox, programs)


def surroundings(folder: Path, postgres_url: str, redis_url: str) -> dict[str, str]:
    """Return what the containers are given, with this machine's addresses and folders in place of theirs."""
    (folder / "database_password").write_text("not asked for on this machine\n")
    return {
        "RUKON_DATA_DIR": str(folder / "data"),
        "RUKON_DATABASE_URL": postgres_url,
        "RUKON_DATABASE_PASSWORD_FILE": str(folder / "database_password"),
        "RUKON_REDIS_URL": redis_url,
        "RUKON_SECRET_KEY_FILE": str(folder / "secret_key"),
        "RUKON_PORT": str(free_port()),
        "RUKON_SECURE_COOKIES": "true",
        "TMPDIR": str(folder),  # where processes say that they are well
    }


def migrate(places: Mapping[str, str]) -> None:
    """Run the container that brings the database up to date."""
    command = program_words(COMPOSE["services"]["migrate"]["command"])
    given = environment(COMPOSE["services"]["migrate"]["environment"], places)
    subprocess.run(command, env=given, cwd=ROOT, check=True, timeout=START_S, capture_output=True)


@contextlib.contextmanager
def composed(service: str, places: Mapping[str, str], folder: Path) -> Iterator[Program]:
    """Run one container's command as a process until the block ends."""
    words = program_words(COMPOSE["services"][service]["command"])
    given = environment(COMPOSE["services"][service]["environment"], places)
    with running(service, words, given, folder) as program:
        yield program


@contextlib.contextmanager
def running(name: str, command: Sequence[str], given: Mapping[str, str], folder: Path) -> Iterator[Program]:
    """Run a command with its words in a log file; ask it to end, then insist."""
    log = folder / f"{name}.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            list(command), env=dict(given), cwd=ROOT, stdout=output, stderr=output, text=True
        )
    try:
        yield Program(name, process, log)
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_well(program: Program, places: Mapping[str, str]) -> None:
    """Wait for a container's health check to pass; fails if its process ends."""

    def well() -> bool:
        program.check()
        return healthy(program.name, places)

    wait_until(well, seconds=START_S, what=f"{program.name} to be healthy", every=0.3)


def healthy(name: str, places: Mapping[str, str]) -> bool:
    """Run a container's health check."""
    service = COMPOSE["services"][name]
    check = program_words(service["healthcheck"]["test"][1:])
    given = environment(service["environment"], places)
    return subprocess.run(check, env=given, cwd=ROOT, capture_output=True, check=False).returncode == 0


def answers(url: str, program: Program) -> bool:
    """Say whether the pages answer; fails if the process that makes them has ended."""
    program.check()
    try:
        return httpx.get(f"{url}/healthz", timeout=5, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def environment(*given: Mapping[str, str]) -> dict[str, str]:
    """Return what a process is given: the ways to programs, and these variables, the last one first."""
    found = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    for one in given:
        found |= one
    return found


def program_words(words: Sequence[str]) -> list[str]:
    """Return a container's command for this machine: its programs are those of our own environment."""
    return [str(Path(sys.executable).parent / words[0]), *words[1:]]
