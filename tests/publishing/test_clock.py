"""A clock that jumps sends nothing early: a minute's pause, and somebody is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.clock import SystemClock
from core.crashpoints import Rehearsal, rehearse
from core.vocab import AlertKind, DeliveryState
from models import Alert
from services import publishing, reconciling, rescue
from tests.publishing.test_pace import out, waiting

HOUR = timedelta(hours=1)


def told(office):
    with office.rt.sessions.begin() as session:
        rows = session.scalars(select(Alert).where(Alert.kind == AlertKind.CLOCK, Alert.closed_at.is_(None)))
        return [(row.code, row.count) for row in rows]


@pytest.mark.parametrize("delta", [HOUR, 5 * HOUR, timedelta(seconds=3), -HOUR, -timedelta(days=1)])
def test_a_jump_of_the_clock_pauses_claims_for_a_minute_and_alerts_once(office, delta):
    office.round()
    ids = waiting(office, 30, 60 * 24 * 2)
    office.clock.step(delta)
    office.round()
    office.advance(timedelta(seconds=59))
    office.round()
    assert out(office, ids) == []
    assert told(office) == [("clock_jumped", 1)]
    office.advance(timedelta(seconds=2))
    office.round()
    due = office.delivery(ids[0]).due_at <= office.clock.now()
    assert out(office, ids) == (ids[:1] if due else [])


def test_a_jump_between_two_sends_of_one_drain_is_seen_before_the_second(office):
    office.round()
    ids = waiting(office, 0.1, 0.2, 59)
    office.advance(timedelta(minutes=1))
    publishing.publish_next(office.rt, office.life)
    office.clock.step(HOUR)
    assert publishing.drain(office.rt, office.life) == 0
    assert out(office, ids) == ids[:1]


def test_a_jump_makes_nobody_miss_a_window_at_once(office):
    office.round()
    (delivery_id,) = waiting(office, 30)
    office.clock.step(timedelta(days=1))
    office.round()
    assert office.state(delivery_id) is DeliveryState.SCHEDULED
    office.clock.step(-timedelta(days=1))
    for _ in range(62):
        office.advance(timedelta(seconds=30))
        office.round()
    assert out(office, [delivery_id]) == [delivery_id]


@pytest.mark.parametrize("delta", [HOUR, -HOUR])
def test_a_process_whose_clock_jumped_proves_nothing_absent(office, delta):
    office.sandbox.fault("x", "publish", "drop_before")
    delivery_id = office.approved()
    office.round()
    office.advance(timedelta(seconds=11))
    office.round()
    assert office.delivery(delivery_id).absent_reads == 1
    office.clock.step(delta)
    assert reconciling.reconcile_due(office.rt, office.life) == 0
    assert rescue.rescue(office.rt, office.life) == 0
    assert office.delivery(delivery_id).absent_reads == 1


@pytest.mark.parametrize("delta", [timedelta(days=1), -timedelta(days=1)])
@pytest.mark.parametrize("point", ["after_claim", "after_attempt", "after_send"])
def test_a_jump_in_the_middle_of_a_send_changes_nothing_of_it(office, point, delta):
    delivery_id = office.approved()
    begun = office.clock.now()
    rehearse(Rehearsal({point: 1}, lambda _: office.clock.step(delta)))
    try:
        publishing.publish_next(office.rt, office.life)
    finally:
        rehearse(Rehearsal({}))
    row = office.delivery(delivery_id)
    assert row.state is DeliveryState.PUBLISHED
    assert row.next_at - begun < timedelta(minutes=1)


def test_a_clock_that_is_slewed_or_slept_through_the_night_is_no_jump(office):
    office.round()
    ids = waiting(office, 10)
    for _ in range(40):
        office.clock.step(timedelta(milliseconds=30))  # 1,000 ppm, the fastest that is called slewing
        office.advance(timedelta(seconds=30))
        office.round()
    office.clock.step(timedelta(seconds=1.5))
    office.round()
    assert told(office) == []
    assert out(office, ids) == ids


class AheadClock(SystemClock):
    """A machine's clock that is an hour fast."""

    def now(self):
        return super().now() + HOUR


@pytest.mark.servers
def test_a_machine_whose_time_is_not_the_database_s_claims_nothing(office_on_postgres):
    office = office_on_postgres
    (delivery_id,) = waiting(office, 1, lasting=timedelta(days=36_500))
    office.rt = replace(office.rt, clock=AheadClock())
    publishing.keep_alive(office.rt, office.life)
    assert told(office) == [("clock_differs", 1)]
    assert publishing.drain(office.rt, office.life) == 0
    assert office.state(delivery_id) is DeliveryState.SCHEDULED


@pytest.mark.servers
def test_a_machine_whose_time_is_the_database_s_works(office_on_postgres):
    office = office_on_postgres
    (delivery_id,) = waiting(office, 1, lasting=timedelta(days=36_500))
    office.rt = replace(office.rt, clock=SystemClock())
    publishing.keep_alive(office.rt, office.life)
    assert publishing.drain(office.rt, office.life) == 1
    assert out(office, [delivery_id]) == [delivery_id]
    assert told(office) == []
