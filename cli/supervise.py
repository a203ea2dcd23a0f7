"""`rukon up`: keeps the service, and the stand-in platforms if asked for, running until told to stop.

Only the standard library: this process lives as long as the office's machine and should cost nothing.
Run as `python -m cli.supervise [--sandbox] [--…]`; the settings come from the environment.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from cli.listening import Ear

GRACE_S = 35.0
RESTARTED = "RUKON_UP_RESTARTED"  # tells a worker that it follows one that was silent
CALM_S = 60.0
LONGEST_PAUSE_S = 30.0


@dataclass
class Child:
    """One program that must be running."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    resume_at: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        # its own session: a Ctrl-C in the terminal reaches the supervisor, which stops its children in order
        self.process = subprocess.Popen(self.command, env=self.environment, start_new_session=True)  # noqa: S603 -- our own programs
        say(f"{self.name}: started, process {self.process.pid}")

    def tend(self) -> None:
        """Start again what has fallen; the more often it falls at once, the longer the pause."""
        if self.process is None:
            if time.monotonic() >= self.resume_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        lived = time.monotonic() - self.started
        self.falls = 1 if lived > CALM_S else self.falls + 1
        pause = 0.0 if self.falls == 1 else min(2.0 ** (self.falls - 2), LONGEST_PAUSE_S)
        say(f"{self.name}: ended with {describe(code)} after {lived:.1f} s; starting again in {pause:.0f} s")
        self.process, self.resume_at = None, time.monotonic() + pause

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            say(f"{self.name}: did not stop within {GRACE_S:.0f} s, killed")
            self.process.kill()
            self.process.wait()


@dataclass
class Worker(Child):
    """One program that must also be heard: silent while posts are due, it is started again."""

    ear: Ear | None = None

    def start(self) -> None:
        super().start()
        self.environment.pop(RESTARTED, None)  # the one after this may fall for another reason

    def tend(self) -> None:
        """Start again what has fallen or fallen silent; the next one is told why it came to be."""
        super().tend()
        self.ear = self.ear or Ear(self.environment)
        if self.process is None:
            self.ear.forget()
        elif self.process.poll() is None and self.ear.silent(self.process.pid):
            say(f"{self.name}: process {self.process.pid} is silent while posts are due; starting again")
            self.environment[RESTARTED] = "silent"
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        if self.ear is not None:
            self.ear.forget()
        super().stop()


@dataclass
class Step(Child):
    """One program that runs once, to its end, before what follows it is started."""

    def tend(self) -> None:
        """Leave it alone: a step is not started again."""

    def code(self) -> int | None:
        """Return its exit code, None while it runs."""
        return None if self.process is None else self.process.poll()


@dataclass
class Supervisor:
    """The children and the one event that ends them all."""

    children: list[Child]
    ending: bool = False
    failed: bool = False
    started: list[Child] = field(default_factory=list)
    wake: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Start everything in order, tend it until a signal comes, stop it in reverse; 1 if a step failed."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        signal.signal(signal.SIGCHLD, lambda *_: self.wake.set())
        for child in self.children:
            if not self.ending:
                self._start(child)
        while not self.ending:
            self._tend()
        say("stopping")
        for child in reversed(self.started):
            child.stop()
        say("stopped; nothing is left running")
        return int(self.failed)

    def _start(self, child: Child) -> None:
        self.started.append(child)
        child.start()
        while isinstance(child, Step) and child.code() is None and not self.ending:
            self._tend()
        if isinstance(child, Step) and child.code():
            say(f"{child.name}: ended with {describe(child.code() or 0)}")
            self.failed = self.ending = True

    def _end(self, *_: object) -> None:
        self.ending = True
        self.wake.set()

    def _tend(self) -> None:
        """Look after every child, then sleep until a signal; half a second while one waits to start again."""
        for child in self.started:
            child.tend()
        waiting = any(child.process is None for child in self.started)
        self.wake.wait(0.5 if waiting else 10.0)
        self.wake.clear()


def describe(code: int) -> str:
    """Return an exit code in words."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def say(line: str) -> None:
    """Print one line at once, to stderr like every log."""
    print(f"rukon up: {line}", file=sys.stderr, flush=True)


def taken(host: str, port: int) -> bool:
    """Say whether somebody already listens on a port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def port_trouble(arguments: argparse.Namespace) -> bool:
    """Say which port is taken, if one is."""
    wanted = [(arguments.host, arguments.port, "--port")]
    if arguments.sandbox:
        wanted.append(("127.0.0.1", arguments.sandbox_port, "--sandbox-port"))
    for host, port, option in wanted:
        if taken(host, port):
            say(
                f"port {port} is taken by another program; stop that one or choose another port with {option}"
            )
            return True
    return False


def plan(arguments: argparse.Namespace) -> list[Child]:
    """Return what must run: the stand-in platforms first, then the service that speaks to them."""
    environment = dict(os.environ)
    environment.update(
        RUKON_HOST=arguments.host,
        RUKON_PORT=str(arguments.port),
        RUKON_SANDBOX_PORT=str(arguments.sandbox_port),
        RUKON_DATA_DIR=arguments.data_dir,
    )
    children = []
    if arguments.sandbox:
        base = f"http://127.0.0.1:{arguments.sandbox_port}"
        environment.update(RUKON_FACEBOOK_URL=f"{base}/graph", RUKON_X_URL=base)
        command = [sys.executable, "-m", "sandbox", "--port", str(arguments.sandbox_port), "--citizens", "5"]
        children.append(Child("sandbox", [*command, "--data", f"{arguments.data_dir}/sandbox"], environment))
    children.append(Worker("service", [sys.executable, "-m", "cli.main", "serve"], environment))
    return children


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the command line; every default comes from the environment."""
    parser = argparse.ArgumentParser(prog="rukon up", description=__doc__)
    parser.add_argument("--sandbox", action="store_true", help="also run the stand-in platforms")
    parser.add_argument("--host", default=os.environ.get("RUKON_HOST") or "127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("RUKON_PORT") or 8640))
    parser.add_argument("--sandbox-port", type=int, default=int(os.environ.get("RUKON_SANDBOX_PORT") or 8641))
    parser.add_argument("--data-dir", default=os.environ.get("RUKON_DATA_DIR") or "data/office")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run until stopped; 2 if a port is taken."""
    arguments = parse(sys.argv[1:] if argv is None else argv)
    if port_trouble(arguments):
        return 2
    return Supervisor(plan(arguments)).run()


if __name__ == "__main__":
    sys.exit(main())
