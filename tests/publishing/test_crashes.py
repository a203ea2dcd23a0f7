"""A process killed anywhere in a send: exactly one live post afterwards, without a person."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import event

from core.crashpoints import Rehearsal, rehearse
from core.vocab import Channel, DeliveryState
from models import Delivery, Incarnation
from services import incarnations, publishing, queue, rescue

NOTHING_LEFT = ("after_claim", "after_open", "before_attempt")
MAYBE_LEFT = ("after_attempt", "before_send")
LEFT = ("after_send", "before_record")


def killed_at(office, point):
    settings = office.rt.settings
    environment = os.environ | {
        "RUKON_CRASH": point,
        "RUKON_DATA_DIR": str(settings.data_dir),
        "RUKON_FACEBOOK_URL": settings.facebook_url,
        "RUKON_X_URL": settings.x_url,
    }
    ended = subprocess.run(
        [sys.executable, "-m", "tests.publishing.one_round", office.clock.now().isoformat()],
        env=environment, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr


@pytest.mark.parametrize("point", NOTHING_LEFT)
def test_killed_before_anything_left_the_post_goes_out_at_the_next_round(office, point):
    delivery_id = office.approved()
    killed_at(office, point)
    assert office.state(delivery_id) is DeliveryState.SENDING
    rescue.rescue(office.rt)
    assert office.state(delivery_id) is DeliveryState.SCHEDULED
    office.settle()
    assert len(office.sandbox.ledger()) == 1
    assert office.delivery(delivery_id).resends == 0


class Killed(BaseException):
    """What SIGKILL is to a thread of a test."""


def stood_still(office, how, then=None):
    """Make one round whose process stands still right before its request; then: what it does after it."""

    def act(point):
        if point == "before_send":
            how()
        elif then:
            raise then

    rehearse(Rehearsal({"before_send": 1, "after_send": 1}, act))
    try:
        publishing.publish_next(office.rt, office.life)
    finally:
        rehearse(Rehearsal({}))


def test_a_request_that_left_long_after_its_attempt_was_written_is_found_and_not_sent_again(office):
    delivery_id = office.approved()

    def sleep_as_a_whole_machine():  # its second hand, too, stands still
        office.clock.step(timedelta(minutes=10))
        office.sandbox.set_clock(office.clock.now().isoformat())

    with pytest.raises(Killed):
        stood_still(office, sleep_as_a_whole_machine, then=Killed)
    assert len(office.sandbox.ledger()) == 1
    office.life.lock.close()
    assert rescue.rescue(office.rt) == 1
    office.settle()
    (line,) = office.sandbox.ledger()
    row = office.delivery(delivery_id)
    assert (row.state, row.remote_id, row.resends) == (DeliveryState.VERIFIED, line["id"], 0)


def test_who_stood_still_before_the_request_sends_nothing_that_was_stopped_meanwhile(office):
    delivery_id = office.approved()

    def stand_still_while_all_is_stopped():
        with office.rt.sessions.begin() as session:
            queue.stop_all(session, "เหตุฉุกเฉิน", office.team.officer, office.clock.now())
        office.advance(timedelta(seconds=30))

    stood_still(office, stand_still_while_all_is_stopped)
    assert office.sandbox.ledger() == []
    assert office.state(delivery_id) is DeliveryState.SCHEDULED
    assert office.delivery(delivery_id).reason == "connection_waited"


def test_a_rescuer_that_stood_still_before_its_proof_knows_when_the_proof_was(office):
    delivery_id = office.approved()

    def stand_still(*_connection):
        office.advance(timedelta(minutes=10))
        killed_at(office, "after_send")

    event.listen(office.rt.engine, "checkout", stand_still, once=True)
    assert rescue.rescue(office.rt, office.life) == 1
    office.settle()
    (line,) = office.sandbox.ledger()
    row = office.delivery(delivery_id)
    assert (row.state, row.remote_id, row.resends) == (DeliveryState.VERIFIED, line["id"], 0)


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("point", [*MAYBE_LEFT, *LEFT])
def test_killed_around_the_call_the_platform_is_asked_and_holds_one_post(office, channel, point):
    delivery_id = office.approved(channel)
    killed_at(office, point)
    rescue.rescue(office.rt)
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    office.settle()
    (line,) = office.sandbox.ledger(channel)
    row = office.delivery(delivery_id)
    assert (row.state, row.remote_id) == (DeliveryState.VERIFIED, line["id"])
    assert row.resends == (0 if point in LEFT else 1)


@pytest.mark.parametrize("point", ["after_record", "before_reconcile", "after_read_back", "after_verify"])
def test_killed_while_reading_back_nothing_is_sent_again(office, point):
    if point in ("before_reconcile", "after_read_back"):
        office.sandbox.fault("x", "publish", "accept_then_drop")
    delivery_id = office.approved()
    if point != "after_record":
        office.round()
        office.advance(timedelta(seconds=30))
    killed_at(office, point)
    office.settle()
    assert len(office.sandbox.ledger()) == 1
    assert office.state(delivery_id) is DeliveryState.VERIFIED


def test_a_stopped_owner_is_not_dead_however_long_its_lease_is_over(office):
    delivery_id = office.approved()
    other = incarnations.be_born(office.rt, "other")
    with office.rt.sessions.begin() as session:
        row = session.get_one(Delivery, delivery_id)
        row.move(DeliveryState.SENDING, office.clock.now())
        row.owner, row.fence, row.lease_until = other.uuid, 1, office.clock.now()
    office.advance(timedelta(hours=1))
    assert rescue.rescue(office.rt) == 0
    other.lock.close()  # what the kernel does at its death
    assert rescue.rescue(office.rt) == 1


def test_a_silent_owner_on_another_machine_is_given_up_only_long_after_its_lease(office):
    other = incarnations.be_born(office.rt, "other")
    with office.rt.sessions.begin() as session:
        session.get_one(Incarnation, other.uuid).host = "another-kernel"
    patience = timedelta(seconds=180)
    with office.rt.sessions.begin() as session:
        now = office.clock.now()
        assert not incarnations.proved_dead(session, other.uuid, now + patience, patience)
        assert incarnations.proved_dead(session, other.uuid, now + patience + timedelta(seconds=1), patience)
        assert not incarnations.proved_dead(session, "nobody", now, patience)
    other.lock.close()
