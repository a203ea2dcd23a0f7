"""A person and a worker at the same post at the same moment: whoever wins, the person is told the truth."""

import threading
from datetime import timedelta

import pytest

from core.errors import Conflict
from core.vocab import Channel, DeliveryState
from models import Delivery, Post
from services import calendar, posts, publishing, queue
from services.calendar import EventForm
from tests.builders import make_approved, make_event, post_form

ROUNDS = 8
BOTH = pytest.mark.parametrize(
    "which", ["office", pytest.param("office_on_postgres", marks=pytest.mark.servers)]
)
GIVEN_UP = {DeliveryState.CANCELLED, DeliveryState.HELD}
OUT = {DeliveryState.PUBLISHED, DeliveryState.VERIFIED}
TOLD = {"in_flight", "already_published"}


def edit(session, office, row):
    post = session.get_one(Post, row.post_id)
    form = post_form(bodies={Channel.X: "ข้อความใหม่"}, due_at=office.clock.now() + timedelta(days=1))
    posts.edit_post(session, post.id, post.revision, form, office.team.officer, office.clock.now())


def withdraw(session, office, row):
    posts.withdraw_post(session, row.post_id, "ไม่ใช้แล้ว", office.team.officer, office.clock.now())


def cancel(session, office, row):
    queue.cancel_delivery(session, row.id, "ผิดเรื่อง", office.team.officer, office.clock.now())


def hold(session, office, row):
    queue.hold_delivery(session, row.id, "รอข้อมูล", office.team.officer, office.clock.now())


def race(office, act, pause):
    """Let a worker send what is due while act happens a little later; return what act gave or raised."""
    gate, found = threading.Barrier(2), []

    def person():
        gate.wait()
        threading.Event().wait(pause)
        try:
            with office.rt.sessions.begin() as session:
                found.append(act(session))
        except Conflict as refusal:
            found.append(refusal)

    def worker():
        gate.wait()
        publishing.drain(office.rt, office.life)

    threads = [threading.Thread(target=one) for one in (person, worker)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found[0]


@BOTH
@pytest.mark.parametrize("act", [edit, withdraw, cancel, hold], ids=lambda act: act.__name__)
def test_whoever_takes_a_post_back_during_its_send_is_told_the_truth(request, which, act):
    office = request.getfixturevalue(which)
    office.sandbox.fault("x", "publish", "latency", times=None, ms=20)
    outcomes = set()
    for number in range(ROUNDS):
        office.round()
        delivery_id = office.approved(text=f"ข่าวรอบที่ {number}")
        row = office.delivery(delivery_id)
        told = race(office, lambda session, row=row: act(session, office, row), 0.006 * number)
        state = office.state(delivery_id)
        landed = [line for line in office.sandbox.ledger("x") if line["text"] == row.payload["text"]]
        if isinstance(told, Conflict):
            assert told.key in TOLD
            assert (state in OUT, len(landed)) == (True, 1)
        else:
            assert (state in GIVEN_UP, landed) == (True, [])
        outcomes.add(type(told))
    assert Conflict in outcomes, "the worker never won: the race was none"


@BOTH
@pytest.mark.parametrize("moved", [False, True], ids=["cancelled", "moved"])
def test_an_event_called_off_or_moved_during_a_send_counts_what_is_beyond_recall(request, which, moved):
    office = request.getfixturevalue(which)
    office.sandbox.fault("x", "publish", "latency", times=None, ms=20)
    for number in range(ROUNDS // 2):
        office.round()
        with office.rt.sessions.begin() as session:
            event = make_event(session, office.team.officer, office.clock.now())
        due = office.clock.now() + timedelta(minutes=1)
        ids = [
            make_approved(
                office.rt, office.team.officer, office.team.approver, due_at=due, event_id=event.id,
                bodies={Channel.X: f"ข่าวที่ {part} รอบที่ {number}"},
            )[0].id
            for part in range(3)
        ]  # fmt: skip
        office.advance(timedelta(minutes=1))
        office.sandbox.clear_log()
        fate = race(office, lambda session, event=event: call_off(session, office, event, moved=moved), 0.02)
        rows = [office.delivery(one) for one in ids]
        landed = {line["text"] for line in office.sandbox.ledger("x")}
        assert {row.payload["text"] for row in rows if row.state in OUT} == {
            row.payload["text"] for row in rows if row.payload["text"] in landed
        }
        # claimed, but called off before its call had left: the last look closed it
        told = OUT | {DeliveryState.MISSED}
        assert {row.state for row in rows} <= told | GIVEN_UP
        assert fate.in_flight + fate.live == sum(row.state in told for row in rows)


def call_off(session, office, event, *, moved):
    now = office.clock.now()
    if not moved:
        return calendar.cancel_event(session, event.id, "ฝนตกหนัก", office.team.officer, now)
    row = calendar.find_event(session, event.id)
    names = ("title", "place", "host", "target_group", "public")
    same = {name: getattr(row, name) for name in names}
    later = EventForm(
        starts_at=row.starts_at + timedelta(days=1), ends_at=row.ends_at + timedelta(days=1), **same
    )
    return calendar.edit_event(session, event.id, later, row.revision, office.team.officer, now)


def test_an_edit_refused_during_a_send_changes_nothing(office):
    delivery_id = office.approved()
    with office.rt.sessions.begin() as session:
        row = session.get_one(Delivery, delivery_id)
        row.move(DeliveryState.SENDING, office.clock.now())
        before = session.get_one(Post, row.post_id).revision
    with office.rt.sessions.begin() as session, pytest.raises(Conflict, match="in_flight"):
        edit(session, office, row)
    with office.rt.sessions.begin() as session:
        assert session.get_one(Post, row.post_id).revision == before
