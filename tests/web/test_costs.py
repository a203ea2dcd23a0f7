"""What X costs, on the pages: before somebody approves, and for the month."""

from pathlib import Path

from playwright.sync_api import Browser

from core.vocab import Channel, PostState
from services.costs import Ledger
from services.prices import OWNED_READ
from tests.builders import make_approved, make_post
from tests.web.site import Site, Visitor, words

LINK = "ดูที่ https://www.bangkok.go.th/trees"


def waiting(site: Site, text: str) -> int:
    with site.rt.sessions.begin() as session:
        return make_post(
            session, site.team.officer, PostState.IN_REVIEW, bodies={Channel.X: text}, link=""
        ).id


def test_the_approver_sees_what_a_post_costs_and_the_month_with_it(site: Site, approver: Visitor):
    plain = words(approver.get(f"/approvals/{waiting(site, 'ไม่มีลิงก์')}"))
    dear = words(approver.get(f"/approvals/{waiting(site, LINK)}"))
    assert "โพสต์นี้บน X ราคา 0.015 ดอลลาร์สหรัฐ" in plain
    assert "โพสต์นี้บน X ราคา 0.200 ดอลลาร์สหรัฐ เพราะมีลิงก์ในข้อความ" in dear
    assert "รวมแล้วคาดว่าเดือนนี้" in dear


def test_a_post_for_facebook_alone_says_nothing_of_money(site: Site, approver: Visitor):
    with site.rt.sessions.begin() as session:
        post = make_post(session, site.team.officer, PostState.IN_REVIEW, bodies={Channel.FACEBOOK: "ฟรี"})
    assert "ดอลลาร์" not in words(approver.get(f"/approvals/{post.id}"))


def test_the_month_s_page_tells_what_was_spent_and_what_is_to_come(site: Site, approver: Visitor):
    ledger = Ledger(site.rt.sessions, site.rt.clock, site.rt.prices)
    ledger.spent(Channel.X, OWNED_READ, 3, ("1", "2", "3"))
    make_approved(site.rt, site.team.officer, site.team.approver, bodies={Channel.X: LINK}, link="")
    page = words(approver.get("/costs"))
    assert "อ่านโพสต์จากไทม์ไลน์ของเรา" in page
    assert "0.003" in page
    assert "0.200" in page
    assert "100.00 ดอลลาร์สหรัฐ" in page


def test_the_page_fits_a_telephone(site: Site, browser: Browser, tmp_path: Path):
    visitor = site.member("approver")
    Ledger(site.rt.sessions, site.rt.clock, site.rt.prices).spent(Channel.X, OWNED_READ, 1, ("1",))
    context = browser.new_context(viewport={"width": 360, "height": 800}, base_url=site.url)
    context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value or "", "url": site.url}
            for cookie in visitor.http.cookies.jar
        ]
    )
    page = context.new_page()
    page.goto("/costs")
    page.screenshot(path=tmp_path / "costs.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
