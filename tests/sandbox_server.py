"""Run the sandbox as its own process and talk to its control API: for tests that need the fake platforms."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
STOP_S = 10


@dataclass
class SandboxHandle:
    """A running sandbox. `base_url` is http://127.0.0.1:port; Graph lives under /graph, X under /2."""

    base_url: str
    data: Path
    process: subprocess.Popen[str]
    control: httpx.Client = field(repr=False)

    @property
    def graph_url(self) -> str:
        return f"{self.base_url}/graph"

    def fault(  # noqa: PLR0913 -- a fault is told by all of these, each by its name
        self,
        channel: str,
        operation: str,
        kind: str,
        *,
        times: int | None = 1,
        marker: str = "",
        account: str = "",
        after: int = 0,
        **params: Any,
    ) -> int:
        """Let something go wrong for the next `times` calls (None: until cleared); return the fault's number.

        after: so many matching calls pass first. A latency or a visibility delay is wanted with times=None.

        >>> sandbox.fault("x", "publish", "accept_then_drop")
        >>> sandbox.fault("facebook", "publish", "error", name="rate_limited", regain_minutes=10)
        """
        rule = {"channel": channel, "operation": operation, "kind": kind, "times": times, "params": params}
        return int(
            self.ask(
                "POST", "/__control/faults", rule | {"marker": marker, "account": account, "after": after}
            )["fault"]
        )

    def clear_faults(self) -> None:
        self.ask("DELETE", "/__control/faults")

    def faults(self) -> list[dict[str, Any]]:
        """Return the rules in force, each with its `hits`."""
        return list(self.ask("GET", "/__control/faults")["faults"])

    def ledger(self, channel: str = "", *, account: str = "", kind: str = "publish") -> list[dict[str, Any]]:
        """Return what became public, oldest first: accepted_at, channel, account, id, text, link, media…"""
        records = self.ask("GET", "/__ledger")["records"]
        wanted = {"channel": channel, "account": account, "kind": kind}
        return [one for one in records if all(value in ("", one[name]) for name, value in wanted.items())]

    def log(self, channel: str = "", operation: str = "") -> list[dict[str, Any]]:
        """Return the requests received: at, channel, operation, method, path, params, status, fault."""
        wanted = {"channel": channel, "operation": operation}
        requests = self.ask("GET", "/__log")["requests"]
        return [one for one in requests if all(value in ("", one[name]) for name, value in wanted.items())]

    def prices(self, month: str = "") -> dict[str, Any]:
        """Return what X would bill: {lines: [{day, item, resource, mills}], items: {item: count}, usd}."""
        return self.ask("GET", f"/__prices?month={month}")

    def clear_log(self) -> None:
        self.ask("DELETE", "/__log")

    def set_clock(self, now: str | None = None, *, offset_s: float | None = None) -> dict[str, Any]:
        """Stand still at `now` (ISO), or flow `offset_s` away from real time; neither: real time again."""
        if now is not None:
            return self.ask("POST", "/__control/clock", {"now": now})
        moved = {"real": True} if offset_s is None else {"offset_s": offset_s}
        return self.ask("POST", "/__control/clock", moved)

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Change settings by name (sandbox/settings.py) and return them all."""
        return self.ask("POST", "/__control/settings", changes)

    def metrics(self, channel: str, post_id: str, **exact: int | None) -> dict[str, Any]:
        """Return a post's figures now; with figures given, fix them first (None: unknown)."""
        if exact:
            self.ask("POST", "/__control/metrics", {"channel": channel, "id": post_id, "metrics": exact})
        path = f"/__control/metrics?channel={channel}&id={post_id}"
        return dict(self.ask("GET", path)["metrics"])

    def credentials(self, channel: str) -> dict[str, Any]:
        """Return the token file of the channel's demo account."""
        accounts = self.ask("GET", "/__control/credentials")["accounts"]
        return dict(next(one for one in accounts if one["channel"] == channel))

    def add_accounts(self, channel: str, count: int) -> list[dict[str, Any]]:
        """Make more Pages or users and return their token files."""
        return list(self.ask("POST", "/__control/accounts", {"channel": channel, "count": count})["accounts"])

    def wear_token(self, channel: str, account_id: str, **changes: Any) -> None:
        """Change an account's tokens: dead=463, read_only=True, scopes=[…], tasks=[…], expires_at=iso."""
        self.ask("POST", "/__control/tokens", {"channel": channel, "id": account_id, **changes})

    def reset(self) -> None:
        self.ask("POST", "/__control/reset")

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        response = self.control.request(method, path, json=body)
        assert response.status_code == 200, response.text
        return dict(response.json())


@contextlib.contextmanager
def running_sandbox(
    data_dir: Path, *arguments: str, port: int = 0, complaints: IO[str] | None = None
) -> Iterator[SandboxHandle]:
    """Run `python -m sandbox` on a free port over `data_dir` until the block ends.

    complaints: where its error output goes; clients that die in the middle of a request make it long.
    """
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--data", str(data_dir), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=complaints, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.startswith("sandbox ready at "), f"the sandbox did not start: {said!r}"
            base_url = said.removeprefix("sandbox ready at ").split()[0]
            with httpx.Client(base_url=base_url, timeout=30, trust_env=False) as control:
                yield SandboxHandle(base_url, data_dir, process, control)
        finally:
            stop(process)


def stop(process: subprocess.Popen[str]) -> int:
    """End the sandbox as a supervisor does, and insist if it does not listen."""
    process.terminate()
    try:
        return process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
