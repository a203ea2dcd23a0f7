"""Workers that live and do not work: ended if the kernel vouches for their number; somebody is told."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select

from core.vocab import AlertKind, DeliveryState
from models import Alert, Delivery, Incarnation
from services import incarnations, rescue, watching
from tests.publishing.test_pace import waiting
from tests.servers import wait_until

MINUTE = timedelta(minutes=1)


@contextmanager
def worker(office, module):
    """Run a worker over the office's database, at its present moment; end it whatever happens."""
    settings = office.rt.settings
    environment = os.environ | {
        "RUKON_DATA_DIR": str(settings.data_dir),
        "RUKON_FACEBOOK_URL": settings.facebook_url,
        "RUKON_X_URL": settings.x_url,
        "RUKON_READ_TIMEOUT_S": "60",
    }
    command = [sys.executable, "-m", f"tests.publishing.{module}", office.clock.now().isoformat()]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def kinds(office):
    with office.rt.sessions.begin() as session:
        return set(session.scalars(select(Alert.kind).where(Alert.closed_at.is_(None))))


def watch(office, delta=timedelta(0)):
    office.advance(delta)
    watching.watch(office.rt, office.life)


def test_a_worker_that_hangs_in_a_send_is_ended_and_the_post_is_looked_for(office):
    office.sandbox.fault("x", "publish", "hang_before", seconds=60)
    delivery_id = office.approved()
    with worker(office, "one_round") as process:
        wait_until(lambda: office.sandbox.log("x", "publish"), seconds=90, what="the worker to send")
        process.send_signal(signal.SIGSTOP)
        watch(office)
        watch(office, 2 * MINUTE)
        assert process.poll() is None, "twice its lease is not over yet"
        watch(office, timedelta(seconds=1))
        assert process.wait(10) == -signal.SIGKILL
    assert AlertKind.HUNG in kinds(office)
    assert rescue.rescue(office.rt) == 1
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    office.settle()
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert len(office.sandbox.ledger("x")) == 1


def test_a_jump_of_the_clock_makes_nobody_look_hung(office):
    office.sandbox.fault("x", "publish", "hang_before", seconds=60)
    office.approved()
    with worker(office, "one_round") as process:
        wait_until(lambda: office.sandbox.log("x", "publish"), seconds=90, what="the worker to send")
        watch(office)
        office.clock.step(timedelta(hours=1))
        watch(office)
        watch(office)
        assert process.poll() is None
    assert AlertKind.HUNG not in kinds(office)


def test_a_worker_silent_for_a_minute_while_posts_are_due_is_ended(office):
    with worker(office, "idle_worker") as process:
        uuid = process.stdout.readline().strip()
        office.round()
        waiting(office, 1)
        watch(office, MINUTE)
        watch(office, MINUTE)
        assert process.poll() is None, "a minute is not over yet"
        watch(office, timedelta(seconds=1))
        assert process.wait(10) == -signal.SIGKILL
        with office.rt.sessions.begin() as session:
            assert incarnations.proved_dead(session, uuid, office.clock.now(), MINUTE)
    assert AlertKind.SILENT in kinds(office)


def test_a_silent_worker_is_left_alone_while_nothing_is_due(office):
    with worker(office, "idle_worker") as process:
        process.stdout.readline()
        office.round()
        waiting(office, 60)
        for _ in range(5):
            watch(office, MINUTE)
        assert process.poll() is None
    assert kinds(office) == set()


def test_a_process_that_only_has_the_same_number_is_never_ended(office):
    office.round()
    (delivery_id,) = waiting(office, 1)
    with worker(office, "idle_worker") as process:
        uuid = process.stdout.readline().strip()
        with office.rt.sessions.begin() as session:
            session.get_one(Incarnation, uuid).pid_mark = "4026531836:1"
            row = session.get_one(Delivery, delivery_id)
            row.move(DeliveryState.SENDING, office.clock.now())
            row.owner, row.fence, row.lease_until = uuid, 1, office.clock.now()
        for _ in range(5):
            watch(office, MINUTE)
        assert process.poll() is None
    assert kinds(office) == {AlertKind.HUNG, AlertKind.UNSETTLED}


def test_workers_that_are_dead_are_written_down_as_ended(office):
    with worker(office, "idle_worker") as process:
        uuid = process.stdout.readline().strip()
        process.kill()
        process.wait()
        watch(office)
        watch(office, 2 * MINUTE)
        with office.rt.sessions.begin() as session:
            life = session.get_one(Incarnation, uuid)
            assert life.ended_at == office.clock.now()
            assert incarnations.proved_dead(session, uuid, office.clock.now(), MINUTE)
