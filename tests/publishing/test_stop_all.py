"""Stopping everything under load: no new send a second later, and the truth about what is in flight."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.clock import SystemClock
from core.vocab import Channel, DeliveryState
from models import Delivery
from services import publishing, queue
from tests.builders import make_approved

HANDS = 8
POSTS = 60


def in_real_time(office):
    """Let the office and the platforms live in real time, with many posts due now."""
    (model,) = make_approved(
        office.rt, office.team.officer, office.team.approver, bodies={Channel.X: "ข่าว"},
        due_at=office.clock.now() + timedelta(minutes=1),
    )  # fmt: skip
    office.sandbox.set_clock(offset_s=0)
    office.sandbox.settings(duplicate_window_s=0)
    rt = replace(office.rt, clock=SystemClock())
    due = rt.clock.now() - timedelta(seconds=1)
    times = {"due_at": due, "next_at": due, "not_after": due + timedelta(hours=1)}
    with rt.sessions.begin() as session:
        row = session.get_one(Delivery, model.id)
        for name, value in times.items():
            setattr(row, name, value)
        keys = [column.key for column in Delivery.__table__.columns if column.key not in ("id", "occurrence")]
        same = {key: getattr(row, key) for key in keys}
        session.add_all(Delivery(**same, occurrence=number + 2) for number in range(POSTS - 1))
    return rt


@pytest.mark.parametrize("which", ["office", pytest.param("office_on_postgres", marks=pytest.mark.servers)])
def test_a_stop_under_load_takes_effect_within_a_second_and_tells_what_may_still_land(request, which):
    office = request.getfixturevalue(which)
    rt = in_real_time(office)
    office.sandbox.fault("x", "publish", "latency", times=None, ms=300)
    publishing.due_count(rt)
    threads = [threading.Thread(target=publishing.drain, args=(rt, office.life)) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    while len(office.sandbox.log("x", "publish")) < 2 * HANDS:
        threads[0].join(0.02)
    asked = rt.clock.now()
    with rt.sessions.begin() as session:
        found = queue.stop_all(session, "ข่าวด่วน", office.team.officer, rt.clock.now())
    stopped = rt.clock.now()
    for thread in threads:
        thread.join()
    assert stopped - asked < timedelta(seconds=1)
    late = [
        line for line in office.sandbox.log("x", "publish")
        if datetime.fromisoformat(line["at"]) > stopped + timedelta(seconds=0.2)
    ]  # fmt: skip
    assert late == []
    sent = len(office.sandbox.ledger("x"))
    assert 2 * HANDS <= sent < POSTS
    assert found.in_flight <= HANDS
    with rt.sessions.begin() as session:
        states = list(session.scalars(select(Delivery.state)))
    assert states.count(DeliveryState.SCHEDULED) == POSTS - sent
    assert POSTS - found.waiting - found.in_flight <= sent <= POSTS - found.waiting
