"""Everything that happened to a post, as its page and the evidence tell it."""

from datetime import timedelta

import pytest

from core.errors import NotFound
from core.vocab import AttemptOutcome, AttemptPhase, Channel, DeliveryState
from models import Attempt, Delivery, Snapshot
from services import approval, audit, posts, queue
from services.history import post_history
from tests.builders import START, approve, make_post


def later(minutes):
    return START + timedelta(minutes=minutes)


@pytest.mark.usefixtures("accounts")
def test_a_posts_life_is_told_in_order_with_names(rt, team, clock, queries):
    with rt.sessions.begin() as session:
        post = make_post(session, team.officer)
        posts.submit_post(session, post.id, 1, team.officer, later(1))
        approval.return_post(session, post.id, 1, "ขอเพิ่มสถานที่", team.approver, later(2))
        posts.submit_post(session, post.id, 2, team.officer, later(3))
    clock.set(later(4))
    facebook, _ = approve(rt, post.id, team.approver)
    with rt.sessions.begin() as session:
        queue.hold_delivery(session, facebook.id, "รอ", team.officer, later(5))
        queue.release_delivery(session, facebook.id, team.officer, later(6))
        row = session.get_one(Delivery, facebook.id)
        row.move(DeliveryState.SENDING, later(7))
        session.add(
            Attempt(
                delivery_id=row.id, fence=1, phase=AttemptPhase.POST, owner="worker", started_at=later(7),
                ended_at=later(8), outcome=AttemptOutcome.OK, http_status=200, request_sha256="0" * 64,
                remote_id="1_2",
            )
        )  # fmt: skip
        row.move(DeliveryState.PUBLISHED, later(8))
        session.add(
            Snapshot(
                delivery_id=row.id, read_at=later(9), live=True, remote_id="1_2", raw={}, sha256="1" * 64
            )
        )
    with rt.sessions.begin() as session, queries() as seen:
        entries = post_history(session, post.id)
    assert len(seen) == 8
    assert [(entry.kind, entry.what, entry.who) for entry in entries] == [
        ("deed", "post.create", team.officer.name),
        ("move", "in_review", team.officer.name),
        ("move", "returned", team.approver.name),
        ("review", "returned", team.approver.name),
        ("move", "in_review", team.officer.name),
        ("move", "approved", team.approver.name),
        ("review", "approved", team.approver.name),
        ("deed", "delivery.hold", team.officer.name),
        ("move", "held", team.officer.name),
        ("deed", "delivery.release", team.officer.name),
        ("move", "scheduled", team.officer.name),
        ("move", "sending", ""),
        ("attempt", "ok", ""),
        ("move", "published", ""),
        ("snapshot", "live", ""),
    ]
    assert entries[3].why == "ขอเพิ่มสถานที่"
    assert {entry.account.channel for entry in entries[7:]} == {Channel.FACEBOOK}
    assert entries[12].detail["remote_id"] == "1_2"


def test_a_post_that_does_not_exist_has_no_history(session):
    with pytest.raises(NotFound):
        post_history(session, 999)


def test_the_audit_is_read_by_subject_and_in_pages(rt, team):
    with rt.sessions.begin() as session:
        made = [make_post(session, team.officer) for _ in range(3)]
        posts.withdraw_post(session, made[0].id, "ซ้ำ", team.officer, START)
    with rt.sessions.begin() as session:
        post = session.get_one(type(made[0]), made[0].id)
        assert [deed.action for deed in audit.trail(session, post)] == ["post.create", "post.withdraw"]
        newest = audit.recent(session, limit=2)
        older = audit.recent(session, before_id=newest[-1].id)
        assert [deed.id for deed in (*newest, *older)] == [4, 3, 2, 1]
