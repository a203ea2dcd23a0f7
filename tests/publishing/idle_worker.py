"""A worker that is born, says so, and then does nothing until it is ended."""

import sys
import time
from datetime import datetime

from core.clock import SetClock
from core.config import Settings
from services import incarnations
from services.runtime import build_runtime


def main() -> None:
    life = incarnations.be_born(
        build_runtime(Settings(), SetClock(datetime.fromisoformat(sys.argv[1]))), "worker"
    )
    sys.stdout.write(f"{life.uuid}\n")
    sys.stdout.flush()
    time.sleep(600)


if __name__ == "__main__":
    main()
