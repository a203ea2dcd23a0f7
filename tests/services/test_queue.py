"""The queue: what people may still change, what they are told when they may not, and stopping everything."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden, IllegalMove, NotFound, RukonError
from core.vocab import Channel, DeliveryState, PostKind
from models import AuditEvent, Delivery, Move
from services import calendar, queue, queue_list
from services.claiming import due_ids
from services.queue_list import QueueFilter
from tests.builders import LOY_KRATHONG, START, make_approved, make_event

DUE = START + timedelta(days=4)
OUT = [
    ([DeliveryState.SENDING], "in_flight"),
    ([DeliveryState.SENDING, DeliveryState.UNCERTAIN], "in_flight"),
    ([DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.NEEDS_HUMAN], "needs_decision"),
    ([DeliveryState.SENDING, DeliveryState.PUBLISHED], "already_published"),
    ([DeliveryState.CANCELLED], "delivery_over"),
]

pytestmark = pytest.mark.usefixtures("accounts")


@pytest.fixture
def delivery(rt, team):
    return make_approved(rt, team.officer, team.approver)[0]


def change(rt, delivery, act, *arguments, now=START):
    with rt.sessions.begin() as session:
        return act(session, delivery.id, *arguments, now)


def move(rt, delivery, *states):
    with rt.sessions.begin() as session:
        row = session.get_one(Delivery, delivery.id)
        for state in states:
            row.move(state, START)


def stored(rt, delivery):
    with rt.sessions.begin() as session:
        return session.get_one(Delivery, delivery.id)


def test_a_held_delivery_waits_until_released(rt, team, delivery):
    held = change(rt, delivery, queue.hold_delivery, "รอข้อมูล", team.officer)
    assert (held.state, held.reason) == (DeliveryState.HELD, "held_by_person")
    with rt.sessions.begin() as session:
        assert delivery.id not in due_ids(session, DUE, 10)
    back = change(rt, delivery, queue.release_delivery, team.officer)
    assert (back.state, back.next_at, back.reason) == (DeliveryState.SCHEDULED, DUE, "")
    with rt.sessions.begin() as session:
        assert delivery.id in due_ids(session, DUE, 10)
        moves = session.scalars(select(Move).where(Move.subject == "delivery").order_by(Move.id)).all()
        deeds = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == "delivery")).all()
    assert [(row.target, row.why, row.person_id) for row in moves] == [
        ("held", "รอข้อมูล", team.officer.id), ("scheduled", "released", team.officer.id),
    ]  # fmt: skip
    assert deeds == ["delivery.hold", "delivery.release"]


def test_what_is_not_held_is_not_released(rt, team, delivery):
    with pytest.raises(Conflict, match="not_held"):
        change(rt, delivery, queue.release_delivery, team.officer)


def test_a_release_after_the_last_moment_is_refused(rt, team, delivery):
    change(rt, delivery, queue.hold_delivery, "", team.officer)
    late = DUE + timedelta(hours=6, minutes=1)
    with pytest.raises(Conflict, match="window_passed"):
        change(rt, delivery, queue.release_delivery, team.officer, now=late)
    assert stored(rt, delivery).state is DeliveryState.HELD


def test_a_cancelled_delivery_stays_cancelled(rt, team, delivery):
    gone = change(rt, delivery, queue.cancel_delivery, "ซ้ำ", team.approver)
    assert (gone.state, gone.reason) == (DeliveryState.CANCELLED, "cancelled_by_person")
    with pytest.raises(Conflict, match="delivery_over"):
        change(rt, delivery, queue.publish_now, team.officer)


@pytest.mark.parametrize(("states", "code"), OUT, ids=[code for _, code in OUT])
def test_what_may_be_public_is_not_touched_and_the_reason_is_said(rt, team, delivery, states, code):
    move(rt, delivery, *states)
    for act, arguments in [
        (queue.hold_delivery, ("",)),
        (queue.cancel_delivery, ("",)),
        (queue.release_delivery, ()),
        (queue.publish_now, ()),
        (queue.reschedule, (DUE + timedelta(days=1),)),
    ]:
        with pytest.raises(Conflict) as refused:
            change(rt, delivery, act, *arguments, team.officer)
        assert (refused.value.key, refused.value.params["state"]) == (code, states[-1])
    assert stored(rt, delivery).state is states[-1]


def test_another_time_moves_the_last_moment_too(rt, team, delivery):
    later = DUE + timedelta(days=2)
    moved = change(rt, delivery, queue.reschedule, later, team.officer)
    assert (moved.due_at, moved.next_at, moved.not_after) == (later, later, later + timedelta(hours=6))
    assert moved.payload == delivery.payload
    with pytest.raises(BadInput, match="due_in_past"):
        change(rt, delivery, queue.reschedule, START, team.officer)


def test_a_held_delivery_given_another_time_stays_held(rt, team, delivery):
    change(rt, delivery, queue.hold_delivery, "", team.officer)
    later = change(rt, delivery, queue.reschedule, DUE + timedelta(days=2), team.officer)
    assert later.state is DeliveryState.HELD


@pytest.mark.parametrize(
    "states", [[], [DeliveryState.HELD], [DeliveryState.FAILED], [DeliveryState.MISSED]], ids=str
)
def test_publish_now_makes_it_due_this_moment(rt, team, delivery, states):
    move(rt, delivery, *states)
    now = START + timedelta(hours=1)
    row = change(rt, delivery, queue.publish_now, team.officer, now=now)
    assert (row.state, row.due_at, row.not_after) == (DeliveryState.SCHEDULED, now, now + timedelta(hours=6))
    with rt.sessions.begin() as session:
        assert due_ids(session, now, 10) == [delivery.id]


def test_a_failed_delivery_is_not_held(rt, team, delivery):
    move(rt, delivery, DeliveryState.FAILED)
    with pytest.raises(IllegalMove):
        change(rt, delivery, queue.hold_delivery, "", team.officer)


def test_a_missed_reminder_is_not_sent_after_the_event_began(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
    row = make_approved(rt, team.officer, team.approver, event_id=event.id, kind=PostKind.REMINDER)[0]
    move(rt, row, DeliveryState.MISSED)
    for act, arguments in [(queue.publish_now, ()), (queue.reschedule, (LOY_KRATHONG + timedelta(days=1),))]:
        with pytest.raises(BadInput, match="due_after_event"):
            change(rt, row, act, *arguments, team.officer, now=LOY_KRATHONG)
    assert stored(rt, row).state is DeliveryState.MISSED


def test_posts_of_a_cancelled_event_are_not_let_loose_again(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
    row = make_approved(rt, team.officer, team.approver, event_id=event.id)[0]
    with rt.sessions.begin() as session:
        calendar.cancel_event(session, event.id, "ฝนตกหนัก", team.officer, START)
    for act in (queue.release_delivery, queue.publish_now):
        with pytest.raises(Conflict, match="event_over"):
            change(rt, row, act, team.officer)


@pytest.mark.parametrize("role", ["reviewer", "kpi_officer"])
def test_readers_change_nothing(rt, team, delivery, role):
    with pytest.raises(Forbidden):
        change(rt, delivery, queue.hold_delivery, "", getattr(team, role))
    with rt.sessions.begin() as session, pytest.raises(Forbidden):
        queue.stop_all(session, "ทดสอบ", getattr(team, role), START)


def test_what_does_not_exist_is_not_found(rt, team):
    with rt.sessions.begin() as session, pytest.raises(NotFound):
        queue.hold_delivery(session, 999, "", team.officer, START)


def test_stop_all_stops_every_claim_and_says_what_could_still_land(rt, team, delivery):
    make_approved(rt, team.officer, team.approver)
    move(rt, delivery, DeliveryState.SENDING)
    with rt.sessions.begin() as session:
        stopped = queue.stop_all(session, "ข่าวด่วน", team.officer, START)
    assert (stopped.waiting, stopped.in_flight) == (3, 1)
    with rt.sessions.begin() as session:
        assert due_ids(session, DUE, 10) == []
        with pytest.raises(Conflict, match="already_stopped"):
            queue.stop_all(session, "อีกครั้ง", team.approver, START)


@pytest.mark.usefixtures("accounts", "delivery")
def test_resuming_needs_a_second_person_and_lists_what_is_overdue(rt, team):
    make_approved(rt, team.officer, team.approver, due_at=DUE + timedelta(hours=5))
    with rt.sessions.begin() as session:
        queue.stop_all(session, "ข่าวด่วน", team.approver, START)
    now = DUE + timedelta(hours=7)
    for person, code in [(team.officer, "role_needed"), (team.approver, "second_person_needed")]:
        with rt.sessions.begin() as session, pytest.raises(RukonError, match=code):
            queue.resume_all(session, person, now)
    with rt.sessions.begin() as session:
        resumed = queue.resume_all(session, team.administrator, now)
    assert (resumed.overdue, resumed.missed) == (2, 2)
    with rt.sessions.begin() as session:
        assert len(due_ids(session, now, 10)) == 2
        with pytest.raises(Conflict, match="not_stopped"):
            queue.resume_all(session, team.administrator, now)
        queue.stop_all(session, "อีกครั้ง", team.officer, now)
        assert queue.stop_switch(session).stopped


def test_a_stop_needs_a_reason_and_a_start_needs_a_stop(rt, team):
    with rt.sessions.begin() as session:
        with pytest.raises(BadInput, match="reason_empty"):
            queue.stop_all(session, "  ", team.officer, START)
        with pytest.raises(Conflict, match="not_stopped"):
            queue.resume_all(session, team.approver, START)


def test_the_queue_is_listed_in_pages_by_one_query(rt, team, accounts, queries):
    for days in range(4, 9):
        make_approved(rt, team.officer, team.approver, due_at=START + timedelta(days=days))
    with rt.sessions.begin() as session, queries() as seen:
        page = queue_list.list_queue(session, QueueFilter(limit=4))
        assert [(row.post.title, row.account.channel) for row in page][:2] == [
            ("ลอยกระทง 2563", Channel.X), ("ลอยกระทง 2563", Channel.FACEBOOK),
        ]  # fmt: skip
    assert len(seen) == 1
    with rt.sessions.begin() as session:
        rest = queue_list.list_queue(session, QueueFilter(before=(page[-1].due_at, page[-1].id)))
        assert [row.id for row in page] + [row.id for row in rest] == list(range(10, 0, -1))
        on_x = QueueFilter(account_id=accounts[Channel.X].id, states=frozenset({DeliveryState.SCHEDULED}))
        assert len(queue_list.list_queue(session, on_x)) == 5
        assert queue_list.list_queue(session, QueueFilter(states=frozenset({DeliveryState.HELD}))) == []


def test_every_state_is_counted_by_one_query(rt, team, delivery, queries):
    change(rt, delivery, queue.hold_delivery, "", team.officer)
    with rt.sessions.begin() as session, queries() as seen:
        found = queue_list.counts(session)
    assert len(seen) == 1
    assert set(found) == set(DeliveryState)
    assert {state: number for state, number in found.items() if number} == {
        DeliveryState.HELD: 1, DeliveryState.SCHEDULED: 1,
    }  # fmt: skip
