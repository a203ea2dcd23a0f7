"""Whether a child is still heard: a small program asks the database, and nobody waits for it."""

import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

EVERY_S = 15.0
PATIENCE_S = 12.0


@dataclass
class Ear:
    """Asks now and then whether a process writes its heartbeat while posts are due.

    Twice the same old heartbeat, a quarter of a minute apart, is silence: once may be a clock that jumped.
    """

    environment: Mapping[str, str]
    asking: subprocess.Popen[str] | None = None
    asked_at: float = float("-inf")
    heard: str = ""

    def silent(self, pid: int) -> bool:
        """Ask, or take the answer of an earlier question; True once it was silent twice."""
        now = time.monotonic()
        if self.asking is None:
            if now - self.asked_at > EVERY_S:
                self._ask(pid, now)
            return False
        if self.asking.poll() is None:
            if now - self.asked_at > PATIENCE_S:
                self.asking.kill()  # a database that does not answer says nothing about the worker
            return False
        said, code = self.asking.communicate()[0].strip(), self.asking.returncode
        self.asking = None
        again, self.heard = bool(said) and said == self.heard, said if code == 1 else ""
        return code == 1 and again

    def forget(self) -> None:
        """Begin anew with another process."""
        if self.asking is not None:
            self.asking.kill()
            self.asking.communicate()
        self.asking, self.heard = None, ""

    def _ask(self, pid: int, now: float) -> None:
        module = "cli.heartbeat_postgres" if self.environment.get("RUKON_DATABASE_URL") else "cli.heartbeat"
        command = [sys.executable, "-m", module, str(pid)]
        self.asking = subprocess.Popen(  # noqa: S603 -- our own program
            command, env=dict(self.environment), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.asked_at = now
