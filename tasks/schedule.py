"""The whole timetable. A tick that comes late, twice or never costs time, not correctness."""

from typing import Any

from core.config import Settings

# the first word of a task's name says which queue, and so which kind of worker, carries it
QUEUES = {"publishing": "publish", "collecting": "collect", "documents": "documents"}

WATCH_S = 5.0


def timetable(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return Celery's beat schedule; a message that nobody took within two turns is dropped."""
    every = {
        "publishing.tick": settings.poll_s,
        "publishing.prepare": WATCH_S,
        "publishing.rescue": WATCH_S,
        "publishing.reconcile": min(WATCH_S, settings.quiescence_s),
        "publishing.verify": min(WATCH_S, settings.poll_s * 2),
        "publishing.watch": WATCH_S,
        "collecting.collect": WATCH_S,
        "collecting.comments": 15.0,
        "collecting.check_links": 600.0,
        "collecting.find_outside": 3600.0,
        "documents.build": 2.0,
        "documents.close": 600.0,
        "documents.draw": 30.0,
        "documents.keep_store": 600.0,
    }
    return {
        name: {
            "task": name,
            "schedule": seconds,
            "options": {"expires": max(2 * seconds, 5.0), "queue": QUEUES[name.partition(".")[0]]},
        }
        for name, seconds in every.items()
    }
