"""A link that Facebook could not open: nothing was posted; it is tried once more, and then it is for good."""

from datetime import timedelta

import pytest

from core.vocab import AttemptOutcome, Channel, DeliveryState

TEN_MINUTES = timedelta(minutes=10)
TEXT = "กำหนดการ https://www.bangkok.go.th/loykrathong"


@pytest.fixture
def unread(office):
    """Return a function that lets the next calls fail over their link; then sends a post with one."""

    def send(times: int) -> int:
        office.sandbox.fault("facebook", "publish", "error", name="link_not_scraped", times=times)
        delivery_id = office.approved(Channel.FACEBOOK, TEXT)
        office.round()
        return delivery_id

    return send


def calls(office) -> int:
    return len(office.sandbox.log("facebook", "publish"))


def test_it_waits_ten_minutes_and_says_what_to_look_at(office, unread):
    row = office.delivery(unread(times=1))
    assert (row.state, row.reason) == (DeliveryState.SCHEDULED, "link_unread")
    assert row.next_at == office.clock.now() + TEN_MINUTES
    office.advance(TEN_MINUTES - timedelta(seconds=1))
    office.round()
    assert calls(office) == 1


def test_the_second_try_is_the_one_that_is_seen(office, unread):
    delivery_id = unread(times=1)
    office.advance(TEN_MINUTES)
    office.round()
    row = office.delivery(delivery_id)
    assert (row.state, row.reason) == (DeliveryState.PUBLISHED, "")
    assert [one["text"] for one in office.sandbox.ledger("facebook")] == [TEXT]
    assert [one.outcome for one in office.attempts(delivery_id)] == [AttemptOutcome.RETRY, AttemptOutcome.OK]


def test_refused_twice_it_is_refused_for_good(office, unread):
    delivery_id = unread(times=None)
    office.advance(TEN_MINUTES)
    office.round()
    office.settle()
    row = office.delivery(delivery_id)
    assert (row.state, row.reason) == (DeliveryState.FAILED, "link_refused")
    assert office.sandbox.ledger("facebook") == []
    assert calls(office) == 2


def test_another_link_that_is_refused_is_not_tried_again(office):
    office.sandbox.fault("facebook", "publish", "error", name="facebook_link", times=None)
    delivery_id = office.approved(Channel.FACEBOOK, TEXT)
    office.round()
    assert office.state(delivery_id) is DeliveryState.FAILED
    assert calls(office) == 1
