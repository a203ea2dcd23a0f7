"""The demo's welcome: once the pages answer, print what the sample data's writer left to say.

Only the standard library, so that it appears the moment the pages are there.
"""

import os
import sys
import time
from pathlib import Path

from cli.health import pages_trouble

WORDS = "welcome.txt"
PATIENCE_S = 60.0
LOOK_S = 0.1


def main() -> int:
    """Wait for the pages, then welcome; 1 if they do not come."""
    until = time.monotonic() + PATIENCE_S
    while trouble := pages_trouble():
        if time.monotonic() > until:
            print(f"the pages do not answer: {trouble}", file=sys.stderr)
            return 1
        time.sleep(LOOK_S)
    print((Path(os.environ["RUKON_DATA_DIR"]) / WORDS).read_text("utf-8"), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
