"""Election and mourning: what waits is held, let out one by one with a reason; other holds."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.vocab import Channel, DeliveryState, ModeKind
from models import AuditEvent, Clearance, Delivery
from services import holds, modes, queue
from services.badges import badges
from services.claiming import due_ids
from services.modes import ModeForm
from tests.builders import START, make_approved, make_event

HOUR = timedelta(hours=1)
DUE = START + timedelta(days=4)

pytestmark = pytest.mark.usefixtures("accounts")


@pytest.fixture
def delivery(rt, team):
    return make_approved(rt, team.officer, team.approver)[0]


def declare(rt, person, kind=ModeKind.MOURNING, starts_at=START, ends_at=None, why="ประกาศ"):
    with rt.sessions.begin() as session:
        return modes.declare(session, ModeForm(kind, starts_at, ends_at, why), person, START)


def state(rt, delivery):
    with rt.sessions.begin() as session:
        return session.get_one(Delivery, delivery.id).state


def claimable(rt, now):
    with rt.sessions.begin() as session:
        return due_ids(session, now, 100, 0.0)


def test_a_mode_holds_all_that_waits_and_says_how_many(rt, team, delivery):
    with rt.sessions.begin() as session:
        other = session.get_one(Delivery, delivery.id + 1)
        other.move(DeliveryState.SENDING, START)
    mode, fate = declare(rt, team.approver)
    assert (fate.held, fate.in_flight) == (1, 1)
    assert state(rt, delivery) is DeliveryState.HELD
    assert claimable(rt, DUE) == []
    with rt.sessions.begin() as session:
        assert badges(session, START).modes == (ModeKind.MOURNING,)
        assert session.scalars(select(AuditEvent.action).where(AuditEvent.subject == "mode")).all() == [
            "mode.declare"
        ]
        assert [one.id for one in modes.list_modes(session, START)] == [mode.id]


def test_a_post_is_let_out_of_a_mode_by_an_approver_with_a_reason(rt, team, delivery):
    declare(rt, team.approver)
    for person, why, error in [(team.officer, "ข่าวบริการ", Forbidden), (team.approver, " ", BadInput)]:
        with rt.sessions.begin() as session, pytest.raises(error):
            queue.release_delivery(session, delivery.id, person, START, why)
        assert state(rt, delivery) is DeliveryState.HELD
    with rt.sessions.begin() as session:
        queue.release_delivery(session, delivery.id, team.approver, START, "ข้อมูลบริการประชาชน")
        modes.hold_covered(session, START)
    assert state(rt, delivery) is DeliveryState.SCHEDULED
    assert claimable(rt, DUE) == [delivery.id]
    with rt.sessions.begin() as session:
        (cleared,) = session.scalars(select(Clearance)).all()
        assert (cleared.delivery_id, cleared.why) == (delivery.id, "ข้อมูลบริการประชาชน")
        deeds = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == "delivery")).all()
    assert deeds == ["delivery.clear", "delivery.release"]


def test_publishing_now_is_no_way_around_a_mode(rt, team, delivery):
    declare(rt, team.approver)
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="reason_empty"):
        queue.publish_now(session, delivery.id, team.approver, START)
    with rt.sessions.begin() as session:
        queue.publish_now(session, delivery.id, team.approver, START, "จำเป็นเร่งด่วน")
    assert claimable(rt, START) == [delivery.id]


def test_what_is_approved_during_a_mode_does_not_go_out_either(rt, team):
    declare(rt, team.approver)
    row = make_approved(rt, team.officer, team.approver)[0]
    assert state(rt, row) is DeliveryState.SCHEDULED
    assert claimable(rt, DUE) == []
    with rt.sessions.begin() as session:
        modes.hold_covered(session, START)
    assert state(rt, row) is DeliveryState.HELD


def test_a_mode_to_come_holds_from_its_first_moment_what_is_due_before_its_last(rt, team, delivery):
    later = make_approved(rt, team.officer, team.approver, due_at=DUE + 6 * HOUR)[0]
    _, fate = declare(rt, team.approver, ModeKind.ELECTION, DUE - HOUR, DUE + 5 * HOUR)
    assert fate.held == 0
    assert state(rt, delivery) is DeliveryState.SCHEDULED
    with rt.sessions.begin() as session:
        modes.hold_covered(session, DUE - HOUR)
    assert state(rt, delivery) is DeliveryState.HELD
    assert state(rt, later) is DeliveryState.SCHEDULED
    assert later.id in claimable(rt, DUE + 6 * HOUR)


def test_what_a_mode_held_needs_its_reason_even_when_the_mode_is_over(rt, team, delivery):
    mode, _ = declare(rt, team.approver)
    with rt.sessions.begin() as session:
        modes.end_mode(session, mode.id, team.administrator, START)
        assert list(modes.list_modes(session, START)) == []
        modes.hold_covered(session, START)
    assert state(rt, delivery) is DeliveryState.HELD
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="reason_empty"):
        queue.release_delivery(session, delivery.id, team.approver, START)
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="mode_over"):
        modes.end_mode(session, mode.id, team.administrator, START)
    with rt.sessions.begin() as session, pytest.raises(NotFound):
        modes.end_mode(session, 99, team.administrator, START)


def test_a_mode_needs_an_approver_a_reason_and_an_end_after_its_start(rt, team):
    with pytest.raises(Forbidden):
        declare(rt, team.officer)
    with pytest.raises(BadInput, match="reason_empty"):
        declare(rt, team.approver, why=" ")
    with pytest.raises(BadInput, match="mode_end_before_start"):
        declare(rt, team.approver, ends_at=START)
    declare(rt, team.approver)
    with pytest.raises(Conflict, match="mode_declared"):
        declare(rt, team.approver)
    declare(rt, team.approver, ModeKind.ELECTION)


def test_a_held_account_keeps_its_posts_in_the_queue(rt, team, accounts, delivery):
    subject = accounts[Channel.FACEBOOK].id
    with rt.sessions.begin() as session:
        holds.hold(session, "account", subject, "ตรวจบัญชี", team.officer, START)
        assert [(one.switch.scope, one.name) for one in holds.holds(session)] == [
            ("account", accounts[Channel.FACEBOOK].name)
        ]
    with rt.sessions.begin() as session:
        held = {row.id for row in session.scalars(select(Delivery)) if row.account_id == subject}
    assert held
    assert not held & set(claimable(rt, DUE))
    with rt.sessions.begin() as session:
        with pytest.raises(Conflict, match="already_stopped"):
            holds.hold(session, "account", subject, "อีกครั้ง", team.officer, START)
        with pytest.raises(Forbidden):
            holds.release(session, "account", subject, team.officer, START)
        holds.release(session, "account", subject, team.approver, START)
    assert held <= set(claimable(rt, DUE))
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="not_stopped"):
        holds.release(session, "account", subject, team.approver, START)


def test_a_held_event_keeps_its_posts_in_the_queue_and_no_others(rt, team, delivery):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
    rows = make_approved(rt, team.officer, team.approver, event_id=event.id)
    with rt.sessions.begin() as session:
        holds.hold(session, "event", event.id, "รอยืนยันสถานที่", team.officer, START)
        assert [one.name for one in holds.holds(session)] == [event.title]
    assert set(claimable(rt, DUE)).isdisjoint(row.id for row in rows)
    assert delivery.id in claimable(rt, DUE)
    with rt.sessions.begin() as session:
        holds.release(session, "event", event.id, team.approver, START)
    assert {row.id for row in rows} <= set(claimable(rt, DUE))


@pytest.mark.parametrize(("scope", "number", "error"), [("post", 1, BadInput), ("event", 99, NotFound)])
def test_only_accounts_and_events_that_exist_are_held(rt, team, scope, number, error):
    with rt.sessions.begin() as session, pytest.raises(error):
        holds.hold(session, scope, number, "ทดสอบ", team.officer, START)


def test_a_stop_shows_what_may_still_land_and_what_is_overdue(rt, team, delivery):
    with rt.sessions.begin() as session:
        session.get_one(Delivery, delivery.id + 1).move(DeliveryState.SENDING, START)
    with rt.sessions.begin() as session:
        left = holds.what_is_left(session, DUE + HOUR)
        assert [row.id for row in left.in_flight] == [delivery.id + 1]
        assert [row.id for row in left.overdue] == [delivery.id]
        assert left.overdue[0].post.title
