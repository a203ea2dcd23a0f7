"""Events, waves, the queue and its switch, the month's file: the pages that move things."""

import io
import zipfile

from sqlalchemy import select

from core.vocab import DeliveryState, PostState, Role
from models import ContentItem, Delivery, Post
from services import evidence
from tests.builders import jpeg, make_accounts, make_approved, make_event
from tests.web.office import fill
from tests.web.site import running_site, words


def test_an_event_gets_its_wave_with_the_times_the_officer_wants(site, officer):
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
    page = words(officer.get(f"/events/{event.id}"))
    assert "ล่วงหน้า 7 วัน" in page
    answer = officer.post(f"/events/{event.id}/wave", {"chosen": []})
    assert "ยังไม่ได้เลือกโพสต์จากแผนที่เสนอ" in words(answer)
    typed = {"chosen": ["T-7", "T-1"], "T-7_day": "24/10/2563", "T-7_time": "10.30"}
    typed |= {"T-1_day": "30/10/2563", "T-1_time": "09.00"}
    assert "สร้างฉบับร่างแล้ว 2 รายการ" in words(officer.follow(officer.post(f"/events/{event.id}/wave", typed)))
    assert "24 ต.ค. 2563 10.30 น." in words(officer.get("/posts"))
    answer = officer.post(f"/events/{event.id}/wave", typed)
    assert answer.status_code == 409
    assert "จึงไม่สร้างซ้ำ" in words(answer)


def test_cancelling_an_event_holds_its_posts_and_drafts_the_notice(site, officer):
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
    make_approved(site.rt, site.team.officer, site.team.approver, event_id=event.id)
    answer = officer.post(f"/events/{event.id}/cancel", {"reason": ""})
    assert "ยังไม่ได้ใส่เหตุผล" in words(answer)
    answer = officer.post(f"/events/{event.id}/cancel", {"reason": "ฝนตกหนัก"})
    assert "พักโพสต์ไว้ 2 รายการ" in words(officer.follow(answer))
    assert "กิจกรรมถูกยกเลิก ระบบจึงพักโพสต์ไว้" in words(officer.get("/queue"))
    sheet = officer.follow(officer.post(f"/events/{event.id}/correction"))
    assert "ร่างโพสต์แจ้งประชาชนแล้ว" in words(sheet)


def test_moving_an_event_says_what_moved_with_it(site, officer):
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
    assert 'name="starts_at_day" value="31/10/2563"' in officer.get(f"/events/{event.id}/edit").text
    typed = {"title": event.title, "revision": "1", "public": "1", "place": event.place}
    typed |= {"starts_at_day": "1 พ.ย. 2563", "starts_at_time": "17.00"}
    typed |= {"ends_at_day": "2 พ.ย. 2563", "ends_at_time": "00.00"}
    answer = officer.post(f"/events/{event.id}/edit", typed)
    assert "บันทึกกิจกรรมแล้ว" in words(officer.follow(answer))
    assert "1 พ.ย. 2563 17.00 น." in words(officer.get(f"/events/{event.id}"))
    assert officer.post(f"/events/{event.id}/edit", typed).status_code == 409


def test_an_event_is_confirmed_and_later_marked_as_held(site, officer):
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
    officer.post(f"/events/{event.id}/confirm")
    assert "ยืนยันจัด" in words(officer.get(f"/events/{event.id}"))
    assert officer.post(f"/events/{event.id}/held").status_code == 409
    site.clock.set(event.ends_at)
    officer = site.member(Role.OFFICER)
    assert officer.post(f"/events/{event.id}/held").status_code == 303


def test_a_delivery_is_held_released_moved_sent_now_and_given_up(site, officer):
    row = make_approved(site.rt, site.team.officer, site.team.approver)[0]

    def press(act, **typed):
        return words(officer.follow(officer.post(f"/queue/{row.id}/{act}", typed)))

    assert "พักรายการไว้แล้ว" in press("hold")
    assert "ปล่อยรายการแล้ว" in press("release")
    assert "เปลี่ยนเวลาแล้ว" in press("move", due_at_day="25/10/2563", due_at_time="10.00")
    answer = officer.post(f"/queue/{row.id}/move", {"due_at_day": "1/1/2563", "due_at_time": "10.00"})
    assert answer.status_code == 422
    assert "ผ่านไปแล้ว" in words(answer)
    assert 'value="1/1/2563"' in answer.text
    assert "กำลังเผยแพร่" in press("now")
    assert "ยกเลิกรายการแล้ว" in press("cancel")
    assert officer.post(f"/queue/{row.id}/release").status_code == 409


