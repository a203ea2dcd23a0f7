"""The office's day by keyboard alone: enter, plan, write, approve on a phone, watch, prove."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.vocab import DeliveryState, PostState, Role
from models import Delivery, Post
from services import evidence
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.keys import fill, press, reach
from tests.builders import jpeg, make_approved, make_event, make_post
from tests.web.office import fill as fill_office
from tests.web.test_pages import EVERYBODY

pytestmark = pytest.mark.browser


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def link(page: Page, name: str):
    return page.get_by_role("link", name=name, exact=True)


def test_an_event_is_entered_and_its_wave_planned(open_page):
    page = open_page(Role.OFFICER)
    press(page, link(page, "เพิ่มกิจกรรม"))
    fill(page, "ชื่อกิจกรรม", "ลอยกระทงวิถีใหม่ 2563")
    start, end = page.get_by_role("group", name="เริ่ม"), page.get_by_role("group", name="สิ้นสุด")
    for group, day, time in ((start, "31/10/2563", "17.00"), (end, "31 ต.ค. 2563", "23.59")):
        reach(page, group.get_by_label("วันที่"))
        page.keyboard.insert_text(day)
        page.keyboard.press("Tab")
        page.keyboard.insert_text(time)
    fill(page, "สถานที่", "สะพานพระราม 8")
    press(page, button(page, "บันทึก"))
    expect(page.get_by_role("status")).to_contain_text("เพิ่มกิจกรรมแล้ว")
    press(page, button(page, "สร้างฉบับร่างที่เลือก"))
    expect(page.get_by_role("status")).to_contain_text("สร้างฉบับร่างแล้ว 5 รายการ")
    press(page, link(page, "ปฏิทินกิจกรรม").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("ตุลาคม 2563")
    expect(page.locator("td", has_text="ลอยกระทง").first).to_be_visible()


def test_a_post_is_written_counted_mended_and_sent_for_approval(open_page, site, tmp_path):
    picture = tmp_path / "กระทง.jpg"
    picture.write_bytes(jpeg())
    page = open_page(Role.OFFICER)
    press(page, link(page, "เขียนโพสต์"))
    fill(page, "ชื่อเรื่อง", "ดูแลสวน")
    fill(page, "ข้อความสำหรับ Facebook", "ชาวเขตสาธรร่วมดูแลสวนสาธารณะ")
    expect(page.locator("#looks")).to_contain_text("เขตสาทร")
    fill(page, "ข้อความสำหรับ X (Twitter)", "ก" * 291)
    expect(page.locator("#count-body_x")).to_contain_text("291/280 · เกิน 11 ตัวอักษร")
    fill(page, "ข้อความสำหรับ X (Twitter)", "ร่วมดูแลสวน")
    expect(page.locator("#count-body_x")).to_contain_text("เหลือ 269")
    press(page, button(page, "แก้ให้"))
    expect(page.get_by_label("ข้อความสำหรับ Facebook")).to_have_value("ชาวเขตสาทรร่วมดูแลสวนสาธารณะ")
    expect(page.locator("#looks")).to_contain_text("ไม่พบคำที่ต้องแก้")
    page.get_by_label("เลือกรูปภาพ").set_input_files(picture)
    expect(page.locator("#media img")).to_be_visible()
    expect(page.locator("#looks figure img")).to_have_count(2)
    press(page, button(page, "บันทึกและส่งขออนุมัติ"))
    expect(page.locator("#alt_text_1-problem")).to_contain_text("ภาพยังไม่มีคำอธิบายภาพ")
    expect(page.get_by_label("ข้อความสำหรับ X (Twitter)")).to_have_value("ร่วมดูแลสวน")
    fill(page, "คำบรรยายภาพ (alt text)", "สวนลุมพินียามเช้า")
    due = page.get_by_role("group", name="กำหนดเผยแพร่")
    reach(page, due.get_by_label("วันที่"))
    page.keyboard.insert_text("24/10/2563")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("09.00")
    press(page, button(page, "บันทึกและส่งขออนุมัติ"))
    expect(page.get_by_role("status").first).to_contain_text("ส่งขออนุมัติแล้ว")
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Post)).one().state is PostState.IN_REVIEW


def test_the_same_sheet_works_without_scripts(open_page, site):
    page = open_page(Role.OFFICER, scripts=False)
    page.goto("/posts/new")
    page.get_by_label("ชื่อเรื่อง").fill("ดูแลสวน")
    page.get_by_label("ข้อความสำหรับ Facebook").fill("ชาวเขตสาธรร่วมดูแลสวน")
    page.get_by_label("ข้อความสำหรับ X (Twitter)").fill("ร่วมดูแลสวน")
    button(page, "ตรวจข้อความ").press("Enter")
    expect(page.locator("#looks")).to_contain_text("เขตสาทร")
    button(page, "แก้ให้").press("Enter")
    expect(page.get_by_label("ข้อความสำหรับ Facebook")).to_have_value("ชาวเขตสาทรร่วมดูแลสวน")
    button(page, "บันทึกฉบับร่าง").last.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("บันทึกฉบับร่างแล้ว")
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Post)).one().state is PostState.DRAFT


def test_an_approver_decides_on_a_phone(open_page, site):
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
        first = make_post(session, site.team.officer, PostState.IN_REVIEW, event_id=event.id)
        second = make_post(session, site.team.officer, PostState.IN_REVIEW, title="ข่าวที่สอง")
    page = open_page(Role.APPROVER, PHONE)
    reach(page, page.get_by_label("เมนู").first)
    page.keyboard.press("Space")
    press(page, page.get_by_role("navigation").get_by_role("link", name=re.compile("รออนุมัติ")))
    expect(page.get_by_role("heading", level=1)).to_have_text("รออนุมัติ")
    page.goto(f"/approvals/{first.id}")
    box = button(page, "อนุมัติ").bounding_box()
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= PHONE["height"], "the decision is at hand without scrolling"
    press(page, button(page, "อนุมัติ"))
    expect(page.get_by_role("status")).to_contain_text("อนุมัติแล้ว")
    page.goto(f"/approvals/{second.id}")
    reach(page, page.get_by_text("ส่งกลับแก้ไข หรือเลือกวิธีอื่น"))
    page.keyboard.press("Enter")
    fill(page, "เหตุผล", "โปรดระบุเบอร์โทรศัพท์")
    press(page, button(page, "ส่งกลับแก้ไข"))
    expect(page.get_by_role("status")).to_contain_text("ส่งกลับแก้ไขแล้ว")
    with site.rt.sessions.begin() as session:
        assert len(session.scalars(select(Delivery)).all()) == 2


def test_a_post_page_shows_the_new_state_by_itself(open_page, site):
    row = make_approved(site.rt, site.team.officer, site.team.approver)[0]
    site.clock.set(row.due_at)
    page = open_page(Role.OFFICER)
    page.goto(f"/posts/{row.post_id}")
    expect(page.locator("#live .chip").first).to_have_text("ตั้งเวลาแล้ว")
    with site.rt.sessions.begin() as session:
        for delivery in session.scalars(select(Delivery)):
            delivery.move(DeliveryState.SENDING, row.due_at)
            delivery.remote_id = f"9{delivery.id}"
            delivery.move(DeliveryState.PUBLISHED, row.due_at, why="sent")
    expect(page.locator("#live .chip").first).to_have_text("เผยแพร่แล้ว")
    expect(page.locator("#live")).to_contain_text("ส่งสำเร็จ")


def test_the_months_file_appears_when_it_is_made(open_page, site):
    fill_office(site)
    page = open_page(Role.KPI_OFFICER)
    page.goto("/evidence?year=2564")
    row = page.locator("tbody", has_text="ตุลาคม 2563")
    expect(row).to_contain_text("รอทำ")
    evidence.build_all(site.rt)
    expect(row).to_contain_text("พร้อมดาวน์โหลด")
    with page.expect_download() as download:
        press(page, row.get_by_role("link", name="ZIP"))
    assert download.value.suggested_filename == "evidence-2020-10-v1.zip"


def test_a_check_opens_its_proof_with_two_presses(open_page, site):
    fill_office(site)
    page = open_page(Role.REVIEWER)
    page.goto("/kpi?period=2564")
    check = page.locator("#check-calendar_stored")
    press(page, check.locator("summary"))
    press(page, check.get_by_role("link").first)
    expect(page).to_have_url(re.compile(r"/events/\d+"))


def test_slips_are_decided_without_leaving_the_page(open_page, site):
    office = fill_office(site)
    page = open_page(Role.KPI_OFFICER)
    page.goto(f"/import/{office.form}")
    slip = page.locator(".finding", has_text="ใหกลุ่ม")
    press(page, slip.get_by_role("button", name="รับคำแก้"))
    expect(slip).to_contain_text("รับแล้ว")
    assert page.url.endswith(f"/import/{office.form}")


NAMELESS = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .filter(node => !node.labels?.length && !node.getAttribute("aria-label")).map(node => node.outerHTML)"""


def test_no_page_is_wider_than_its_screen_and_every_field_has_a_name(open_page, site):
    office = fill_office(site)
    page = open_page(Role.ADMINISTRATOR)
    for path in [*EVERYBODY, "/people"]:
        if path.endswith("/live") or "/months/" in path:
            continue
        page.goto(path.format(**vars(office)))
        for size in (PHONE, DESKTOP):
            page.set_viewport_size(size)
            wider = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            assert not wider, f"{path} at {size}"
        assert page.evaluate(NAMELESS) == [], path


def test_the_first_stop_of_the_keyboard_skips_the_menu(open_page):
    page = open_page(Role.OFFICER)
    page.goto("/queue")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="ข้ามไปยังเนื้อหา")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_thai_is_set_in_sarabun_from_our_own_files(open_page):
    page = open_page(Role.OFFICER)
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px Sarabun', 'ก')")
    assert page.evaluate(
        "[...document.fonts].some(font => font.family === 'Sarabun' && font.status === 'loaded')"
    )
