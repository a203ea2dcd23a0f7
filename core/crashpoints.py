"""Named places where a rehearsal may kill the process; nothing happens unless RUKON_CRASH names one.

RUKON_CRASH = "after_claim:1,after_send:3" kills this process with SIGKILL the first time it comes to
`after_claim`, or the third time it comes to `after_send`. RUKON_CRASH_LOG names a file that notes each death.
"""

import os
import signal
import threading
from collections import Counter
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
)


def _plan() -> dict[str, int]:
    pairs = (part.partition(":") for part in os.environ.get("RUKON_CRASH", "").split(",") if part)
    return {name: int(count or 1) for name, _, count in pairs}


_deaths = _plan()
_seen: Counter[str] = Counter()
_lock = threading.Lock()


def reach(name: str) -> None:
    """Die here if the rehearsal says so; otherwise cost one dictionary look-up."""
    if name not in _deaths:
        return
    with _lock:
        _seen[name] += 1
        due = _seen[name] == _deaths[name]
    if due:
        _note(name)
        os.kill(os.getpid(), signal.SIGKILL)


def _note(name: str) -> None:
    log = os.environ.get("RUKON_CRASH_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as handle:
            handle.write(f"{name}\n")
