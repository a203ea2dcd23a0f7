"""The state machine would notice: with one rule of the protocol broken, a story of a few steps turns red."""

from datetime import timedelta

import pytest
from sqlalchemy import false, select

from core.vocab import DeliveryState
from models import Delivery
from services import reconciling, rescue, sending
from services.chains import answered
from tests.chaos import fake_platform
from tests.chaos.fake_platform import Luck
from tests.chaos.test_machine import Publishing


@pytest.fixture
def machine():
    """Run a story, then the laws and the end that every example has."""
    made = Publishing()
    yield made
    if made.office.folder.exists():
        made.teardown()


def a_stopped_owner_wakes_up_after_its_lease(machine):
    machine.stop_in_send(number=0, point="before_send", luck=Luck.GOOD)
    machine.let_time_pass(seconds=125, rounds=4)
    machine.wake_up()
    machine.the_laws_hold()


def an_owner_is_killed_after_its_post_landed(machine):
    machine.kill_in_send(number=0, point="after_send", luck=Luck.GOOD)
    machine.let_time_pass(seconds=11, rounds=2)
    machine.the_laws_hold()


def a_post_lands_after_the_first_look(machine):
    machine.send(number=0, luck=Luck.LANDS_LATE)
    machine.let_time_pass(seconds=11, rounds=2)
    machine.the_laws_hold()


def everything_is_stopped_between_claim_and_attempt(machine):
    machine.stop_in_send(number=0, point="before_attempt", luck=Luck.GOOD)
    machine.stop_or_resume()
    machine.wake_up()
    machine.the_laws_hold()


def take_the_lease_for_proof(monkeypatch):
    monkeypatch.setattr(rescue, "proved_dead", lambda *_: True)
    monkeypatch.setattr(fake_platform, "IDLE_LIMIT", timedelta(days=1))  # or the connection saves it


def send_again_after_a_crash(monkeypatch):
    monkeypatch.setattr(rescue, "_may_have_sent", lambda *_: False)


def look_once(monkeypatch):
    monkeypatch.setattr(reconciling, "READS_NEEDED", 1)


def ignore_the_switch_before_sending(monkeypatch):
    open_gates = select(false(), Delivery.not_after, Delivery.follows_id, answered())
    monkeypatch.setattr(sending, "GATES", open_gates.where(sending.IS_MINE))


STORIES = [
    (a_stopped_owner_wakes_up_after_its_lease, take_the_lease_for_proof, "I5"),
    (an_owner_is_killed_after_its_post_landed, send_again_after_a_crash, "I1"),
    (a_post_lands_after_the_first_look, look_once, "I1"),
    (everything_is_stopped_between_claim_and_attempt, ignore_the_switch_before_sending, "I7"),
]
named = {"ids": [story.__name__ for story, _, _ in STORIES]}


@pytest.mark.parametrize("story", [story for story, _, _ in STORIES], **named)
def test_the_protocol_gets_through_each_story(machine, story):
    story(machine)
    assert all(row.state is not DeliveryState.NEEDS_HUMAN for row in machine.left_over())


@pytest.mark.parametrize(("story", "break_it", "law"), STORIES, **named)
def test_the_machine_sees_the_broken_rule(machine, monkeypatch, story, break_it, law):
    break_it(monkeypatch)
    with pytest.raises(AssertionError, match=law):
        story(machine)
    machine.kill_all()
    machine.office.close()
