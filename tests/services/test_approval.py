"""Four eyes: nobody approves what they wrote, and what is approved is frozen."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden, RukonError
from core.vocab import Channel, DeliveryState, Health, PostKind, PostState, Role
from models import Account, AuditEvent, Delivery, Move, Post, Review
from services import approval, calendar, people, posts
from services.payloads import digest
from tests.builders import (
    BODIES,
    LOY_KRATHONG,
    START,
    approve,
    make_account,
    make_event,
    make_person,
    make_picture,
    make_post,
    post_form,
)

LINK = "https://bangkok.go.th/loykrathong"
DUE = START + timedelta(days=4)


@pytest.fixture
def waiting(rt, team):
    with rt.sessions.begin() as session:
        return make_post(session, team.officer, PostState.IN_REVIEW)


def state_of(rt, post):
    with rt.sessions.begin() as session:
        return session.get_one(Post, post.id).state


def every(rt, kind):
    with rt.sessions.begin() as session:
        return session.scalars(select(kind)).all()


@pytest.mark.usefixtures("accounts")
def test_an_approval_schedules_one_delivery_per_account_of_each_channel(rt, team, waiting):
    make_account(rt, Channel.FACEBOOK, "102564000000002", name="เพจที่สอง")
    rows = approval.approve_post(rt, waiting.id, 1, team.approver)
    assert [(row.state, row.due_at, row.next_at) for row in rows] == [(DeliveryState.SCHEDULED, DUE, DUE)] * 3
    assert [row.payload["text"] for row in rows] == [BODIES[Channel.FACEBOOK]] * 2 + [BODIES[Channel.X]]
    assert all(row.payload_sha256 == digest(row.payload) for row in rows)
    with rt.sessions.begin() as session:
        post = session.get_one(Post, waiting.id)
        moves = session.scalars(select(Move).where(Move.subject == "post").order_by(Move.id)).all()
    assert (post.state, post.approved_revision) == (PostState.APPROVED, 1)
    assert [(move.target, move.person_id) for move in moves] == [
        ("in_review", team.officer.id), ("approved", team.approver.id),
    ]  # fmt: skip
    review = every(rt, Review)[0]
    assert (review.decision, review.author_id) == ("approved", team.officer.id)
    assert review.payload_sha256 == digest({str(row.account_id): row.payload_sha256 for row in rows})


@pytest.mark.usefixtures("accounts")
def test_what_is_approved_is_frozen_with_its_picture_and_link(rt, team):
    asset_id = make_picture(rt, team.officer)
    with rt.sessions.begin() as session:
        post = make_post(
            session, team.officer, PostState.IN_REVIEW, link=LINK, asset_id=asset_id, alt_text="กระทง"
        )
    facebook, x = approve(rt, post.id, team.approver)
    for row in (facebook, x):
        assert row.payload["text"].endswith(f"\n{LINK}")
        assert row.payload["link"] == ""
        (media,) = row.payload["media"]
        assert (media["asset_id"], media["mime"], media["alt"]) == (asset_id, "image/jpeg", "กระทง")
        assert len(media["sha256"]) == 64


@pytest.mark.usefixtures("accounts")
def test_facebook_shows_the_link_of_a_post_without_picture_by_itself(rt, team):
    with rt.sessions.begin() as session:
        post = make_post(session, team.officer, PostState.IN_REVIEW, link=LINK)
    facebook, x = approve(rt, post.id, team.approver)
    assert (facebook.payload["text"], facebook.payload["link"]) == (BODIES[Channel.FACEBOOK], LINK)
    assert (x.payload["text"], x.payload["link"]) == (f"{BODIES[Channel.X]}\n{LINK}", "")


@pytest.mark.usefixtures("accounts")
def test_an_author_cannot_approve_their_own_post_and_the_try_is_recorded(rt):
    with rt.sessions.begin() as session:
        both = make_person(session, "both", Role.OFFICER, Role.APPROVER)
        post = make_post(session, both, PostState.IN_REVIEW)
    with pytest.raises(Forbidden, match="own_post") as refused:
        approval.approve_post(rt, post.id, 1, both)
    assert refused.value.status == 403
    assert state_of(rt, post) is PostState.IN_REVIEW
    deed = every(rt, AuditEvent)[-1]
    assert (deed.action, deed.person_id, deed.subject_id, deed.detail) == (
        "post.approve_refused", both.id, post.id, {"code": "own_post"},
    )  # fmt: skip
    assert every(rt, Delivery) == []


def test_whoever_edited_a_post_cannot_approve_it_either(rt, team):
    with rt.sessions.begin() as session:
        both = make_person(session, "both", Role.OFFICER, Role.APPROVER)
        post = make_post(session, team.officer)
        posts.edit_post(session, post.id, 1, post_form(title="แก้โดยอีกคน"), both, START)
        posts.submit_post(session, post.id, 2, team.officer, START)
    with pytest.raises(Forbidden, match="own_post"):
        approval.approve_post(rt, post.id, 2, both)


@pytest.mark.parametrize("role", ["kpi_officer", "administrator", "reviewer"])
def test_only_approvers_approve_and_a_refusal_is_recorded(rt, team, waiting, role):
    person = getattr(team, role)
    with pytest.raises(Forbidden, match="role_needed"):
        approval.approve_post(rt, waiting.id, 1, person)
    assert every(rt, AuditEvent)[-1].detail == {"code": "role_needed"}


@pytest.mark.usefixtures("accounts")
def test_an_approver_whose_role_was_taken_meanwhile_is_refused(rt, team, waiting):
    with rt.sessions.begin() as session:
        people.change_roles(session, team.approver.id, {Role.REVIEWER}, team.administrator, START)
    with pytest.raises(Forbidden, match="role_needed"):
        approval.approve_post(rt, waiting.id, 1, team.approver)


@pytest.mark.usefixtures("accounts")
def test_approving_twice_schedules_once(rt, team, waiting):
    approval.approve_post(rt, waiting.id, 1, team.approver)
    with pytest.raises(Conflict, match="already_approved"):
        approval.approve_post(rt, waiting.id, 1, team.approver)
    assert len(every(rt, Delivery)) == 2
    assert len(every(rt, Review)) == 1


@pytest.mark.usefixtures("accounts")
def test_an_approver_never_approves_a_text_they_have_not_seen(rt, team, waiting):
    with rt.sessions.begin() as session:
        posts.recall_post(session, waiting.id, 1, team.officer, START)
        posts.edit_post(session, waiting.id, 1, post_form(title="ใหม่"), team.officer, START)
        posts.submit_post(session, waiting.id, 2, team.officer, START)
    with pytest.raises(Conflict, match="post_changed"):
        approval.approve_post(rt, waiting.id, 1, team.approver)
    assert every(rt, Delivery) == []


@pytest.mark.usefixtures("accounts")
def test_a_post_whose_time_has_passed_is_approved_only_to_go_out_now(rt, team, waiting, clock):
    clock.set(DUE)
    with pytest.raises(BadInput, match="due_in_past"):
        approval.approve_post(rt, waiting.id, 1, team.approver)
    assert state_of(rt, waiting) is PostState.IN_REVIEW
    rows = approval.approve_post(rt, waiting.id, 1, team.approver, publish_now=True)
    assert {(row.due_at, row.not_after) for row in rows} == {(DUE, DUE + timedelta(hours=6))}


@pytest.mark.usefixtures("accounts")
def test_publishing_now_does_not_announce_an_event_that_has_begun(rt, team, clock):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        post = make_post(
            session, team.officer, PostState.IN_REVIEW, event_id=event.id, kind=PostKind.REMINDER
        )
    clock.set(LOY_KRATHONG)
    with pytest.raises(BadInput, match="due_after_event"):
        approval.approve_post(rt, post.id, 1, team.approver, publish_now=True)


def test_without_an_account_nothing_is_approved(rt, team, waiting):
    make_account(rt, Channel.FACEBOOK)
    with pytest.raises(Conflict, match="no_account") as refused:
        approval.approve_post(rt, waiting.id, 1, team.approver)
    assert refused.value.params["channel"] is Channel.X
    assert (state_of(rt, waiting), every(rt, Delivery), every(rt, Review)) == (PostState.IN_REVIEW, [], [])


def test_an_account_that_must_be_reconnected_still_gets_its_delivery(rt, team, waiting, accounts):
    with rt.sessions.begin() as session:
        session.get_one(Account, accounts[Channel.X].id).health = Health.REAUTH
        session.get_one(Account, accounts[Channel.FACEBOOK].id).active = False
    make_account(rt, Channel.FACEBOOK, "102564000000002")
    rows = approval.approve_post(rt, waiting.id, 1, team.approver)
    assert accounts[Channel.X].id in {row.account_id for row in rows}
    assert accounts[Channel.FACEBOOK].id not in {row.account_id for row in rows}


@pytest.mark.usefixtures("accounts")
def test_a_post_of_an_event_cancelled_meanwhile_is_not_approved(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        post = make_post(session, team.officer, PostState.IN_REVIEW, event_id=event.id)
        calendar.cancel_event(session, event.id, "ฝนตกหนัก", team.officer, START)
    with pytest.raises(Conflict, match="event_over"):
        approval.approve_post(rt, post.id, 1, team.approver)


def test_a_post_is_returned_with_a_reason_as_often_as_needed(rt, team, waiting):
    for revision in (1, 2):
        with rt.sessions.begin() as session:
            approval.return_post(session, waiting.id, revision, "ขอเพิ่มสถานที่", team.approver, START)
            posts.submit_post(session, waiting.id, revision + 1, team.officer, START)
    assert [(row.revision, row.decision, row.reason) for row in every(rt, Review)] == [
        (1, "returned", "ขอเพิ่มสถานที่"), (2, "returned", "ขอเพิ่มสถานที่"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "reason", "code"),
    [("approver", " ", "reason_empty"), ("officer", "ก", "role_needed"), ("both", "ก", "own_post_return")],
)
def test_a_return_needs_a_reason_and_somebody_else(rt, team, who, reason, code):
    with rt.sessions.begin() as session:
        both = make_person(session, "both", Role.OFFICER, Role.APPROVER)
        post = make_post(session, both, PostState.IN_REVIEW)
    person = both if who == "both" else getattr(team, who)
    with pytest.raises(RukonError, match=code), rt.sessions.begin() as session:
        approval.return_post(session, post.id, 1, reason, person, START)
    assert state_of(rt, post) is PostState.IN_REVIEW


def test_the_inbox_shows_the_most_urgent_first_with_risks_in_a_fixed_number_of_queries(rt, team, queries):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer, royal=True, minors=True)
        for days in (6, 5, 7):
            make_post(
                session,
                team.officer,
                PostState.IN_REVIEW,
                event_id=event.id,
                due_at=START + timedelta(days=days),
            )
        both = make_person(session, "both", Role.OFFICER, Role.APPROVER)
        make_post(session, both, PostState.IN_REVIEW, bodies={Channel.X: "ดูทางเฟสบุ๊ก"})
    with rt.sessions.begin() as session, queries() as seen:
        rows = approval.inbox(session, both, START + timedelta(days=5))
    assert [(row.own, row.late, row.author) for row in rows] == [
        (True, True, both.name), *[(False, late, team.officer.name) for late in (True, False, False)],
    ]  # fmt: skip
    assert [finding.found for finding in rows[0].findings] == ["เฟสบุ๊ก"]
    assert [row.risks for row in rows] == [()] + [("royal", "minors")] * 3
    assert len(seen) == 7
