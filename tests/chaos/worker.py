"""One publishing stack without pages: Celery worker and beat in a process that the driver may kill."""

import signal
import threading

from core import log as logs
from core.config import Settings
from services.runtime import build_runtime
from tasks.running import Beat, Hands


def main() -> None:
    settings = Settings()
    logs.configure("error")
    rt = build_runtime(settings)
    hands, beat = Hands(rt, "worker", ("publish",), settings.send_threads + 2), Beat()
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    hands.start()
    beat.start()
    told.wait()
    beat.stop()
    hands.stop()


if __name__ == "__main__":
    main()
