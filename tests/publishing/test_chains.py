"""Threads and first comments: each part once, in order, each a reply to the one before it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Conflict
from core.vocab import Channel, DeliveryState, Role
from models import Delivery, Person
from services import deciding, posts, queue, rescue
from services.chains import WAITS
from services.claiming import access_of
from tests.builders import make_approved, make_picture, post_form
from tests.publishing.test_crashes import killed_at

THREAD = tuple(f"ส่วนที่ {n} ของเรื่องลอยกระทง" for n in range(2, 6))
MINUTE = timedelta(minutes=1)


def thread(office, rest=THREAD, **more):
    """Approve a thread on X that is due now; return the ids of its parts."""
    return chain(office, Channel.X, thread=rest, **more)


def chain(office, channel, **more):
    rows = make_approved(
        office.rt, office.team.officer, office.team.approver,
        bodies={channel: "ลอยกระทง 31 ต.ค. 63"}, due_at=office.clock.now() + MINUTE, **more,
    )  # fmt: skip
    office.advance(MINUTE)
    return [row.id for row in rows]


def states(office, ids):
    return [office.state(one) for one in ids]


def on_x(office):
    """Return our posts as X shows them, oldest first."""
    account = office.account(Channel.X)
    access = access_of(office.rt, account)
    listing = office.rt.connectors[Channel.X].find(access, office.clock.now() - timedelta(days=1))
    return sorted(listing.posts, key=lambda post: int(post.remote_id))


def assert_whole_thread(office, ids, texts):
    shown = on_x(office)
    assert [post.text for post in shown] == list(texts)
    assert [post.reply_to for post in shown] == ["", *(post.remote_id for post in shown[:-1])]
    assert [office.delivery(one).remote_id for one in ids] == [post.remote_id for post in shown]
    assert set(states(office, ids)) == {DeliveryState.VERIFIED}


TEXTS = ("ลอยกระทง 31 ต.ค. 63", *THREAD)


def test_a_thread_goes_out_at_once_in_order_and_each_part_answers_the_one_before(office):
    ids = thread(office)
    office.round()
    assert len(office.sandbox.ledger(Channel.X)) == 5
    office.advance(timedelta(seconds=10))
    office.round()
    assert_whole_thread(office, ids, TEXTS)


@pytest.mark.parametrize("point", ["after_claim", "after_attempt", "after_send", "after_record"])
def test_a_thread_of_five_killed_at_its_third_part_is_resumed_none_twice(office, point):
    ids = thread(office)
    killed_at(office, f"{point}:3")
    assert len(office.sandbox.ledger(Channel.X)) == (2 if point in ("after_claim", "after_attempt") else 3)
    rescue.rescue(office.rt)
    office.settle()
    assert len(office.sandbox.ledger(Channel.X)) == 5
    assert_whole_thread(office, ids, TEXTS)


@pytest.mark.parametrize("fault", ["accept_then_drop", "accept_then_500", "drop_before"])
def test_a_part_whose_answer_was_lost_is_found_by_what_it_answers_and_the_rest_follows(office, fault):
    ids = thread(office)
    office.sandbox.fault("x", "publish", fault, marker=THREAD[1])
    office.round()
    assert states(office, ids[:2]) == [DeliveryState.PUBLISHED] * 2
    assert states(office, ids[2:]) == [DeliveryState.UNCERTAIN, *[DeliveryState.SCHEDULED] * 2]
    office.settle()
    assert_whole_thread(office, ids, TEXTS)


def test_two_parts_with_the_same_words_are_told_apart_by_what_they_answer(office):
    office.sandbox.settings(duplicate_window_s=0)
    ids = thread(office, rest=("ต่อ", "ต่อ"))
    office.sandbox.fault("x", "publish", "accept_then_drop", times=2, marker="ต่อ")
    office.round()
    office.settle()
    assert_whole_thread(office, ids, ("ลอยกระทง 31 ต.ค. 63", "ต่อ", "ต่อ"))


def test_what_follows_a_refused_part_waits_and_goes_on_once_it_is_out(office):
    ids = thread(office)
    office.sandbox.fault("x", "publish", "error", marker=THREAD[0], error="forbidden")
    office.round()
    office.round()
    assert states(office, ids) == [
        DeliveryState.PUBLISHED, DeliveryState.FAILED, *[DeliveryState.HELD] * 3
    ]  # fmt: skip
    assert {office.delivery(one).reason for one in ids[2:]} == {WAITS}
    with office.rt.sessions.begin() as session:
        approver = session.get_one(Person, office.team.approver.id)
        queue.publish_now(session, ids[1], approver, office.clock.now())
    office.settle()
    assert_whole_thread(office, ids, TEXTS)
