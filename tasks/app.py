"""The Celery application: hands only. What to do stands in the database; messages may be lost or doubled."""

from dataclasses import dataclass

from celery import Celery

from core.config import Settings
from core.errors import RukonError
from services.incarnations import Life
from services.runtime import Runtime
from tasks.schedule import QUEUES, timetable

app = Celery("rukon", include=["tasks.publishing", "tasks.collecting", "tasks.documents"])


@dataclass(frozen=True)
class Bound:
    """What this process's tasks work with."""

    rt: Runtime
    life: Life


class Unbound(RukonError):
    """A task ran in a process that never said what to work with."""

    code = "unbound"


_bound: list[Bound] = []


def bind(rt: Runtime, life: Life) -> None:
    """Say, once per process, what the tasks of this process work with."""
    configure(rt.settings)
    _bound[:] = [Bound(rt, life)]


def bound() -> Bound:
    """Return what this process's tasks work with; Unbound before `bind`."""
    if not _bound:
        raise Unbound
    return _bound[0]


def configure(settings: Settings) -> None:
    """Choose the broker: Redis if set, else inside this process. Early ack, no results, no prefetch."""
    app.conf.update(
        broker_url=settings.redis_url or "memory://",
        broker_transport_options=_transport(settings),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_pool_limit=4,
        task_ignore_result=True,
        task_acks_late=False,
        task_default_queue="publish",
        task_routes={f"{name}.*": {"queue": queue} for name, queue in QUEUES.items()},
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        beat_schedule=timetable(settings),
        timezone="UTC",
    )
    app.finalize()
    app.set_default()


def _transport(settings: Settings) -> dict[str, float]:
    if settings.redis_url:
        return {"socket_timeout": 10.0, "socket_connect_timeout": 5.0, "visibility_timeout": 3600.0}
    return {"polling_interval": min(0.1, settings.poll_s / 4)}
