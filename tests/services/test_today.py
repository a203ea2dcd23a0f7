"""The first page of a day."""

from datetime import date, timedelta

import pytest

from core.vocab import Channel, DeliveryState, Health, PostKind, PostState
from models import Account, Delivery
from services import calendar, holidays, posts, queue
from services.today import today
from tests.builders import LOY_KRATHONG, START, make_approved, make_event, make_post


def look(rt, person, now=START):
    with rt.sessions.begin() as session:
        return today(session, person, now)


def move(rt, row, *states):
    with rt.sessions.begin() as session:
        for state in states:
            session.get_one(Delivery, row.id).move(state, START)


@pytest.mark.usefixtures("accounts")
def test_a_quiet_day_is_empty(rt, team):
    view = look(rt, team.officer)
    assert (view.day, view.holiday, view.stop) == (date(2020, 10, 20), "", None)
    for part in (view.due_today, view.trouble, view.waiting, view.unfinished, view.ahead, view.accounts):
        assert list(part) == []


@pytest.mark.usefixtures("accounts")
def test_officers_see_their_drafts_and_approvers_what_waits(rt, team):
    with rt.sessions.begin() as session:
        make_post(session, team.officer, due_at=None, title="ไม่มีเวลา")
        make_post(session, team.officer, title="มีเวลา")
        make_post(session, team.officer, PostState.IN_REVIEW)
    mine, theirs = look(rt, team.officer), look(rt, team.approver)
    assert [post.title for post in mine.unfinished] == ["มีเวลา", "ไม่มีเวลา"]
    assert (list(mine.waiting), len(theirs.waiting), list(theirs.unfinished)) == ([], 1, [])


@pytest.mark.usefixtures("accounts")
def test_what_goes_out_today_counts_bangkok_hours(rt, team):
    for hours in (1, 14, 16):  # 10.00, 23.00 and tomorrow 01.00
        make_approved(rt, team.officer, team.approver, due_at=START + timedelta(hours=hours))
    view = look(rt, team.officer)
    assert [row.due_at for row in view.due_today] == [START + timedelta(hours=n) for n in (1, 1, 14, 14)]
    assert view.due_today[0].account.channel is Channel.FACEBOOK
    assert view.counts[DeliveryState.SCHEDULED] == 6


@pytest.mark.usefixtures("accounts")
def test_an_open_question_is_shown_until_settled_and_a_failure_for_a_week(rt, team):
    failed, unsure = make_approved(rt, team.officer, team.approver)
    move(rt, failed, DeliveryState.FAILED)
    move(rt, unsure, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    due = failed.due_at
    assert {row.id for row in look(rt, team.officer, due).trouble} == {failed.id, unsure.id}
    later = look(rt, team.officer, due + timedelta(days=8))
    assert [row.id for row in later.trouble] == [unsure.id]


@pytest.mark.usefixtures("accounts")
def test_the_week_ahead_says_who_has_been_told(rt, team):
    with rt.sessions.begin() as session:
        told = make_event(session, team.officer, title="แจ้งแล้ว")
        silent = make_event(session, team.officer, title="ยังไม่แจ้ง")
        off = make_event(session, team.officer, title="ยกเลิก")
        make_event(session, team.officer, title="อีกนาน", starts_at=LOY_KRATHONG + timedelta(days=30))
        make_post(session, team.officer, event_id=silent.id, kind=PostKind.ANNOUNCE)
        gone = make_post(session, team.officer, event_id=silent.id)
        posts.withdraw_post(session, gone.id, "ซ้ำ", team.officer, START)
        calendar.cancel_event(session, off.id, "ฝน", team.officer, START)
    make_approved(rt, team.officer, team.approver, event_id=told.id, kind=PostKind.ANNOUNCE)
    view = look(rt, team.officer, LOY_KRATHONG - timedelta(days=6))
    assert [(one.event.title, one.posts, one.told) for one in view.ahead] == [
        ("แจ้งแล้ว", 1, True), ("ยังไม่แจ้ง", 1, False),
    ]  # fmt: skip


def test_warnings_stand_on_the_first_page(rt, team, accounts):
    with rt.sessions.begin() as session:
        session.get_one(Account, accounts[Channel.X].id).health = Health.REAUTH
        holidays.seed_holidays(session, 2564)
        queue.stop_all(session, "ข่าวด่วน", team.officer, START)
    view = look(rt, team.officer, START + timedelta(days=3))
    assert view.holiday == "วันปิยมหาราช"
    assert [account.channel for account in view.accounts] == [Channel.X]
    assert view.stop.why == "ข่าวด่วน"


@pytest.mark.parametrize("times", [1, 6])
@pytest.mark.usefixtures("accounts")
def test_the_first_page_costs_the_same_however_much_there_is(rt, team, queries, times):
    for _ in range(times):
        with rt.sessions.begin() as session:
            event = make_event(session, team.officer, starts_at=START + timedelta(days=2))
            make_post(session, team.officer, PostState.IN_REVIEW, event_id=event.id)
            make_post(session, team.officer)
        first, _ = make_approved(rt, team.officer, team.approver, due_at=START + timedelta(hours=1))
        move(rt, first, DeliveryState.HELD)
    with rt.sessions.begin() as session, queries() as seen:
        view = today(session, team.approver, START)
    assert (len(view.trouble), len(view.waiting), len(view.ahead)) == (times, times, times)
    assert len(seen) == 17
