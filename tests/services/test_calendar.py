"""Events as people enter and change them, and the month they see."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.clock import bangkok
from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.fiscal import Month
from core.vocab import DeliveryState, EventState, PostState
from models import AuditEvent, Post
from services import calendar, holidays, posts
from services.month import month_view
from tests.builders import LOY_KRATHONG, START, approve, at, deliveries_of, event_form, make_event, make_post

OCTOBER = Month(2020, 10)


def stored(rt, event_id):
    with rt.sessions.begin() as session:
        return calendar.find_event(session, event_id)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"title": "   "}, "event_title_empty", "title"),
        ({"title": "ก" * 301}, "too_long", "title"),
        ({"ends_at": LOY_KRATHONG - timedelta(minutes=1)}, "event_end_before_start", "ends_at"),
        ({"ends_at": LOY_KRATHONG + timedelta(days=367)}, "event_too_long", "ends_at"),
        ({"unplanned": True}, "unplanned_reason_empty", "unplanned_reason"),
        ({"place": "ก" * 301}, "too_long", "place"),
        ({"description": "ก" * 10_001}, "too_long", "description"),
    ],
)
def test_what_is_wrong_with_an_event_is_named_and_nothing_is_stored(rt, team, change, code, field):
    with pytest.raises(BadInput) as refused, rt.sessions.begin() as session:
        calendar.create_event(session, event_form(**change), team.officer, START)
    assert (refused.value.key, refused.value.params["field"]) == (code, field)
    with rt.sessions.begin() as session:
        assert session.scalars(select(AuditEvent)).all() == []


def test_an_event_is_entered_with_who_did_it(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer, title="  ลอยกระทง \n 2563 ")
    assert (event.title, event.state, event.created_by) == (
        "ลอยกระทง 2563", EventState.SCHEDULED, team.officer.id,
    )  # fmt: skip
    with rt.sessions.begin() as session:
        deed = session.scalars(select(AuditEvent)).one()
    assert (deed.action, deed.subject, deed.subject_id) == ("event.create", "event", event.id)


def test_an_all_day_event_counts_in_bangkok_days(rt, team):
    starts_at = at("2021-04-12 10:00")
    with rt.sessions.begin() as session:
        event = make_event(
            session, team.officer, starts_at=starts_at, all_day=True, ends_at=starts_at + timedelta(days=2)
        )
    assert f"{bangkok(event.starts_at):%Y-%m-%d %H:%M}" == "2021-04-12 00:00"
    assert f"{bangkok(event.ends_at):%Y-%m-%d %H:%M}" == "2021-04-14 23:59"


@pytest.mark.parametrize("role", ["approver", "kpi_officer", "administrator", "reviewer"])
def test_only_officers_enter_events(rt, team, role):
    with rt.sessions.begin() as session, pytest.raises(Forbidden):
        make_event(session, getattr(team, role))


def test_two_people_cannot_overwrite_each_other(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
    with rt.sessions.begin() as session:
        calendar.edit_event(session, event.id, event_form(title="ก่อน"), 1, team.officer, START)
    with pytest.raises(Conflict, match="event_changed"), rt.sessions.begin() as session:
        calendar.edit_event(session, event.id, event_form(title="หลัง"), 1, team.officer, START)
    assert stored(rt, event.id).title == "ก่อน"


@pytest.mark.usefixtures("accounts")
def test_cancelling_holds_every_waiting_post_at_once_and_says_how_many(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        made = [make_post(session, team.officer, event_id=event.id) for _ in range(3)]
    for post in made[:2]:
        approve(rt, post.id, team.approver)
    with rt.sessions.begin() as session:
        sending, published = deliveries_of(session, made[1].id)
        sending.move(DeliveryState.SENDING, START)
        published.move(DeliveryState.SENDING, START)
        published.move(DeliveryState.PUBLISHED, START)
        fate = calendar.cancel_event(session, event.id, "ฝนตกหนัก", team.approver, START)
        assert sending.not_after < START  # if it never arrived, it is not sent again
    assert (fate.held, fate.in_flight, fate.live) == (2, 1, 1)
    cancelled = stored(rt, event.id)
    assert (cancelled.state, cancelled.cancel_reason, cancelled.cancelled_at) == (
        EventState.CANCELLED, "ฝนตกหนัก", START,
    )  # fmt: skip
    with rt.sessions.begin() as session:
        held = deliveries_of(session, made[0].id)
        assert [(row.state, row.reason) for row in held] == [(DeliveryState.HELD, "event_cancelled")] * 2
        assert session.get_one(Post, made[0].id).state is PostState.APPROVED


def test_a_cancelled_event_takes_corrections_only(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        draft = make_post(session, team.officer, event_id=event.id)
        calendar.cancel_event(session, event.id, "ฝนตกหนัก", team.officer, START)
    with rt.sessions.begin() as session:
        with pytest.raises(Conflict, match="event_over"):
            make_post(session, team.officer, event_id=event.id)
        with pytest.raises(Conflict, match="event_over"):
            posts.submit_post(session, draft.id, draft.revision, team.officer, START)
        make_post(session, team.officer, PostState.IN_REVIEW, event_id=event.id, kind="correction")
        for change in (calendar.confirm_event, calendar.mark_held):
            with pytest.raises(Conflict, match="event_over"):
                change(session, event.id, team.officer, START)
        with pytest.raises(Conflict, match="event_over"):
            calendar.cancel_event(session, event.id, "อีกครั้ง", team.officer, START)


def test_a_cancellation_needs_a_reason(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
    with pytest.raises(BadInput, match="reason_empty"), rt.sessions.begin() as session:
        calendar.cancel_event(session, event.id, " ", team.officer, START)
    assert stored(rt, event.id).state is EventState.SCHEDULED


@pytest.mark.usefixtures("accounts")
def test_a_postponed_event_holds_its_posts_until_a_new_date_takes_them_back(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        post = make_post(session, team.officer, event_id=event.id)
    approve(rt, post.id, team.approver)
    with rt.sessions.begin() as session:
        assert calendar.postpone_event(session, event.id, "น้ำท่วม", team.officer, START).held == 2
    later = event_form(starts_at=LOY_KRATHONG + timedelta(days=7))
    with rt.sessions.begin() as session:
        moved = calendar.edit_event(session, event.id, later, 2, team.officer, START)
    assert (moved.taken_back, moved.event.state) == (1, EventState.SCHEDULED)
    with rt.sessions.begin() as session:
        assert {row.state for row in deliveries_of(session, post.id)} == {DeliveryState.CANCELLED}


def test_an_event_is_confirmed_and_later_marked_as_held(rt, team):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        assert calendar.confirm_event(session, event.id, team.officer, START).state is EventState.CONFIRMED
        with pytest.raises(Conflict, match="event_not_begun"):
            calendar.mark_held(session, event.id, team.officer, START)
        done = calendar.mark_held(session, event.id, team.officer, LOY_KRATHONG)
        assert done.state is EventState.HELD


def test_the_month_shows_whole_weeks_with_holidays_events_and_posts(rt, team, queries):
    with rt.sessions.begin() as session:
        holidays.seed_holidays(session, 2564)
        for _ in range(4):
            event = make_event(session, team.officer)
            make_post(session, team.officer, event_id=event.id)
        make_event(session, team.officer, starts_at=LOY_KRATHONG - timedelta(days=3), title="สามวัน",
                   ends_at=LOY_KRATHONG)  # fmt: skip
        gone = make_post(session, team.officer)
        posts.withdraw_post(session, gone.id, "ซ้ำ", team.officer, START)
    with rt.sessions.begin() as session, queries() as seen:
        view = month_view(session, OCTOBER)
    days = {day.day: day for week in view.weeks for day in week}
    assert [len(week) for week in view.weeks] == [7] * 5
    assert (view.weeks[0][0].day, view.weeks[-1][-1].day) == (date(2020, 9, 28), date(2020, 11, 1))
    assert days[date(2020, 10, 23)].holiday == "วันปิยมหาราช"
    assert len(days[date(2020, 10, 24)].posts) == 4
    assert [len(days[date(2020, 10, day)].events) for day in (27, 28, 29, 30, 31)] == [0, 1, 1, 1, 5]
    assert days[date(2020, 11, 1)].events == []  # what ends at midnight is not on the next day
    assert not days[date(2020, 9, 28)].in_month
    assert len(seen) == 6  # holidays, events, posts, and the posts' texts, kinds and pictures


@pytest.mark.usefixtures("accounts")
def test_an_events_page_is_loaded_in_a_fixed_number_of_queries(rt, team, queries):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        made = [make_post(session, team.officer, event_id=event.id) for _ in range(5)]
    for post in made:
        approve(rt, post.id, team.approver)
    with rt.sessions.begin() as session, queries() as seen:
        view = calendar.load_event(session, event.id)
    assert (len(view.posts), len(view.deliveries)) == (5, 10)
    assert len(seen) == 7
    with rt.sessions.begin() as session:
        with pytest.raises(NotFound):
            calendar.load_event(session, 999)
        with pytest.raises(NotFound):
            calendar.cancel_event(session, 999, "ฝน", team.officer, START)
