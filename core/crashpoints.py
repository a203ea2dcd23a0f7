"""Named places where a rehearsal may kill the process; nothing happens unless RUKON_CRASH names one.

RUKON_CRASH = "after_claim:1,after_send:3" kills this process with SIGKILL the first time it comes to
`after_claim`, or the third time it comes to `after_send`. RUKON_CRASH_LOG names a file that notes each death.
"""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

NAMES = (
    "before_claim",
    "after_claim",
    "after_open",
    "before_attempt",
    "after_attempt",
    "before_send",
    "after_send",
    "before_record",
    "after_record",
    "after_rescue",
    "before_reconcile",
    "after_read_back",
    "after_reconcile",
    "after_verify",
    # of two-phase accounts only
    "after_draft_attempt",
    "after_draft",
    "after_draft_kept",
)


def die(name: str) -> None:
    """End this process at once, as a power cut would, after noting where."""
    log = os.environ.get("RUKON_CRASH_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as handle:
            handle.write(f"{name}\n")
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Rehearsal:
    """What happens at which point: at the n-th visit of a planned point, `act` is called with its name."""

    planned: dict[str, int]
    act: Callable[[str], None] = die
    seen: Counter[str] = field(default_factory=Counter)


def plan(text: str) -> dict[str, int]:
    """Read `name:count,name` as {name: the visit at which it happens}."""
    pairs = (part.partition(":") for part in text.split(",") if part)
    return {name: int(count or 1) for name, _, count in pairs}


_on: list[Rehearsal] = [Rehearsal(plan(os.environ.get("RUKON_CRASH", "")))]
_lock = threading.Lock()


def rehearse(rehearsal: Rehearsal) -> None:
    """Put another rehearsal in the place of the one the environment asked for."""
    _on[:] = [rehearsal]


def reach(name: str) -> None:
    """Die here if the rehearsal says so; otherwise cost one dictionary look-up."""
    rehearsal = _on[0]
    if name not in rehearsal.planned:
        return
    with _lock:
        rehearsal.seen[name] += 1
        due = rehearsal.seen[name] == rehearsal.planned[name]
    if due:
        rehearsal.act(name)
