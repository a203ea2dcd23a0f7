"""Composing in a browser: a thread with counts and prices, four pictures with their words, on any screen."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.vocab import Role
from models import Post
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.keys import fill, press
from tests.builders import jpeg

pytestmark = pytest.mark.browser

LONG = "กรุงเทพมหานครขอเชิญชวนประชาชนร่วมงานลอยกระทง ณ สะพานพระราม 8 และคลองโอ่งอ่าง\n\n" * 8
COLOURS = ("teal", "gold", "navy", "olive")


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def the_post(site):
    with site.rt.sessions.begin() as session:
        return session.scalars(select(Post)).one()


def sheet(open_page, size):
    page = open_page(Role.OFFICER, size)
    page.goto("/posts/new")
    fill(page, "ชื่อเรื่อง", "ลอยกระทง")
    fill(page, "ข้อความสำหรับ Facebook", "เชิญร่วมงานลอยกระทง")
    return page


def no_wider_than_the_screen(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_thread_is_split_extended_and_shortened_with_counts_and_prices(open_page, site, size):
    page = sheet(open_page, size)
    fill(page, "ข้อความสำหรับ X (Twitter)", LONG)
    expect(page.locator("#count-body_x")).to_contain_text("เกิน")
    press(page, button(page, "แบ่งข้อความเป็นเธรด"))
    expect(page.locator("#part_2")).to_be_visible()
    expect(page.locator("#count-body_x")).to_contain_text("เหลือ")
    parts = page.locator("textarea[name=part]").count()
    press(page, button(page, "เพิ่มโพสต์ต่อในเธรด"))
    last = page.locator(f"#part_{parts + 2}")
    last.fill("ลงทะเบียนที่ https://www.bangkok.go.th")
    expect(page.locator(f"#count-part_{parts + 2}")).to_contain_text("0.200")
    expect(page.locator("#looks .chain").last.locator("article")).to_have_count(parts + 2)
    press(page, page.get_by_role("button", name="ลบโพสต์ที่ 2", exact=True))
    expect(page.locator("textarea[name=part]")).to_have_count(parts)
    no_wider_than_the_screen(page)
    press(page, button(page, "บันทึกฉบับร่าง").last)
    expect(page.get_by_role("status")).to_contain_text("บันทึกฉบับร่างแล้ว")
    variant = the_post(site).variants[1]
    assert variant.thread[-1] == "ลงทะเบียนที่ https://www.bangkok.go.th"
    assert len(variant.thread) == parts
    no_wider_than_the_screen(page)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_four_pictures_are_chosen_described_and_put_in_order(open_page, site, tmp_path, size):
    files = []
    for colour in COLOURS:
        files.append(tmp_path / f"{colour}.jpg")
        files[-1].write_bytes(jpeg(colour=colour))
    page = sheet(open_page, size)
    fill(page, "ข้อความสำหรับ X (Twitter)", "ลอยกระทง")
    page.get_by_label("เลือกรูปภาพ").set_input_files(files[:3])
    expect(page.locator("#media .medium")).to_have_count(3)
    page.get_by_label("เพิ่มรูปภาพ").set_input_files(files[3:])
    expect(page.locator("#media .medium")).to_have_count(4)
    for place, colour in enumerate(COLOURS, 1):
        page.locator(f"#alt_text_{place}").fill(f"ภาพ {colour}")
    expect(page.locator("#looks figure").first).to_contain_text("4. ALT: ภาพ olive")
    press(page, page.get_by_role("button", name="เลื่อนภาพที่ 4 ขึ้น", exact=True))
    expect(page.locator("#alt_text_3")).to_have_value("ภาพ olive")
    expect(page.locator("#looks figure")).to_have_count(2)
    no_wider_than_the_screen(page)
    press(page, button(page, "บันทึกฉบับร่าง").last)
    expect(page.get_by_role("status")).to_contain_text("บันทึกฉบับร่างแล้ว")
    assert [one.alt_text for one in the_post(site).media] == ["ภาพ teal", "ภาพ gold", "ภาพ olive", "ภาพ navy"]


def test_a_thread_with_pictures_is_composed_without_scripts(open_page, site, tmp_path):
    picture = tmp_path / "กระทง.jpg"
    picture.write_bytes(jpeg())
    page = open_page(Role.OFFICER, scripts=False)
    page.goto("/posts/new")
    page.get_by_label("ชื่อเรื่อง").fill("ลอยกระทง")
    page.get_by_label("ข้อความสำหรับ Facebook").fill("เชิญร่วมงานลอยกระทง")
    page.get_by_label("ข้อความสำหรับ X (Twitter)").fill("ลอยกระทง")
    page.get_by_label("เลือกรูปภาพ").set_input_files(picture)
    button(page, "เพิ่มโพสต์ต่อในเธรด").click()
    page.locator("#part_2").fill("ส่วนที่สอง")
    page.locator("#alt_text_1").fill("กระทงใบตอง")
    button(page, "บันทึกฉบับร่าง").last.click()
    expect(page.get_by_role("status")).to_contain_text("บันทึกฉบับร่างแล้ว")
    post = the_post(site)
    assert ([one.alt_text for one in post.media], post.variants[1].thread) == (["กระทงใบตอง"], ["ส่วนที่สอง"])
