"""Do one round of publishing in a process of its own, at a given moment; it may be killed on the way."""

import sys
from datetime import datetime

from core.clock import SetClock
from core.config import Settings
from services import incarnations, publishing, reconciling, rescue, verification
from services.runtime import build_runtime


def main() -> None:
    rt = build_runtime(Settings(), SetClock(datetime.fromisoformat(sys.argv[1])))
    life = incarnations.be_born(rt, "test")
    publishing.drain(rt, life)
    rescue.rescue(rt)
    reconciling.reconcile_due(rt)
    verification.verify_due(rt)
    incarnations.die(rt, life)


if __name__ == "__main__":
    main()
