"""What X costs: our ledger against the sandbox's own bill, a month's forecast, and the budget."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.fiscal import Month
from core.vocab import AlertKind, Channel, DeliveryState
from models import Alert
from services import comments, costs, metrics
from services.forecast import Planned, forecast, quote
from services.prices import BadPrices, load_prices
from tests.builders import make_approved, make_picture
from tests.publishing.conftest import opened, settings_for

NOVEMBER = Month(2020, 11)
FIRST = datetime(2020, 11, 1, 2, 30, tzinfo=UTC)
LINK = "ดูรายละเอียดที่ https://www.bangkok.go.th/trees"


def spent(office, month=NOVEMBER):
    with office.rt.sessions.begin() as session:
        return costs.spending(session, office.rt.prices, month)


def forecast_of(office, *more: Planned):
    with office.rt.sessions.begin() as session:
        return forecast(session, office.rt.prices, office.clock.now(), more)


def plan(office, text, day, **more):
    due = datetime(2020, 11, day, 3, tzinfo=UTC)
    bodies = {Channel.X: text}
    make_approved(office.rt, office.team.officer, office.team.approver, bodies=bodies, due_at=due, **more)


def go_to(office, moment):
    office.advance(moment - office.clock.now())


def test_the_forecast_of_a_month_is_what_the_sandbox_bills_for_it(office):
    go_to(office, FIRST)
    picture = make_picture(office.rt, office.team.officer)
    plan(office, "เชิญเที่ยวงานลอยกระทง", 1, asset_id=picture, alt_text="กระทงใบตอง")
    plan(office, LINK, 2)
    plan(office, "กำหนดการ", 4, thread=("ช่วงเช้า", f"ช่วงเย็น {LINK}"))
    plan(office, "ปิดถนนชั่วคราว", 12)
    plan(office, "ขอบคุณทุกท่าน", 29)
    before = forecast_of(office)
    for day in range(1, 31):
        go_to(office, datetime(2020, 11, day, 3, tzinfo=UTC))
        going_out = day in {1, 2, 4, 12, 29}
        for _ in range(3 if going_out else 0):  # a thread's parts go out one after the other
            office.round()
        office.advance(timedelta(minutes=10))
        if going_out:
            office.round()
        metrics.collect(office.rt)
    bill = office.sandbox.prices("2020-11")
    after = forecast_of(office)
    assert (bill["items"]["post"], bill["items"]["post_link"]) == (5, 2)
    assert bill["items"]["media_metadata"] == 1
    assert before.total == Decimal(bill["usd"])
    assert after.spent.total == Decimal(bill["usd"])
    assert {one.operation: one.units for one in after.spent.items} == bill["items"]
    assert (after.posts, after.reading) == (0, 0)


def test_a_post_whose_answer_was_lost_is_on_the_bill_all_the_same(office):
    office.sandbox.fault("x", "publish", "accept_then_drop")
    number = office.approved(text=LINK)
    office.round()
    office.settle()
    assert office.state(number) is DeliveryState.VERIFIED
    items = {one.operation: one.units for one in spent(office, Month(2020, 10)).items}
    assert items["post_link"] == 1
    assert items == office.sandbox.prices("2020-10")["items"]


def test_a_post_read_ten_times_in_a_day_is_billed_once_and_again_the_next_day(office):
    office.approved()
    office.round()
    for _ in range(3):
        office.advance(timedelta(minutes=20))
        office.round()
        metrics.collect(office.rt)
    office.advance(timedelta(days=1))
    metrics.collect(office.rt)
    items = {one.operation: one.units for one in spent(office, Month(2020, 10)).items}
    assert items == office.sandbox.prices("2020-10")["items"]
    assert items["owned_read"] == 2


@pytest.mark.servers
def test_on_postgres_too_each_read_is_billed_once_a_day(office_on_postgres):
    office = office_on_postgres
    office.approved(text=LINK)
    office.round()
    office.advance(timedelta(minutes=20))
    office.round()
    metrics.collect(office.rt)
    items = {one.operation: one.units for one in spent(office, Month(2020, 10)).items}
    assert items == office.sandbox.prices("2020-10")["items"]
    assert forecast_of(office).total > spent(office, Month(2020, 10)).total


def budget_alert(office):
    with office.rt.sessions.begin() as session:
        wanted = select(Alert).where(Alert.kind == AlertKind.BUDGET, Alert.closed_at.is_(None))
        return session.scalars(wanted).one_or_none()


def test_collecting_stops_first_and_publishing_goes_on_until_the_next_month_has_room(data_dir, platforms):
    with opened(settings_for(data_dir, platforms, x_budget_usd=0.225), platforms) as office:
        office.approved(text="โพสต์แรก")
        office.round()
        office.advance(timedelta(minutes=5))
        assert metrics.collect(office.rt) == 1
        dear = office.approved(text=LINK, kind="general")
        office.advance(timedelta(minutes=20))
        office.sandbox.clear_log()
        assert metrics.collect(office.rt) == 0
        assert office.sandbox.log("x", "timeline") == []
        comments.collect_comments(office.rt)
        assert office.sandbox.log("x", "comments") == []
        assert budget_alert(office).code == "budget_reached"
        office.round()
        office.settle()
        assert office.state(dear) is DeliveryState.VERIFIED
        go_to(office, datetime(2020, 11, 1, 12, tzinfo=UTC))
        assert metrics.collect(office.rt) == 2
        assert budget_alert(office) is None


def test_without_a_budget_nothing_stops(data_dir, platforms):
    with opened(settings_for(data_dir, platforms, x_budget_usd=0), platforms) as office:
        office.approved(text=LINK)
        office.round()
        office.advance(timedelta(minutes=5))
        assert metrics.collect(office.rt) == 1


def test_a_quote_tells_the_price_of_a_post_and_of_the_month_with_it(office):
    now = office.clock.now()
    thread = [Planned(now, LINK, described=1), Planned(now, "ต่อ")]
    with office.rt.sessions.begin() as session:
        plain = quote(session, office.rt.prices, 100.0, now, [Planned(now, "ไม่มีลิงก์")])
        dear = quote(session, office.rt.prices, 0.3, now, thread)
    assert (plain.post, plain.has_link, plain.over_budget) == (Decimal("0.015"), False, False)
    assert (dear.post, dear.has_link, dear.over_budget) == (Decimal("0.22"), True, True)
    assert dear.month.posts == Decimal("0.22")
    assert dear.month.total > dear.post


def test_what_is_due_next_month_costs_nothing_this_month(office):
    now = office.clock.now()
    assert forecast_of(office, Planned(now + timedelta(days=20), LINK)).total == forecast_of(office).total


def test_noting_a_cost_never_raises_and_knows_facebook_is_free(office):
    ledger = costs.Ledger(office.rt.sessions, office.rt.clock, office.rt.prices)
    ledger.spent(Channel.X, "no_such_operation", 1)
    ledger.spent(Channel.FACEBOOK, "anything", 1)
    assert spent(office, Month(2020, 10)).total == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "KeyError"),
        ("[x]\nsource='s'\nvalid_from=2026-01-01\n[x.usd]\npost='cheap'", "InvalidOperation"),
        ("[x]\nsource='s'\nvalid_from=2026-01-01\n[x.usd]\npost='-1'", "is no price"),
        ("[x]\nsource='s'\nvalid_from=2026-01-01\n[x.usd]\npost='0.02'", "owned_read"),
    ],
)
def test_a_price_file_that_cannot_be_used_is_named(tmp_path, content, told):
    path = tmp_path / "prices.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(BadPrices, match=told):
        load_prices(path)
