"""The emergency lane: out at once, with a reason, looked at by another within a day, never planned."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden
from core.vocab import PostState, Role
from models import AuditEvent
from services import approval, fast_lane, scoring
from services.people import PersonForm, create_person
from tests.builders import make_accounts, make_post


@pytest.fixture
def waiting(rt, team):
    make_accounts(rt)
    return submitted(rt, team)


def submitted(rt, team):
    with rt.sessions.begin() as session:
        return make_post(session, team.officer, PostState.IN_REVIEW)


@pytest.fixture
def second(rt, clock):
    """Another approver."""
    form = PersonForm("second", "ผู้อนุมัติ สอง", "รหัสผ่าน-ยาว-พอสมควร", frozenset({Role.APPROVER}))
    with rt.sessions.begin() as session:
        return create_person(session, form, None, clock.now())


def hurry(rt, team, post, reason="ท่อประปาแตก ถนนปิด"):
    return fast_lane.approve_urgent(rt, post.id, post.revision, team.approver, reason)


def open_reviews(rt):
    with rt.sessions.begin() as session:
        return fast_lane.to_review(session)


def test_it_is_due_at_once_and_waits_for_a_second_pair_of_eyes(rt, clock, team, waiting):
    rows = hurry(rt, team, waiting)
    assert {row.due_at for row in rows} == {clock.now()}
    (one,) = open_reviews(rt)
    assert (one.review.reason, one.until) == ("ท่อประปาแตก ถนนปิด", clock.now() + timedelta(hours=24))
    assert not one.overdue(clock.now() + timedelta(hours=24))
    assert one.overdue(clock.now() + timedelta(hours=24, seconds=1))


def test_a_reason_is_needed_and_nothing_goes_out_without(rt, team, waiting):
    with pytest.raises(BadInput, match="reason_empty"):
        hurry(rt, team, waiting, "  ")
    with pytest.raises(Forbidden, match="own_post"):
        fast_lane.approve_urgent(rt, waiting.id, waiting.revision, team.officer, "ด่วน")
    assert open_reviews(rt) == []


def test_the_one_who_hurried_and_the_author_cannot_review_it(rt, clock, team, waiting):
    hurry(rt, team, waiting)
    (one,) = open_reviews(rt)
    with rt.sessions.begin() as session, pytest.raises(Forbidden, match="own_post"):
        fast_lane.review_afterwards(session, one.review.id, fast_lane.GOOD, "", team.approver, clock.now())
    with rt.sessions.begin() as session, pytest.raises(Forbidden):
        fast_lane.review_afterwards(session, one.review.id, fast_lane.GOOD, "", team.officer, clock.now())


def test_a_second_approver_reviews_it_once_and_a_no_needs_words(rt, clock, team, waiting, second):
    hurry(rt, team, waiting)
    (one,) = open_reviews(rt)
    for decision, words, code in (
        ("perhaps", "", "review_choice_unknown"),
        (fast_lane.BAD, " ", "reason_empty"),
    ):
        with rt.sessions.begin() as session, pytest.raises(BadInput, match=code):
            fast_lane.review_afterwards(session, one.review.id, decision, words, second, clock.now())
    with rt.sessions.begin() as session:
        fast_lane.review_afterwards(session, one.review.id, fast_lane.BAD, "ไม่ด่วน", second, clock.now())
    assert open_reviews(rt) == []
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="reviewed"):
        fast_lane.review_afterwards(session, one.review.id, fast_lane.GOOD, "", second, clock.now())
    with rt.sessions.begin() as session:
        assert "post.review_after" in session.scalars(select(AuditEvent.action)).all()


def test_it_does_not_count_as_planned_and_an_ordinary_approval_does(rt, team, waiting):
    hurry(rt, team, waiting)
    other = submitted(rt, team)
    approval.approve_post(rt, other.id, other.revision, team.approver)
    run = scoring.evaluate_period(rt, "2020-10")
    found = {post["id"]: post for post in run.facts["posts"]}
    assert (found[waiting.id]["fast_lane"], found[waiting.id]["approved_at"] is None) == (True, False)
    assert found[other.id]["fast_lane"] is False
