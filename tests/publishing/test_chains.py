"""Threads and first comments: each part once, in order, each a reply to the one before it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Conflict
from core.vocab import AlertKind, AttemptPhase, Channel, DeliveryState
from models import Alert, Delivery, Person
from services import deciding, metrics, posts, queue, queue_list, rescue, restoring
from services.chains import WAITS
from services.claiming import access_of
from tests.builders import approve, make_approved, post_form
from tests.publishing.test_crashes import killed_at
from tests.publishing.test_two_phase import set_two_phase

THREAD = tuple(f"ส่วนที่ {n} ของเรื่องลอยกระทง" for n in range(2, 6))
MINUTE = timedelta(minutes=1)
LIVE = (DeliveryState.PUBLISHED, DeliveryState.VERIFIED)


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


@pytest.mark.servers
def test_on_postgres_a_thread_goes_out_in_the_same_order(office_on_postgres):
    office = office_on_postgres
    ids = thread(office)
    office.sandbox.fault("x", "publish", "error", marker=THREAD[1], name="forbidden")
    office.round()
    office.round()
    assert states(office, ids)[2:] == [DeliveryState.FAILED, *[DeliveryState.HELD] * 2]
    act(office, queue.publish_now, ids[2])
    office.settle()
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
    office.sandbox.fault("x", "publish", "error", marker=THREAD[0], name="forbidden")
    office.round()
    office.round()
    assert states(office, ids) == [LIVE[0], DeliveryState.FAILED, *[DeliveryState.HELD] * 3]
    assert {office.delivery(one).reason for one in ids[2:]} == {WAITS}
    act(office, queue.publish_now, ids[1])
    office.settle()
    assert_whole_thread(office, ids, TEXTS)


def person(session, one):
    return session.get_one(Person, one.id)


def act(office, deed, *arguments):
    """Do what a person does in the queue."""
    with office.rt.sessions.begin() as session:
        return deed(session, *arguments, person(session, office.team.approver), office.clock.now())


def half_out(office):
    """Return a thread of which two parts are out and the third was refused."""
    ids = thread(office)
    office.sandbox.fault("x", "publish", "error", marker=THREAD[1], name="forbidden")
    office.round()
    office.round()
    return ids


def test_a_thread_that_is_half_out_can_neither_be_edited_nor_withdrawn_and_says_why(office):
    ids = half_out(office)
    post_id = office.delivery(ids[0]).post_id
    officer = office.team.officer
    with pytest.raises(Conflict, match="partly_published") as refusal, office.rt.sessions.begin() as session:
        posts.edit_post(session, post_id, 1, post_form(), person(session, officer), office.clock.now())
    assert (refusal.value.params["out"], refusal.value.params["parts"]) == (2, 5)
    with pytest.raises(Conflict, match="partly_published"), office.rt.sessions.begin() as session:
        posts.withdraw_post(session, post_id, "ผิด", person(session, officer), office.clock.now())


def test_the_rest_of_a_half_published_thread_is_cancelled_as_one(office):
    ids = half_out(office)
    act(office, queue.cancel_delivery, ids[2], "ไม่ต้องแล้ว")
    office.settle()
    assert states(office, ids) == [DeliveryState.VERIFIED] * 2 + [DeliveryState.CANCELLED] * 3
    assert len(office.sandbox.ledger(Channel.X)) == 2


def test_holding_and_releasing_the_first_part_does_so_with_the_whole_thread(office):
    ids = thread(office)
    act(office, queue.hold_delivery, ids[0], "รอก่อน")
    office.round()
    assert set(states(office, ids)) == {DeliveryState.HELD}
    assert office.sandbox.ledger(Channel.X) == []
    act(office, queue.release_delivery, ids[0])
    office.settle()
    assert_whole_thread(office, ids, TEXTS)


def test_a_thread_put_off_to_tomorrow_goes_out_tomorrow(office):
    ids = thread(office)
    act(office, queue.reschedule, ids[0], office.clock.now() + timedelta(hours=20))
    office.settle()
    assert office.sandbox.ledger(Channel.X) == []
    office.advance(timedelta(hours=20))
    office.settle()
    assert_whole_thread(office, ids, TEXTS)


def test_a_stop_in_the_middle_keeps_the_rest_and_resuming_lets_it_follow_at_once(office):
    ids = half_out(office)
    act(office, queue.stop_all, "หยุดทั้งหมด")
    act(office, queue.publish_now, ids[2])
    office.round()
    assert len(office.sandbox.ledger(Channel.X)) == 2
    with office.rt.sessions.begin() as session:
        queue.resume_all(session, person(session, office.team.administrator), office.clock.now())
    for _ in range(3):  # no pause between the parts, although all are overdue by now
        office.round()
    assert len(office.sandbox.ledger(Channel.X)) == 5
    office.settle()
    assert_whole_thread(office, ids, TEXTS)


def test_a_thread_that_missed_its_window_is_one_line_of_the_digest(office):
    act(office, queue.stop_all, "หยุดทั้งหมด")
    ids = thread(office)
    office.advance(timedelta(hours=7))
    office.round()
    assert set(states(office, ids)) == {DeliveryState.MISSED}
    with office.rt.sessions.begin() as session:
        alert = session.scalars(select(Alert).where(Alert.kind == AlertKind.MISSED)).one()
        assert alert.count == 1


def test_lists_show_a_thread_once_and_what_is_next_where_it_is_stuck(office):
    ids = thread(office)
    with office.rt.sessions.begin() as session:
        assert [row.id for row in queue_list.list_queue(session)] == ids[:1]
        assert queue_list.counts(session)[DeliveryState.SCHEDULED] == 1
    office.sandbox.fault("x", "publish", "error", marker=THREAD[1], name="forbidden")
    office.round()
    with office.rt.sessions.begin() as session:
        assert {row.id for row in queue_list.list_queue(session)} == {ids[0], ids[2]}


def test_an_edit_before_anything_is_out_makes_a_new_thread_and_forgets_the_old_one(office):
    ids = chain(office, Channel.X, thread=THREAD)
    post_id = office.delivery(ids[0]).post_id
    with office.rt.sessions.begin() as session:
        form = post_form(bodies={Channel.X: "ลอยกระทง"}, thread=("สอง",), due_at=office.clock.now() + MINUTE)
        posts.edit_post(session, post_id, 1, form, person(session, office.team.officer), office.clock.now())
    new = [row.id for row in approve(office.rt, post_id, office.team.approver)]
    office.advance(MINUTE)
    office.settle()
    assert_whole_thread(office, new, ("ลอยกระทง", "สอง"))
    assert set(states(office, ids)) == {DeliveryState.CANCELLED}


def commented(office):
    return chain(office, Channel.FACEBOOK, first_comment="ลงทะเบียนที่ https://www.bangkok.go.th")


def comments(office):
    return office.sandbox.ledger(Channel.FACEBOOK, kind="comment")


def test_a_first_comment_follows_its_post_and_is_read_back(office):
    ids = commented(office)
    for _ in range(3):
        office.round()
        office.advance(timedelta(seconds=10))
    (post,), (comment,) = office.sandbox.ledger(Channel.FACEBOOK), comments(office)
    assert (comment["post"], comment["text"]) == (post["id"], "ลงทะเบียนที่ https://www.bangkok.go.th")
    assert states(office, ids) == [DeliveryState.VERIFIED] * 2
    assert office.delivery(ids[1]).metrics_next_at is None


@pytest.mark.parametrize("kind", ["accept_then_drop", "accept_then_500", "drop_before"])
def test_a_first_comment_whose_answer_was_lost_stands_there_once(office, kind):
    office.sandbox.fault("facebook", "publish", kind, marker="ลงทะเบียน")
    ids = commented(office)
    office.round()
    assert states(office, ids) == [LIVE[0], DeliveryState.UNCERTAIN]
    office.settle()
    assert len(comments(office)) == 1
    assert states(office, ids) == [DeliveryState.VERIFIED] * 2


def test_at_the_desk_a_lost_comment_is_looked_for_under_its_post(office):
    office.sandbox.fault("facebook", "publish", "accept_then_drop", marker="ลงทะเบียน")
    ids = commented(office)
    office.round()
    with office.rt.sessions.begin() as session:
        row = session.get_one(Delivery, ids[1])
        row.move(DeliveryState.NEEDS_HUMAN, office.clock.now())
    (candidate,) = deciding.candidates(office.rt, ids[1])
    deciding.decide(office.rt, ids[1], deciding.ADOPT, candidate.remote_id, office.team.approver)
    office.settle()
    assert states(office, ids) == [DeliveryState.VERIFIED] * 2
    assert len(comments(office)) == 1


def test_after_a_restore_a_thread_is_looked_for_part_by_part_and_not_sent_again(office):
    ids = thread(office)
    office.round()
    with office.rt.sessions.begin() as session:  # the copy knows of nothing that went out
        for row in session.scalars(select(Delivery).where(Delivery.id.in_(ids))):
            row.remote_id = row.published_at = row.permalink = None
            row.state = DeliveryState.SCHEDULED
    restoring.declare(office.rt, office.clock.now() - timedelta(hours=1), None)
    for _ in range(5):  # each part is known once the one before it is
        office.settle()
    assert len(office.sandbox.ledger(Channel.X)) == 5
    assert_whole_thread(office, ids, TEXTS)


def test_in_two_phases_the_post_is_drafted_and_its_comment_is_not(office):
    set_two_phase(office, on=True)
    ids = commented(office)
    for _ in range(3):
        office.round()
        office.advance(timedelta(seconds=10))
    assert states(office, ids) == [DeliveryState.VERIFIED] * 2
    assert [one.phase for one in office.attempts(ids[0])] == [AttemptPhase.DRAFT, AttemptPhase.FLIP]
    assert [one.phase for one in office.attempts(ids[1])] == [AttemptPhase.POST]


def test_each_part_of_a_thread_has_figures_and_a_comment_has_none(office):
    ids, with_comment = thread(office), commented(office)
    for _ in range(3):
        office.round()
        office.advance(timedelta(seconds=30))
    metrics.collect(office.rt)
    metrics.collect(office.rt, everything=True)
    with office.rt.sessions.begin() as session:
        found = metrics.latest(session, [*ids, *with_comment])
    assert all(found[one] for one in [*ids, with_comment[0]])
    assert not found.get(with_comment[1])