def test_stopping_everything_shows_on_every_page_until_a_second_person_resumes(site, officer):
    make_approved(site.rt, site.team.officer, site.team.approver)
    approver = site.member(Role.APPROVER)
    assert approver.post("/queue/stop", {"why": ""}).status_code == 422
    answer = approver.post("/queue/stop", {"why": "ไว้ทุกข์"})
    assert "หยุดเผยแพร่ทั้งหมดแล้ว รออยู่ 2 รายการ" in words(approver.follow(answer))
    assert "หยุดเผยแพร่ทั้งหมดอยู่ โดย สมบูรณ์ ตัวอย่าง" in words(officer.get("/calendar"))
    answer = approver.post("/queue/resume")
    assert answer.status_code == 403
    assert "ผู้สั่งหยุดสั่งให้เผยแพร่ต่อเองไม่ได้" in words(answer)
    administrator = site.member(Role.ADMINISTRATOR)
    assert "เปิดให้เผยแพร่ต่อแล้ว" in words(administrator.follow(administrator.post("/queue/resume")))


def test_the_months_file_is_asked_for_watched_downloaded_and_verified(site):
    fill(site)
    member = site.member(Role.KPI_OFFICER)
    assert 'hx-trigger="every 2s"' in member.get("/evidence/periods/2020-10").text
    assert member.post("/evidence", {"month": "2020-10"}).status_code == 409
    evidence.build_all(site.rt)
    assert "พร้อมดาวน์โหลด" in words(member.get("/evidence?year=2564"))
    pdf = member.get("/evidence/1/evidence.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "inline" in pdf.headers["content-disposition"]
    packed = member.get("/evidence/1/bundle.zip").content
    whole = member.post("/evidence/verify", files={"files": ("ตุลาคม.zip", packed, "application/zip")})
    assert "ครบถ้วน ไม่ถูกแก้ไข ตุลาคม.zip" in words(whole)
    changed = member.post("/evidence/verify", files={"files": ("x.zip", tampered(packed), "application/zip")})
    assert "พบปัญหา" in words(changed)
    assert "ไฟล์ checks.csv ถูกแก้ไข" in words(changed)
    broken = member.post("/evidence/verify", files={"files": ("x.zip", b"no zip", "application/zip")})
    assert broken.status_code == 422
    assert "ยังไม่ได้เลือกไฟล์" in words(member.post("/evidence/verify"))
    assert member.get("/evidence/1/nothing.txt").status_code == 404


def tampered(packed: bytes) -> bytes:
    """Return a bundle with one byte more in one of its tables."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            more = b"\n1" if entry.filename == "checks.csv" else b""
            target.writestr(entry.filename, source.read(entry) + more)
    return out.getvalue()


def test_a_second_version_needs_a_reason_and_next_year_a_month_that_began(site):
    fill(site)
    evidence.build_all(site.rt)
    member = site.member(Role.KPI_OFFICER)
    answer = member.post("/evidence", {"month": "2563-10"})
    assert answer.status_code == 422
    assert "ยังไม่ได้ใส่เหตุผล" in words(answer)
    assert member.post("/evidence", {"month": "2020-10", "reason": "แก้ตัวเลข"}).status_code == 303
    assert "เดือนนี้ยังไม่มาถึง" in words(member.post("/evidence", {"month": "2563-12"}))
    assert "ไม่รู้จักงวด" in words(member.post("/evidence", {"month": "ธันวา"}))


def test_evaluating_belongs_to_the_indicators_officer(site, officer):
    assert officer.post("/kpi", {"period": "2564"}).status_code == 403
    member = site.member(Role.KPI_OFFICER)
    assert "ยังไม่ได้ประเมินงวดนี้" in words(member.get("/kpi?period=2564"))
    assert "ประเมินแล้ว" in words(member.follow(member.post("/kpi", {"period": "2564"})))
    assert "ไม่รู้จักงวด" in words(member.get("/kpi?period=2564-q9"))


def test_slips_are_accepted_or_rejected_and_the_text_stays(site):
    office = fill(site)
    member = site.member(Role.KPI_OFFICER)
    decide = f"/import/{office.form}/suggestions/3"
    page = words(member.follow(member.post(decide, {"decision": "accepted"})))
    assert "รับแล้ว" in page
    assert "เฟสบุ๊กแพพเพจ" in page
    fragment = member.post(decide, {"decision": "rejected"}, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert "24 บรรทัดที่มีวันที่ 12 รายการ 3 วันที่เขียนเป็น ค.ศ. 1 ข้อความไม่ตรงกัน" in page
    assert "5.00" in page


def test_a_form_in_the_store_is_downloaded_without_signing_in(site, officer):
    typed = {
        "category": "form", "title": "แบบคำร้อง", "agency": "สำนักงานประชาสัมพันธ์",
        "item_date": "20 ตุลาคม 2563", "rights": "กรุงเทพมหานคร",
    }  # fmt: skip
    answer = officer.post("/content", typed)
    assert "ต้องมีไฟล์หรือลิงก์" in words(answer)
    answer = officer.post("/content", typed, files={"file": ("คำร้อง.pdf", b"%PDF-1.4 x", "application/pdf")})
    page = officer.follow(answer)
    assert "เพิ่มข้อมูลเข้าคลังแล้ว" in words(page)
    with site.rt.sessions.begin() as session:
        link = session.scalars(select(ContentItem.link)).one()
    assert link.endswith("/public/files/1")
    approver = site.member(Role.APPROVER)
    approver.get("/content/1")
    approver.post("/content/1/open")
    assert site.stranger().get("/public/files/1").content == b"%PDF-1.4 x"
    picture = {"file": ("ภาพ.jpg", jpeg(), "image/jpeg")}
    answer = officer.post("/content", typed | {"category": "photo"}, files=picture)
    assert "ภาพยังไม่มีคำอธิบายภาพ" in words(answer)


def test_a_plan_is_added_with_its_letter(site):
    member = site.member(Role.KPI_OFFICER)
    typed = {
        "fiscal_year": "๒๕๖๔", "title": "แผนสื่อสังคมออนไลน์", "number": "กท 0411/1", "approver": "ผู้อำนวยการ",
        "approved_on": "1 ต.ค. 2563", "covers": ["channels", "calendar"],
    }  # fmt: skip
    assert "ยังไม่ได้เลือกไฟล์" in words(member.post("/plans", typed))
    answer = member.post("/plans", typed, files={"file": ("plan.pdf", b"%PDF-1.4", "application/pdf")})
    page = words(member.follow(answer))
    assert "กท 0411/1" in page
    assert "1 ตุลาคม 2563" in page
    assert "ปีงบประมาณ 2564" in words(member.follow(member.get("/plans/1")))


def test_people_are_added_given_roles_and_shut_out(site):
    member = site.member(Role.ADMINISTRATOR)
    typed = {"username": "somying", "name": "สมหญิง ตัวอย่าง", "password": "สั้น", "roles": ["officer"]}
    answer = member.post("/people", typed)
    assert answer.status_code == 422
    assert "รหัสผ่านสั้นเกินไป" in words(answer)
    assert "สมหญิง ตัวอย่าง" in answer.text
    member.follow(member.post("/people", typed | {"password": "คลองแสนแสบ-2564"}))
    assert member.post("/people/6/roles", {"roles": ["approver", "reviewer"]}).status_code == 303
    assert member.post("/people/6/password", {"new_password": "x"}).status_code == 422
    assert member.post("/people/6/active", {"active": "0"}).status_code == 303
    assert "ปิดการใช้งาน" in words(member.get("/people"))
    answer = member.post("/people/4/roles", {"roles": ["officer"]})
    assert answer.status_code == 409
    assert "เป็นผู้ดูแลระบบคนสุดท้าย" in words(answer)


def test_the_desk_says_when_the_platform_is_silent_and_takes_an_answer(data_dir):
    nowhere = "http://127.0.0.1:9"
    with running_site(data_dir, facebook_url=nowhere, x_url=nowhere, connect_timeout_s=1) as site:
        make_accounts(site.rt)
        office = fill(site)
        member = site.member(Role.APPROVER)
        assert "พบโพสต์เหมือนกันมากกว่าหนึ่งรายการ" in words(member.get("/desk"))
        page = words(member.get(f"/desk/{office.unclear}"))
        assert "ติดต่อแพลตฟอร์มไม่ได้" in page
        assert "ลอยกระทง" in page
        answer = member.post(f"/desk/{office.unclear}", {"choice": "adopt:1"})
        assert answer.status_code == 503
        assert "ไม่รู้จักคำตอบนี้" in words(member.post(f"/desk/{office.unclear}", {"choice": "maybe"}))
        assert member.post(f"/desk/{office.unclear}", {"choice": "leave"}).status_code == 303
        assert member.get(f"/desk/{office.unclear}").status_code == 404


def test_an_account_is_held_and_used_again(site):
    member = site.member(Role.ADMINISTRATOR)
    assert "พักบัญชีแล้ว" in words(member.follow(member.post("/accounts/1/hold")))
    assert "ใช้บัญชีต่อแล้ว" in words(member.follow(member.post("/accounts/1/use")))


def test_approved_posts_enter_the_queue_at_their_time(site, officer, approver):
    rows = make_approved(site.rt, site.team.officer, site.team.approver)
    assert len(rows) == 2
    page = words(approver.get("/queue?group=waiting"))
    assert "24 ต.ค. 2563 09.00 น." in page
    assert "ตั้งเวลาแล้ว" in page
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Post)).one().state is PostState.APPROVED
        assert {row.state for row in session.scalars(select(Delivery))} == {DeliveryState.SCHEDULED}
    assert "อนุมัติแล้ว" in words(officer.get("/posts/1"))
