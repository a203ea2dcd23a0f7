"""The public page in a real browser: accessible by axe's rules, by keyboard, on a phone, without scripts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.keys import press, reach
from tests.web.shelf import fill_shelf
from tests.web.test_public import PAGES

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RUN = """rules => axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]})
    .then(found => found.violations.map(
        one => [one.impact, one.id, one.nodes.map(node => node.html).slice(0, 3)]))"""


@pytest.fixture
def shelf(site):
    return fill_shelf(site.rt, site.team)


@pytest.fixture
def axe() -> Callable[[Page], list]:
    """Judge a page by axe-core; evaluated from outside, so that the page's own policy stays as it is."""
    source = AXE.read_text("utf-8")

    def judge(page: Page) -> list:
        page.evaluate(source)
        return page.evaluate(RUN, RULES)

    return judge


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_any_public_page_and_none_is_wider_than_its_screen(open_page, shelf, axe, size):
    page = open_page(None, size)
    for path in PAGES:
        page.goto(path.format(**vars(shelf)))
        found = axe(page)
        assert found == [], f"{path}: {json.dumps(found, ensure_ascii=False, indent=1)}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_axe_sees_what_is_wrong(open_page, shelf, axe):
    page = open_page(None)
    page.goto("/public")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/mark.svg\">')"
    )
    assert [rule for _, rule, _ in axe(page)] == ["image-alt"]


def test_a_citizen_searches_and_reads_by_keyboard_without_scripts(open_page, shelf):
    page = open_page(None, scripts=False)
    page.goto("/public")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="ข้ามไปยังเนื้อหา")).to_be_focused()
    reach(page, page.get_by_role("searchbox"))
    page.keyboard.insert_text("ลอยกระทง ๒๕๖๓")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ผลการค้นหา")
    press(page, page.get_by_role("link", name="ลอยกระทง 2563", exact=True).first)
    expect(page.get_by_role("heading", level=1)).to_have_text("ลอยกระทง 2563")
    press(page, page.get_by_role("link", name="English"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    press(page, page.get_by_role("navigation").get_by_role("link", name="Forms"))
    press(page, page.get_by_role("link", name="แบบคำร้องทั่วไป"))
    expect(page.get_by_role("link", name="Download แบบคำร้องทั่วไป")).to_be_visible()


def test_links_and_buttons_are_large_enough_for_a_thumb(open_page, shelf):
    page = open_page(None, PHONE)
    page.goto("/public")
    small = page.evaluate(
        """[...document.querySelectorAll("nav a, .btn, .find input, footer a")]
        .filter(node => node.offsetParent && node.getBoundingClientRect().height < 24)
        .map(node => node.outerHTML)"""
    )
    assert small == []
