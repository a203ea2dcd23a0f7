"""One post's way out, over real HTTP: published once, or not at all, and our books say which."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.registry import build_connectors
from core.vocab import AttemptOutcome, Channel, DeliveryState, Health
from models import Delivery, Switch
from services import publishing
from tests.builders import make_picture

BOTH = pytest.mark.parametrize("channel", list(Channel))


@BOTH
def test_a_due_post_is_published_once_and_read_back(office, channel):
    delivery_id = office.approved(channel)
    office.round()
    office.advance(timedelta(seconds=5))
    office.round()
    row = office.delivery(delivery_id)
    assert office.path(delivery_id) == ["sending", "published", "verified"]
    assert [line["id"] for line in office.sandbox.ledger(channel)] == [row.remote_id]
    assert [one.outcome for one in office.attempts(delivery_id)] == [AttemptOutcome.OK]
    assert len(office.snapshots(delivery_id)) == 1
    assert row.permalink


@BOTH
def test_nothing_goes_out_before_its_time(office, channel):
    delivery_id = office.approved(channel)
    office.clock.advance(timedelta(seconds=-1))
    assert publishing.drain(office.rt, office.life) == 0
    assert office.state(delivery_id) is DeliveryState.SCHEDULED
    assert office.sandbox.ledger() == []


@BOTH
def test_a_picture_is_staged_first_and_carries_its_alt_text(office, channel):
    asset = make_picture(office.rt, office.team.officer)
    delivery_id = office.approved(channel, asset_id=asset, alt_text="กระทงใบตองลอยในคลอง")
    office.round()
    assert office.state(delivery_id) is DeliveryState.PUBLISHED
    (line,) = office.sandbox.ledger(channel)
    assert len(line["media"]) == 1
    assert line["alt"] == ["กระทงใบตองลอยในคลอง"]


@BOTH
@pytest.mark.parametrize("kind", ["accept_then_500", "accept_then_drop", "accept_then_hang"])
def test_an_answer_lost_after_acceptance_is_found_on_the_platform_and_never_sent_twice(office, channel, kind):
    office.sandbox.fault(channel, "publish", kind, **({"seconds": 3} if kind.endswith("hang") else {}))
    delivery_id = office.approved(channel)
    office.round()
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    office.settle()
    (line,) = office.sandbox.ledger(channel)
    row = office.delivery(delivery_id)
    assert (row.state, row.remote_id) == (DeliveryState.VERIFIED, line["id"])
    assert "needs_human" not in office.path(delivery_id)


@BOTH
def test_a_request_that_never_arrived_is_sent_again_only_after_two_looks_a_quiescence_apart(office, channel):
    office.sandbox.fault(channel, "publish", "drop_before")
    delivery_id = office.approved(channel)
    office.round()
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    office.advance(timedelta(seconds=15))
    office.round()
    assert office.delivery(delivery_id).absent_reads == 1
    office.advance(timedelta(seconds=60))
    office.round()
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    office.settle()
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert len(office.sandbox.ledger(channel)) == 1
    assert [one.outcome for one in office.attempts(delivery_id)] == [
        AttemptOutcome.UNKNOWN,
        AttemptOutcome.OK,
    ]


@BOTH
def test_a_post_that_lands_after_its_connection_died_is_found_not_doubled(office, channel):
    office.sandbox.fault(channel, "publish", "zombie", seconds=0.3)
    delivery_id = office.approved(channel)
    office.round()
    office.settle()
    assert len(office.sandbox.ledger(channel)) == 1
    assert office.state(delivery_id) is DeliveryState.VERIFIED


@pytest.mark.parametrize(
    ("channel", "name"), [(Channel.FACEBOOK, "rate_limited"), (Channel.X, "rate_limited")]
)
def test_a_rate_limit_puts_the_post_off_and_it_goes_out_afterwards(office, channel, name):
    office.sandbox.fault(channel, "publish", "error", name=name)
    delivery_id = office.approved(channel)
    office.round()
    row = office.delivery(delivery_id)
    assert row.state is DeliveryState.SCHEDULED
    assert row.next_at > office.clock.now()
    office.advance(row.next_at - office.clock.now())
    office.round()
    assert office.state(delivery_id) in (DeliveryState.PUBLISHED, DeliveryState.VERIFIED)
    assert len(office.sandbox.ledger(channel)) == 1


def test_an_expired_token_holds_the_accounts_queue_and_says_so(office):
    office.sandbox.wear_token("facebook", office.account(Channel.FACEBOOK).external_id, dead=463)
    delivery_id = office.approved(Channel.FACEBOOK)
    office.round()
    office.advance(timedelta(minutes=2))
    office.round()
    assert office.state(delivery_id) is DeliveryState.SCHEDULED
    assert office.account(Channel.FACEBOOK).health is Health.REAUTH
    assert len(office.attempts(delivery_id)) == 1
    assert office.sandbox.ledger() == []


def test_a_platform_that_cannot_be_reached_leaves_the_post_in_the_queue(office):
    nobody = office.rt.settings.model_copy(update={"x_url": "http://127.0.0.1:9"})
    office.rt = replace(office.rt, connectors=build_connectors(nobody, office.clock))
    delivery_id = office.approved(Channel.X)
    office.round()
    row = office.delivery(delivery_id)
    assert row.state is DeliveryState.SCHEDULED
    assert row.reason


def test_a_post_whose_window_has_passed_is_missed_not_sent(office):
    delivery_id = office.approved()
    office.clock.set(office.delivery(delivery_id).not_after + timedelta(seconds=1))
    office.round()
    assert office.state(delivery_id) is DeliveryState.MISSED
    assert office.sandbox.ledger() == []


def test_a_stop_of_everything_keeps_all_posts_in_the_queue(office):
    delivery_id = office.approved()
    with office.rt.sessions.begin() as session:
        session.add(Switch(scope="all", stopped=True, at=office.clock.now(), why="ซ้อม"))
    office.round()
    assert office.state(delivery_id) is DeliveryState.SCHEDULED
    with office.rt.sessions.begin() as session:
        session.query(Switch).update({"stopped": False})
    office.round()
    assert len(office.sandbox.ledger()) == 1


def test_what_was_approved_is_what_is_sent_even_if_somebody_edits_the_row(office):
    delivery_id = office.approved(text="ข้อความที่อนุมัติ")
    with office.rt.sessions.begin() as session:
        session.get_one(Delivery, delivery_id).approved_revision += 1
    office.round()
    assert office.state(delivery_id) is DeliveryState.SCHEDULED
    assert office.sandbox.ledger() == []


def test_two_identical_posts_each_find_their_own(office):
    for _ in range(2):
        office.sandbox.fault("x", "publish", "accept_then_drop")
    office.sandbox.settings(duplicate_window_s=0)
    first, second = office.approved(), office.approved()
    office.round()
    office.settle()
    rows = [office.delivery(first), office.delivery(second)]
    assert len(office.sandbox.ledger("x")) == 2
    assert {row.state for row in rows} <= {DeliveryState.VERIFIED, DeliveryState.NEEDS_HUMAN}
    found = [row.remote_id for row in rows if row.remote_id]
    assert len(found) == len(set(found))


def test_pictures_the_platform_no_longer_knows_are_uploaded_again(office):
    asset = make_picture(office.rt, office.team.officer)
    delivery_id = office.approved(Channel.X, asset_id=asset, alt_text="กระทง")
    office.sandbox.fault("x", "publish", "error", name="invalid_media")
    office.round()
    row = office.delivery(delivery_id)
    assert (row.state, row.reason) == (DeliveryState.SCHEDULED, "media_not_ready")
    office.advance(timedelta(seconds=20))
    office.round()
    assert len(office.sandbox.ledger("x")) == 1
    assert len(office.sandbox.log("x", "media")) >= 2


@BOTH
def test_escapes_and_entities_in_a_text_do_not_hide_it_from_the_read_back(office, channel):
    office.sandbox.fault(channel, "publish", "accept_then_drop")
    delivery_id = office.approved(channel, text="ก & ข <ค> &amp; ง https://www.bangkok.go.th/a?b=1&c=2")
    office.round()
    office.settle()
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert len(office.sandbox.ledger(channel)) == 1
