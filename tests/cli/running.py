"""`rukon up` and `rukon demo` as a person runs them: real processes, a log that is read, a clean end."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.servers import free_port, wait_until
from tests.source_tree import ROOT

START_S = 60
STOP_S = 45


@dataclass
class Running:
    """A supervised Rukon: where its pages and platforms are, and what it said so far."""

    process: subprocess.Popen[bytes]
    port: int
    sandbox_port: int
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8")

    @property
    def pages(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def platforms(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    def child(self, name: str) -> int:
        """Return the process id of a child as it was last started."""
        return int(re.findall(rf"{name}: started, process (\d+)", self.said)[-1])

    def healthy(self) -> bool:
        assert self.process.poll() is None, self.said
        return answers(f"{self.pages}/healthz")

    def wait_for(self, words: str) -> None:
        """Wait until the log says these words."""
        wait_until(lambda: words in self.said or self.process.poll() is not None, seconds=START_S, what=words)
        assert words in self.said, self.said

    def stop(self) -> int:
        """End it as a service manager does and return its exit code."""
        self.process.terminate()
        return self.process.wait(STOP_S)


@contextlib.contextmanager
def running(word: str, folder: Path, *arguments: str) -> Iterator[Running]:
    """Run `rukon up` or `rukon demo` on free ports over a folder until the block ends."""
    port, sandbox_port = free_port(), free_port()
    ports = ["--port", str(port), "--sandbox-port", str(sandbox_port)]
    command = [sys.executable, "-m", "cli.main", word, *ports, "--data-dir", str(folder / "data"), *arguments]
    log = folder / f"{word}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=surroundings())
    run = Running(process, port, sandbox_port, log)
    try:
        yield run
    finally:
        if process.poll() is None:
            run.stop()


def surroundings() -> dict[str, str]:
    """Return the environment without any choice of the caller's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RUKON_")}


def answers(address: str) -> bool:
    """Say whether a page answers with 200."""
    try:
        return httpx.get(address, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
