"""A platform that answers 500 for ten minutes: published once afterwards, or missed; nobody is asked."""

from datetime import timedelta

import pytest

from core.vocab import Channel, DeliveryState
from tests.builders import make_approved

BOTH = pytest.mark.parametrize("channel", list(Channel))
MINUTE = timedelta(minutes=1)


def due_now(office, channel, lasting):
    due = office.clock.now() + MINUTE
    (row,) = make_approved(
        office.rt, office.team.officer, office.team.approver, bodies={channel: "ลอยกระทง 31 ต.ค. 63"},
        due_at=due, not_after=due + lasting,
    )  # fmt: skip
    office.advance(MINUTE)
    return row.id


def live_through(office, minutes):
    for _ in range(minutes * 4):
        office.round()
        office.watch()
        office.advance(MINUTE / 4)


@BOTH
@pytest.mark.parametrize("operation", ["publish", "*"])
@pytest.mark.parametrize("kind", ["error", "accept_then_500"])
def test_it_is_published_once_afterwards(office, channel, operation, kind):
    delivery_id = due_now(office, channel, timedelta(hours=6))
    name = {"name": "server_error"} if kind == "error" else {}
    office.sandbox.fault(channel, operation, kind, times=None, **name)
    live_through(office, 10)
    office.sandbox.clear_faults()
    live_through(office, 12)
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert len(office.sandbox.ledger(channel)) == 1
    assert "needs_human" not in office.path(delivery_id)


@BOTH
@pytest.mark.parametrize("operation", ["publish", "*"])
def test_it_is_missed_if_its_window_closed_meanwhile(office, channel, operation):
    delivery_id = due_now(office, channel, timedelta(minutes=8))
    office.sandbox.fault(channel, operation, "error", name="server_error", times=None)
    live_through(office, 10)
    office.sandbox.clear_faults()
    live_through(office, 6)
    assert office.state(delivery_id) is DeliveryState.MISSED
    assert office.sandbox.ledger(channel) == []
    assert "needs_human" not in office.path(delivery_id)
