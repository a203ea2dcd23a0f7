"""A moved event moves its posts, and takes back approvals that are no longer true."""

from datetime import timedelta

import pytest

from core.vocab import DeliveryState, PostKind, PostState
from models import Post
from services import calendar
from tests.builders import (
    LOY_KRATHONG,
    START,
    approve,
    deliveries_of,
    event_form,
    make_event,
    make_post,
)

WEEK = timedelta(days=7)


@pytest.fixture
def event(rt, team):
    with rt.sessions.begin() as session:
        return make_event(session, team.officer)


def edit(rt, team, event, **change):
    with rt.sessions.begin() as session:
        return calendar.edit_event(session, event.id, event_form(**change), 1, team.officer, START)


def add(rt, team, event, kind=PostKind.ANNOUNCE, state=PostState.DRAFT, **more):
    with rt.sessions.begin() as session:
        return make_post(session, team.officer, state, event_id=event.id, kind=kind, **more)


def stored(rt, post):
    with rt.sessions.begin() as session:
        return session.get_one(Post, post.id)


def test_a_drafts_time_and_its_last_moment_move_with_the_event(rt, team, event):
    draft = add(rt, team, event)
    moved = edit(rt, team, event, starts_at=LOY_KRATHONG + WEEK)
    after = stored(rt, draft)
    assert (moved.moved, moved.taken_back) == (1, 0)
    assert after.due_at == draft.due_at + WEEK
    assert after.not_after == LOY_KRATHONG + WEEK - timedelta(minutes=5)
    assert after.revision == draft.revision + 1


def test_a_recap_keeps_its_distance_to_the_end(rt, team, event):
    recap = add(rt, team, event, PostKind.RECAP, due_at=LOY_KRATHONG + timedelta(days=2))
    announce = add(rt, team, event)
    edit(rt, team, event, ends_at=LOY_KRATHONG + timedelta(hours=9))
    assert stored(rt, recap).due_at == recap.due_at + timedelta(hours=2)
    assert stored(rt, announce).due_at == announce.due_at


@pytest.mark.parametrize("change", [{"starts_at": LOY_KRATHONG + WEEK}, {"place": "สวนลุมพินี"}])
@pytest.mark.usefixtures("accounts")
def test_an_approval_is_taken_back_when_time_or_place_changes(rt, team, event, change):
    post = add(rt, team, event)
    approve(rt, post.id, team.approver)
    moved = edit(rt, team, event, **change)
    assert moved.taken_back == 1
    after = stored(rt, post)
    assert (after.state, after.approved_revision) == (PostState.DRAFT, None)
    assert after.revision > post.revision
    with rt.sessions.begin() as session:
        gone = deliveries_of(session, post.id)
    assert [(row.state, row.reason) for row in gone] == [(DeliveryState.CANCELLED, "event_moved")] * 2


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.HELD])
def test_what_failed_under_the_old_plan_is_not_tried_again_under_the_new(rt, team, event, state):
    post = add(rt, team, event)
    approve(rt, post.id, team.approver)
    with rt.sessions.begin() as session:
        for row in deliveries_of(session, post.id):
            row.move(state, START)
    assert edit(rt, team, event, starts_at=LOY_KRATHONG + WEEK).taken_back == 1
    with rt.sessions.begin() as session:
        assert {row.state for row in deliveries_of(session, post.id)} == {DeliveryState.CANCELLED}


@pytest.mark.usefixtures("accounts")
def test_a_change_of_words_takes_nothing_back(rt, team, event):
    post = add(rt, team, event)
    approve(rt, post.id, team.approver)
    moved = edit(rt, team, event, description="เพิ่มรายละเอียด", title="ลอยกระทง ๒๕๖๓")
    assert (moved.moved, moved.taken_back) == (0, 0)
    assert stored(rt, post).state is PostState.APPROVED


def test_a_post_in_review_goes_back_to_its_author(rt, team, event):
    post = add(rt, team, event, state=PostState.IN_REVIEW)
    assert edit(rt, team, event, place="สวนลุมพินี").taken_back == 1
    assert stored(rt, post).state is PostState.RETURNED


@pytest.mark.usefixtures("accounts")
def test_what_is_public_or_on_its_way_stays_and_the_rest_is_held(rt, team, event):
    post = add(rt, team, event)
    approve(rt, post.id, team.approver)
    with rt.sessions.begin() as session:
        first, _ = deliveries_of(session, post.id)
        first.move(DeliveryState.SENDING, START)
        last_moment = first.not_after
    moved = edit(rt, team, event, starts_at=LOY_KRATHONG + WEEK)
    assert (moved.in_flight, moved.live, moved.taken_back, moved.moved) == (1, 0, 0, 0)
    with rt.sessions.begin() as session:
        rows = deliveries_of(session, post.id)
    assert [row.state for row in rows] == [DeliveryState.SENDING, DeliveryState.HELD]
    assert rows[0].not_after < START < last_moment  # if it never arrived, it is not sent again
    assert stored(rt, post).state is PostState.APPROVED


@pytest.mark.usefixtures("accounts")
def test_a_taken_back_post_can_be_approved_again(rt, team, event):
    post = add(rt, team, event)
    approve(rt, post.id, team.approver)
    edit(rt, team, event, starts_at=LOY_KRATHONG + WEEK)
    again = approve(rt, post.id, team.approver)
    assert {row.occurrence for row in again} == {2}
    assert {row.due_at for row in again} == {post.due_at + WEEK}
