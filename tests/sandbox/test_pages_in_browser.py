"""The pages in a real browser: posts arrive by themselves, nothing flickers or comes from outside."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.clients import jpeg

pytestmark = pytest.mark.browser


@pytest.fixture
def browser_page(browser: Browser, sandbox) -> Iterator[Page]:
    page = browser.new_page(base_url=sandbox.base_url)
    page.set_default_timeout(10_000)
    yield page
    page.close()


def test_a_new_post_arrives_and_the_old_ones_stay_untouched(browser_page, sandbox, graph):
    first = graph.publish("โพสต์แรก")
    browser_page.goto("/facebook")
    browser_page.locator("article").evaluate("node => { node.dataset.seen = 'yes' }")
    item = f'[{{"media_fbid":"{graph.stage(jpeg(), alt="ภาพใหม่")}"}}]'
    graph.publish("โพสต์ที่สอง", attached_media=item)
    expect(browser_page.locator("article").first).to_contain_text("โพสต์ที่สอง")
    expect(browser_page.get_by_alt_text("ภาพใหม่")).to_be_visible()
    assert browser_page.locator(f'[id="p{first}"]').get_attribute("data-seen") == "yes"
    sandbox.metrics("facebook", first, reactions=4321)
    expect(browser_page.locator(f'[id="p{first}"] .counts')).to_contain_text("4,321")
    assert browser_page.locator(f'[id="p{first}"]').get_attribute("data-seen") == "yes"
    graph.ask("DELETE", first)
    expect(browser_page.locator("article")).to_have_count(1)


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_its_screen_or_asks_the_outside(browser_page, sandbox, graph, x, width):
    graph.publish("ก" * 300 + " https://www.bangkok.go.th/" + "a" * 200)
    x.publish("ข" * 200 + " https://www.bangkok.go.th/" + "b" * 200)
    asked, problems = [], []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.on("console", lambda message: problems.append(message.text))
    browser_page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/facebook", "/x"):
        browser_page.goto(path, wait_until="networkidle")
        wider = browser_page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wider, path
    assert all(url.startswith(sandbox.base_url) for url in asked)
    assert problems == []


def test_a_fault_is_switched_on_with_the_keyboard_and_shows(browser_page, sandbox):
    browser_page.goto("/")
    browser_page.get_by_label("เหตุที่ต้องการ").select_option("server")
    browser_page.get_by_label("กับระบบ").select_option("x")
    browser_page.get_by_role("button", name="เริ่มเหตุขัดข้อง").press("Enter")
    expect(browser_page.locator("#faults")).to_contain_text("รับโพสต์แล้ว แต่ตอบว่าระบบขัดข้อง")
    assert sandbox.faults()[0]["channel"] == "x"
    browser_page.get_by_role("button", name="ยกเลิก รับโพสต์แล้ว").press("Enter")
    expect(browser_page.locator("#faults")).to_contain_text("ไม่มีเหตุขัดข้อง")
