"""Each bad input: a clear sentence in Thai, nothing stored, everything typed still there."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.vocab import Channel, PostState, Role
from models import Asset, AuditEvent, Delivery, Event, FormImport, Post
from tests.builders import LOY_KRATHONG, TOKENS, jpeg, make_account, make_event, make_post
from tests.sandbox_server import running_sandbox
from tests.web.office import FORM
from tests.web.site import running_site, words

EVENT = {
    "title": "ลอยกระทง 2563", "starts_at_day": "31/10/2563", "starts_at_time": "17.00",
    "ends_at_day": "31 ต.ค. 2563", "ends_at_time": "23.59", "place": "สะพานพระราม 8", "public": "1",
}  # fmt: skip
POST = {
    "title": "ลอยกระทง", "kind": "general", "channels": ["facebook", "x"], "body_facebook": "เชิญร่วมงาน",
    "body_x": "เชิญร่วมงาน", "due_at_day": "24/10/2563", "due_at_time": "09.00",
}  # fmt: skip


def count(site, table) -> int:
    with site.rt.sessions.begin() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": "  "}, "ยังไม่ได้ตั้งชื่อกิจกรรม"),
        ({"ends_at_time": "16.00"}, "มาก่อนเวลาเริ่ม (31 ต.ค. 2563 17.00 น.)"),
        ({"starts_at_day": "29/2/2564"}, "วันที่ “29/2/2564” ไม่มีในปฏิทิน เดือนนั้นมีเพียง 28 วัน"),
        ({"starts_at_day": "เร็ว ๆ นี้"}, "อ่านวันที่ “เร็ว ๆ นี้” ไม่ออก"),
        ({"ends_at_time": "25.00"}, "เวลา “25.00” ไม่มีจริง"),
        ({"ends_at_time": ""}, "โปรดกรอกเวลา เช่น 09.30"),
        ({"unplanned": "1"}, "กิจกรรมที่ไม่อยู่ในแผนต้องมีเหตุผล"),
    ],
)
def test_a_bad_event_is_not_entered_and_its_form_keeps_what_was_typed(site, officer, change, sentence):
    typed = EVENT | change
    answer = officer.post("/events", typed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'aria-invalid="true"' in answer.text
    for name, value in typed.items():
        if name not in {"public", "unplanned"}:
            assert f'name="{name}"' in answer.text
            assert f'value="{value}"' in answer.text
    assert count(site, Event) == 0


def test_a_good_event_is_entered_with_its_thai_date(site, officer):
    answer = officer.follow(officer.post("/events", EVENT))
    assert "เพิ่มกิจกรรมแล้ว" in words(answer)
    assert "31 ต.ค. 2563 17.00 น." in words(answer)
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Event)).one().starts_at == LOY_KRATHONG


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"due_at_day": "19/10/2563"}, "เวลาเผยแพร่ 19 ต.ค. 2563 09.00 น. ผ่านไปแล้ว"),
        ({"body_x": "ก" * 291}, "ข้อความสำหรับ X ยาว 291/280 เกินไป 11 ตัวอักษร"),
        ({"body_x": ""}, "ยังไม่มีข้อความสำหรับ X (Twitter)"),
        ({"channels": []}, "ยังไม่ได้เลือกช่องทาง"),
        ({"title": ""}, "ยังไม่ได้ตั้งชื่อเรื่อง"),
        ({"link": "www.bangkok"}, "ลิงก์นี้ใช้ไม่ได้"),
        ({"due_at_day": "30/2/2564"}, "ไม่มีในปฏิทิน"),
    ],
)
def test_a_bad_post_is_not_stored_and_its_sheet_keeps_what_was_typed(site, officer, change, sentence):
    typed = POST | change
    answer = officer.post("/posts", typed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    for name in ("title", "body_facebook", "body_x", "due_at_day", "link"):
        assert typed.get(name, "") in answer.text
    assert count(site, Post) == 0


def test_a_picture_without_alt_text_is_refused_and_kept(site, officer):
    answer = officer.post("/posts", POST, files={"file": ("กระทง.jpg", jpeg(), "image/jpeg")})
    assert answer.status_code == 422
    assert "ภาพยังไม่มีคำอธิบายภาพ" in words(answer)
    assert 'name="asset_id" value="1"' in answer.text
    assert count(site, Post) == 0
    answer = officer.post("/posts", POST | {"asset_id": "1", "alt_text": "กระทงในแม่น้ำ"})
    assert "บันทึกฉบับร่างแล้ว" in words(officer.follow(answer))


@pytest.mark.parametrize("data", [b"%PDF-1.4 not a picture", b"", b"\xff\xd8\xff broken"])
def test_a_file_that_is_no_picture_is_refused_beside_the_file(site, officer, data):
    answer = officer.post("/posts", POST, files={"file": ("photo.jpg", data, "image/jpeg")})
    assert answer.status_code == 422
    assert "ไฟล์นี้ไม่ใช่ภาพ" in words(answer) or "ไฟล์นี้ว่างเปล่า" in words(answer)
    assert 'id="file-problem"' in answer.text
    assert POST["body_facebook"] in answer.text
    assert count(site, Post) == count(site, Asset) == 0


def test_an_author_who_approves_their_own_post_is_refused_and_it_is_noted(site):
    with site.rt.sessions.begin() as session:
        author = site.team.approver
        post = make_post(session, site.team.officer)
    both = site.member(Role.ADMINISTRATOR)
    both.post(f"/people/{author.id}/roles", {"roles": ["officer", "approver"]})
    member = site.member(Role.APPROVER)
    edited = POST | {"revision": "1", "action": "submit"}
    assert member.post(f"/posts/{post.id}/edit", edited).status_code == 303
    assert "ท่านเป็นผู้เขียนโพสต์นี้" in words(member.get(f"/approvals/{post.id}"))
    answer = member.post(f"/approvals/{post.id}/approve", {"revision": "2"})
    assert answer.status_code == 403
    assert "ท่านเป็นผู้เขียนโพสต์นี้ จึงอนุมัติเองไม่ได้" in words(answer)
    assert count(site, Delivery) == 0
    with site.rt.sessions.begin() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "post.approve_refused")).all()
        assert len(noted) == 1


def test_returning_without_a_reason_says_so_and_changes_nothing(site, approver):
    with site.rt.sessions.begin() as session:
        post = make_post(session, site.team.officer, PostState.IN_REVIEW)
    answer = approver.post(f"/approvals/{post.id}/return", {"revision": "1", "reason": " "})
    assert answer.status_code == 422
    assert "ยังไม่ได้ใส่เหตุผล" in words(answer)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "แฟ้มนี้ไม่ใช่แฟ้มข้อความ"),
        (b"", "แฟ้มนี้ว่างเปล่า"),
        ("รายงานการประชุม".encode(), "ไม่พบหัวข้อ 6"),
    ],
)
def test_a_file_that_is_no_form_is_refused_and_nothing_is_imported(site, data, sentence):
    member = site.member(Role.KPI_OFFICER)
    answer = member.post("/import", files={"file": ("form.txt", data, "text/plain")})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert count(site, FormImport) == 0


def test_a_form_with_an_impossible_date_comes_in_with_the_line_named(site):
    member = site.member(Role.KPI_OFFICER)
    broken = FORM.read_text(encoding="utf-8").replace("2/27/2021", "29/2/2564")
    answer = member.post("/import", files={"file": ("form.txt", broken.encode(), "text/plain")})
    page = words(member.follow(answer))
    assert "วันที่ “29/2/2564” ไม่มีในปฏิทิน" in page
    assert "11 รายการ" in page


def test_importing_without_a_file_or_twice_says_so(site):
    member = site.member(Role.KPI_OFFICER)
    assert "ยังไม่ได้เลือกไฟล์" in words(member.post("/import"))
    upload = {"file": ("form.txt", FORM.read_bytes(), "text/plain")}
    assert member.post("/import", files=upload).status_code == 303
    assert member.post("/import", files=upload).status_code == 409
    assert count(site, FormImport) == 1


def test_a_broken_token_file_names_the_key_and_never_a_secret(site):
    member = site.member(Role.ADMINISTRATOR)
    token = {"channel": "facebook", "name": "เพจ", "external_id": "1", "secrets": {"page_token": "EAAsecret"}}
    answer = member.post("/accounts", files={"token": ("t.json", json.dumps(token).encode(), "text/json")})
    assert answer.status_code == 422
    assert "ไฟล์โทเคนใช้ไม่ได้ที่รายการ secrets.app_id" in words(answer)
    assert "EAAsecret" not in answer.text
    answer = member.post("/accounts", files={"token": ("t.json", b"no json: EAAsecret", "text/json")})
    assert "EAAsecret" not in answer.text


def test_an_unreachable_platform_is_told_and_the_account_stays_as_it_was(data_dir):
    nowhere = "http://127.0.0.1:9"
    with running_site(data_dir, facebook_url=nowhere, x_url=nowhere, connect_timeout_s=1) as site:
        account = make_account(site.rt, Channel.FACEBOOK)
        answer = site.member(Role.OFFICER).post(f"/accounts/{account.id}/check")
        assert answer.status_code == 200
        assert "ติดต่อแพลตฟอร์มไม่ได้" in words(answer)
        assert "พร้อมใช้งาน" in words(answer)


def test_an_expired_token_is_told_with_what_to_do(data_dir, tmp_path):
    with running_sandbox(tmp_path / "sandbox") as sandbox:
        hosts = {"facebook_url": sandbox.graph_url, "x_url": sandbox.base_url}
        with running_site(data_dir, **hosts) as site:
            account = make_account(site.rt, Channel.X)
            answer = site.member(Role.OFFICER).post(f"/accounts/{account.id}/check")
            assert "ยังมีสิ่งที่ต้องแก้" in words(answer)
            assert "ต้องเชื่อมต่อใหม่" in words(answer)
            assert all(secret not in answer.text for secret in TOKENS[Channel.X].values() if len(secret) > 3)


def test_a_change_somebody_else_overtook_keeps_what_was_typed(site, officer):
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
        post = make_post(session, site.team.officer, event_id=event.id)
    edited = POST | {"title": "ฉบับของฉัน", "event_id": str(event.id)}
    assert officer.post(f"/posts/{post.id}/edit", edited | {"revision": "1"}).status_code == 303
    answer = officer.post(f"/posts/{post.id}/edit", edited | {"revision": "1", "title": "ฉบับที่สอง"})
    assert answer.status_code == 409
    assert "มีผู้แก้ไขโพสต์นี้ไปแล้ว" in words(answer)
    assert "ฉบับที่สอง" in answer.text


def test_a_late_approval_is_refused_with_the_choice_to_publish_at_once(site):
    with site.rt.sessions.begin() as session:
        post = make_post(session, site.team.officer, PostState.IN_REVIEW)
    site.clock.advance(timedelta(days=5))
    member = site.member(Role.APPROVER)
    answer = member.post(f"/approvals/{post.id}/approve", {"revision": "1"})
    assert answer.status_code == 422
    assert "ผ่านไปแล้ว" in words(answer)
    answer = member.post(f"/approvals/{post.id}/approve", {"revision": "1", "when": "now"})
    assert "กำลังเผยแพร่" in words(member.follow(answer))
    assert count(site, Delivery) == 2


def test_a_picture_that_is_gone_or_none_at_all_is_told(site, officer):
    answer = officer.post("/posts", POST | {"asset_id": "999", "alt_text": "เก่า"})
    assert answer.status_code == 404
    assert count(site, Post) == 0
