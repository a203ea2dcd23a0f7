"""Any claim on the indicator's page opens its proof in at most two clicks."""

import pytest
from playwright.sync_api import Locator, Page, expect

from core.vocab import Category, PostKind, Role
from services import scoring
from services.content import Tag
from services.media import Upload
from services.plans import PlanForm, add_plan_document
from tests.browser.conftest import DESKTOP, PHONE
from tests.builders import START, make_event
from tests.indicator import QUARTER, publish

pytestmark = pytest.mark.browser
MOST = 2
ADDRESS = f"/kpi?period={QUARTER}"


@pytest.fixture
def evaluated(site):
    """A quarter with a plan, an event told beforehand and posts of two kinds, evaluated a week later."""
    plan = PlanForm(2564, "แผน", "กท 1", "ผอ.", START.date(), Upload("plan.txt", "แผน".encode()))
    add_plan_document(site.rt, plan, site.team.administrator)
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
    publish(site.rt, site.team, 1, kind=PostKind.ANNOUNCE, event_id=event.id, tags=(Tag(Category.CALENDAR),))
    publish(site.rt, site.team, 2, tags=(Tag(Category.NEWS),))
    site.clock.set(START.replace(month=11, day=5))
    return scoring.evaluate_period(site.rt, QUARTER)


class Hand:
    """A hand that counts its clicks."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1


def left_for_a_proof(page: Page) -> None:
    """Wait until the page of a proof has come."""
    page.wait_for_url(lambda url: ADDRESS not in url)
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_check_with_a_proof_opens_it_in_two_clicks(open_page, evaluated, size):
    page = open_page(Role.REVIEWER, size)
    page.goto(ADDRESS)
    proved = [one.get_attribute("id") for one in page.locator("details.check:has(tbody a)").all()]
    assert {"check-1a", "check-news_published", "check-3a1", "check-3b1"} <= set(proved)
    for check in proved:
        page.goto(ADDRESS)
        hand = Hand()
        hand.click(page.locator(f"#{check} > summary"))
        hand.click(page.locator(f"#{check} tbody a").first)
        left_for_a_proof(page)
        assert hand.clicks <= MOST


def test_the_claim_of_a_level_opens_its_proof_in_two_clicks(open_page, evaluated):
    page = open_page(Role.REVIEWER)
    for level in range(3):
        page.goto(ADDRESS)
        hand = Hand()
        hand.click(page.locator(".levels a").nth(level))
        proofs = page.locator(f"[id='{page.url.partition('#')[2]}']")
        expect(proofs).to_be_in_viewport()
        hand.click(proofs.locator("tbody a").first)
        left_for_a_proof(page)
        assert hand.clicks <= MOST


def test_what_has_no_proof_says_why_and_where_it_is_entered(open_page, evaluated):
    page = open_page(Role.KPI_OFFICER)
    page.goto(ADDRESS)
    check = page.locator("#check-3d1")
    expect(check.locator(".result")).to_contain_text("ไม่มีข้อมูล")
    check.locator("summary").click()
    check.get_by_role("link", name="บันทึกข้อมูลของเกณฑ์นี้").click()
    expect(page.locator("h1")).to_have_text("บันทึกประกอบตัวชี้วัด")
