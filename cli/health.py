"""`rukon health KIND`, for whoever restarts processes: silent and 0 when well, else 1 and the reason.

Only the standard library: container engines run `python -m cli.health KIND` again and again, so it must cost
nothing. A process says that it is well by touching a file in the temporary folder, in a container its own.
"""

import os
import sys
import tempfile
import time
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

WORKING = ("worker", "collector", "beat")
KINDS = ("web", *WORKING)
SILENCE_S = 60.0
PATIENCE_S = 5.0
ANY_ADDRESS = {"0.0.0.0", "::", ""}  # noqa: S104 -- compared with, not bound to


def main(arguments: list[str]) -> int:
    """Return 0 if the process of this kind works, else 1 and say why; 2 for an unknown kind."""
    if len(arguments) != 1 or arguments[0] not in KINDS:
        print(f"usage: rukon health {'|'.join(KINDS)}", file=sys.stderr)
        return 2
    reason = pages_trouble() if arguments[0] == "web" else working_trouble(arguments[0])
    if reason:
        print(f"{arguments[0]}: {reason}", file=sys.stderr)
    return 1 if reason else 0


def note(kind: str) -> None:
    """Say that this process works, now."""
    _folder().mkdir(mode=0o700, exist_ok=True)
    (_folder() / f"{kind}-{os.getpid()}").touch()


def forget(kind: str) -> None:
    """Take back what `note` said: the process is ending."""
    (_folder() / f"{kind}-{os.getpid()}").unlink(missing_ok=True)


def working_trouble(kind: str) -> str:
    """Return why no process of this kind counts as working, empty if one does."""
    ages = [time.time() - path.stat().st_mtime for path in _folder().glob(f"{kind}-*")]  # noqa: TID251 -- ages of files
    if not ages:
        return "no such process has said that it works"
    return "" if min(ages) < SILENCE_S else f"silent for {min(ages):.0f} s"


def pages_trouble() -> str:
    """Return why the pages, or the database below them, do not answer; empty if they do."""
    host, port = os.environ.get("RUKON_HOST") or "127.0.0.1", int(os.environ.get("RUKON_PORT") or 8640)
    connection = HTTPConnection("127.0.0.1" if host in ANY_ADDRESS else host, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, HTTPException) as exc:
        return f"no answer on port {port} ({type(exc).__name__})"
    finally:
        connection.close()
    return "" if status == HTTPStatus.OK else f"answers {status}"


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"rukon-{os.getuid()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
