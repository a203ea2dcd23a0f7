"""The disk: which commits of a send wait for it (all but the claim's), and what happens when it is full."""

import resource
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from core.crashpoints import Rehearsal, rehearse
from core.vocab import Channel, DeliveryState
from services import publishing, rescue

SAYS = "PRAGMA synchronous="
SMALL = 65_536  # bytes; the database's log is longer by now


def test_the_attempt_and_its_result_are_on_the_disk_before_anything_follows(office):
    delivery = office.approved()
    commits, safety = [], ["FULL"]

    def hear(statement):
        if statement.startswith(SAYS):
            safety.append(statement.removeprefix(SAYS))
        elif statement == "COMMIT":
            commits.append(safety[-1])

    office.rt.engine.dispose()
    event.listen(office.rt.engine, "connect", lambda lite, _: lite.set_trace_callback(hear))
    assert publishing.publish_next(office.rt, office.life) == delivery
    assert commits[0] == "NORMAL"
    assert commits[1:] == ["FULL"] * len(commits[1:])
    assert len(commits) >= 3, "the claim's commit, the attempt's and the result's"
    assert office.state(delivery) is DeliveryState.PUBLISHED


@contextmanager
def full_disk_at(point):
    """Let no file grow beyond some kilobytes from a crash point on, until the block ends."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(_point):
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, before[1]))

    rehearse(Rehearsal({point: 1}, fill))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        rehearse(Rehearsal({}))


@pytest.mark.parametrize("channel", [Channel.FACEBOOK, Channel.X])
@pytest.mark.parametrize(("point", "sent"), [("before_attempt", 0), ("before_record", 1)])
def test_a_full_disk_lets_nothing_out_unwritten_and_what_went_out_is_found(office, channel, point, sent):
    delivery = office.approved(channel)
    with full_disk_at(point), pytest.raises(OperationalError):
        publishing.publish_next(office.rt, office.life)
    assert len(office.sandbox.ledger()) == sent
    assert office.state(delivery) is DeliveryState.SENDING
    rescue.rescue(office.rt, office.life)
    office.settle()
    assert len(office.sandbox.ledger()) == 1
    assert office.state(delivery) in {DeliveryState.PUBLISHED, DeliveryState.VERIFIED}
    assert office.delivery(delivery).resends == 0
