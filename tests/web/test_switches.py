"""The page of modes and holds, and the queue during a stop."""

from core.vocab import DeliveryState, Role
from models import Delivery
from tests.builders import make_approved, make_event
from tests.web.site import words


def test_a_mode_is_declared_shown_on_every_page_and_posts_are_let_out_with_a_reason(site, officer, approver):
    row = make_approved(site.rt, site.team.officer, site.team.approver)[0]
    assert "/switches/modes" not in officer.get("/switches").text
    approver.get("/switches")
    refused = approver.post("/switches/modes", {"kind": "mourning", "why": ""})
    assert (refused.status_code, "ยังไม่ได้ใส่เหตุผล" in words(refused)) == (422, True)
    answer = approver.post("/switches/modes", {"kind": "mourning", "why": "ประกาศสำนักนายกรัฐมนตรี"})
    page = words(approver.follow(answer))
    assert "เปิดโหมดแล้ว พักไว้ 2 รายการ" in page
    assert "ช่วงไว้ทุกข์" in page
    assert "ช่วงไว้ทุกข์" in words(officer.get("/today"))
    approver.get("/queue")
    refused = approver.post(f"/queue/{row.id}/release", {"why": ""})
    assert "ยังไม่ได้ใส่เหตุผล" in words(refused)
    answer = approver.post(f"/queue/{row.id}/release", {"why": "ข้อมูลบริการประชาชน"})
    assert "ปล่อยรายการแล้ว" in words(approver.follow(answer))
    approver.get("/switches")
    assert "ปิดโหมดแล้ว" in words(approver.follow(approver.post("/switches/modes/1/end")))
    assert "ขณะนี้ไม่มีโหมดที่เปิดอยู่" in words(officer.get("/switches"))


def test_an_account_and_an_event_are_held_and_let_go(site, officer, approver):
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
    officer.get("/switches")
    for subject in ("account:1", f"event:{event.id}"):
        refused = officer.post("/switches/holds", {"subject": subject, "why": " "})
        assert "ยังไม่ได้ใส่เหตุผล" in words(refused)
        answer = officer.post("/switches/holds", {"subject": subject, "why": "รอยืนยันข้อมูล"})
        assert "รอยืนยันข้อมูล" in words(officer.follow(answer))
    assert officer.post("/switches/holds/release", {"subject": "account:1"}).status_code == 403
    approver.get("/switches")
    for subject in ("account:1", f"event:{event.id}"):
        approver.follow(approver.post("/switches/holds/release", {"subject": subject}))
    assert "ขณะนี้ไม่มีบัญชีหรือกิจกรรมที่พักไว้" in words(approver.get("/switches"))
    assert officer.post("/switches/holds", {"subject": "post:1", "why": "ทดสอบ"}).status_code == 422


def test_during_a_stop_the_queue_shows_what_may_still_land_and_what_is_overdue(site, officer):
    sent, waits = make_approved(site.rt, site.team.officer, site.team.approver)
    with site.rt.sessions.begin() as session:
        session.get_one(Delivery, sent.id).move(DeliveryState.SENDING, site.clock.now())
    site.clock.set(waits.due_at)
    member = site.member(Role.OFFICER)
    member.get("/queue")
    page = words(member.follow(member.post("/queue/stop", {"why": "ข่าวด่วน"})))
    assert "กำลังส่งและอาจยังขึ้นได้ 1 รายการ" in page
    assert "ค้างเกินเวลา 1 รายการ" in page
    assert officer is not member
