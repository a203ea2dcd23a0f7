"""Citizens' comments on their page: who may answer, approve, close and hide, and what is kept as typed."""

import pytest
from sqlalchemy import select

from core.vocab import CommentState, Role
from models import Comment, Delivery
from tests.builders import START, make_approved
from tests.web.site import words

QUESTION = "มีที่จอดรถไหม <b>คะ</b>"
ANSWER = "มีที่จอดรถ 200 คัน\nเข้าทางประตู 3 ค่ะ"


@pytest.fixture
def comment(site) -> Comment:
    delivery = make_approved(site.rt, site.team.officer, site.team.approver)[0]
    with site.rt.sessions.begin() as session:
        row = Comment(
            account_id=delivery.account_id, delivery_id=delivery.id, remote_id="1_2", body=QUESTION,
            state=CommentState.WAITING, written_at=START, read_at=START,
        )  # fmt: skip
        session.add(row)
    return row


def state_of(site) -> CommentState:
    with site.rt.sessions.begin() as session:
        return session.scalars(select(Comment.state)).one()


def test_an_officer_answers_and_an_approver_lets_exactly_that_out(site, officer, approver, comment):
    page = officer.get("/comments")
    assert "&lt;b&gt;" in page.text
    done = officer.follow(officer.post(f"/comments/{comment.id}/reply", {"body": ANSWER}))
    assert "ส่งคำตอบให้ผู้อนุมัติแล้ว" in words(done)
    assert "/approve" not in done.text
    page = approver.get("/comments")
    assert ANSWER in page.text
    changed = approver.post("/comments/replies/1/approve", {"seen": "ข้อความอื่น"})
    assert (changed.status_code, "โปรดอ่านข้อความล่าสุดก่อนอนุมัติ" in words(changed)) == (409, True)
    done = approver.follow(approver.post("/comments/replies/1/approve", {"seen": ANSWER}))
    assert "ระบบกำลังตอบใต้ความคิดเห็น" in words(done)
    with site.rt.sessions.begin() as session:
        payload = session.scalars(select(Delivery).order_by(Delivery.id.desc())).first().payload
    assert (payload["text"], payload["reply_to"], payload["kind"]) == (ANSWER, "1_2", "comment")
    assert "1000" not in words(approver.get("/queue"))


def test_an_approver_does_not_let_out_their_own_answer(site, approver, comment):
    approver.get("/comments")
    page = approver.follow(approver.post(f"/comments/{comment.id}/reply", {"body": ANSWER}))
    assert "/approve" not in page.text
    refused = approver.post("/comments/replies/1/approve", {"seen": ANSWER})
    assert (refused.status_code, "อนุมัติคำตอบของตนเองไม่ได้" in words(refused)) == (403, True)
    assert state_of(site) is CommentState.WAITING


def test_what_was_typed_stays_when_it_cannot_be_sent(officer, comment):
    officer.get("/comments")
    long = "ก" * 8001
    refused = officer.post(f"/comments/{comment.id}/reply", {"body": long})
    assert (refused.status_code, long in refused.text) == (422, True)
    refused = officer.post(f"/comments/{comment.id}/dismiss", {"why": ""})
    assert refused.status_code == 422


def test_an_answer_given_back_says_why_and_can_be_changed(officer, approver, comment):
    officer.get("/comments")
    officer.post(f"/comments/{comment.id}/reply", {"body": ANSWER})
    approver.get("/comments")
    assert approver.post("/comments/replies/1/return", {"why": ""}).status_code == 422
    approver.post("/comments/replies/1/return", {"why": "ระบุค่าจอดด้วย"})
    page = officer.get("/comments")
    assert "ผู้อนุมัติส่งกลับ: ระบุค่าจอดด้วย" in words(page)
    assert ANSWER in page.text


def test_what_needs_no_answer_is_closed_and_its_words_are_gone(site, officer, comment):
    officer.get("/comments")
    page = officer.follow(officer.post(f"/comments/{comment.id}/dismiss", {"why": "คำชม"}))
    assert "ปิดเรื่องแล้ว" in words(page)
    assert "ที่จอดรถ" not in page.text
    assert state_of(site) is CommentState.NO_ANSWER


def test_only_an_approver_silences_a_citizen_and_readers_change_nothing(site, officer, comment):
    officer.get("/comments")
    assert officer.post(f"/comments/{comment.id}/hide", {"why": "หยาบคาย"}).status_code == 403
    reader = site.member(Role.REVIEWER)
    page = reader.get("/comments")
    assert f'action="/comments/{comment.id}' not in page.text
    assert reader.post(f"/comments/{comment.id}/reply", {"body": ANSWER}).status_code == 403
    assert reader.post(f"/comments/{comment.id}/dismiss", {"why": "x"}).status_code == 403
