"""Which days the office works, seeded once and then kept by people."""

from datetime import date

import pytest

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.vocab import Channel, DeliveryState, PostState
from models import Holiday, Post
from services import holidays
from services.holiday_changes import Reopened
from tests.builders import START, at, deliveries_of, make_approved, make_post
from tests.web.shelf import publish


def days(session, start, end):
    return list(holidays.list_holidays(session, start, end))


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2020, 10, 23), True),  # วันปิยมหาราช
        (date(2020, 11, 19), True),  # special, by cabinet
        (date(2020, 12, 11), True),
        (date(2021, 2, 12), True),
        (date(2021, 4, 12), True),
        (date(2021, 5, 10), True),  # วันพืชมงคล: government offices only
        (date(2021, 9, 24), True),
        (date(2021, 5, 1), False),  # Labour Day: offices work
        (date(2021, 5, 3), False),  # its substitute
        (date(2021, 1, 9), False),  # Children's Day closes nothing
        (date(2021, 7, 27), False),  # approved, then taken back by cabinet
        (date(2020, 9, 30), False),  # another fiscal year
    ],
)
def test_the_seed_holds_the_days_government_offices_close(session, day, closed):
    assert holidays.seed_holidays(session, 2564) == holidays.count_holidays(session, 2564) > 20
    assert (day in days(session, day, day)) is closed


def test_seeding_again_changes_nothing_people_decided(rt, team):
    with rt.sessions.begin() as session:
        holidays.seed_holidays(session, 2564)
        holidays.remove_holiday(session, date(2020, 11, 19), team.officer, START)
        added = Holiday(day=date(2021, 7, 27), name="วันหยุดพิเศษ", source="มติ ครม. 29 ธ.ค. 2563")
        holidays.add_holiday(session, added, team.officer, START)
        assert holidays.seed_holidays(session, 2564) == 0
    with rt.sessions.begin() as session:
        assert days(session, date(2020, 11, 18), date(2020, 11, 20)) == [date(2020, 11, 20)]
        named = {row.day: row.source for row in holidays.holidays_of(session, 2564)}
    assert named[date(2021, 7, 27)] == "มติ ครม. 29 ธ.ค. 2563"
    assert named[date(2021, 4, 13)].startswith("holidays ")


def test_a_holiday_needs_a_source_a_name_and_somebody_who_may(rt, team):
    with rt.sessions.begin() as session:
        for values, code in [({"name": ""}, "name_empty"), ({"source": " "}, "source_empty")]:
            given = {"name": "วันหยุด", "source": "มติ ครม.", **values}
            with pytest.raises(BadInput, match=code):
                holidays.add_holiday(session, Holiday(day=date(2021, 7, 27), **given), team.officer, START)
        one = {"day": date(2021, 7, 27), "name": "วันหยุด", "source": "มติ ครม."}
        with pytest.raises(Forbidden):
            holidays.add_holiday(session, Holiday(**one), team.reviewer, START)
        holidays.add_holiday(session, Holiday(**one), None, START)
        with pytest.raises(Conflict, match="holiday_known"):
            holidays.add_holiday(session, Holiday(**one), None, START)
        with pytest.raises(Forbidden):
            holidays.remove_holiday(session, date(2021, 7, 27), team.reviewer, START)
        with pytest.raises(NotFound):
            holidays.remove_holiday(session, date(2021, 7, 26), None, START)


def test_working_days_skip_weekends_and_holidays():
    closed = {date(2020, 10, 23), date(2020, 10, 26)}
    assert not holidays.is_working_day(date(2020, 10, 24), closed)
    assert not holidays.is_working_day(date(2020, 10, 23), closed)
    assert holidays.is_working_day(date(2020, 10, 22), closed)
    assert holidays.working_day_before(date(2020, 10, 26), closed) == date(2020, 10, 22)
    assert holidays.working_day_after(date(2020, 10, 22), closed) == date(2020, 10, 27)


SPECIAL = Holiday(day=date(2021, 7, 27), name="วันหยุดพิเศษ", source="มติ ครม. 29 ธ.ค. 2563")


@pytest.fixture
def speaking(rt, team, accounts, clock):
    """Write posts about 27 July 2564: approved, waiting, out, a draft, and one about another day."""
    assert accounts
    clock.set(at("2021-06-20 09:00"))
    words = {Channel.FACEBOOK: "สำนักงานเขตหยุดให้บริการวันอังคารที่ ๒๗ ก.ค. ๖๔"}
    about = {"bodies": words, "due_at": at("2021-07-20 09:00"), "title": "วันหยุดราชการ"}
    other = about | {"bodies": {Channel.FACEBOOK: "หยุดวันที่ 28 กรกฎาคม 2564"}}
    with rt.sessions.begin() as session:
        draft = make_post(session, team.officer, now=clock.now(), **about)
        waiting = make_post(session, team.officer, PostState.IN_REVIEW, now=clock.now(), **about)
    approved = make_approved(rt, team.officer, team.approver, **about)[0]
    elsewhere = make_approved(rt, team.officer, team.approver, **other)[0]
    out = make_approved(rt, team.officer, team.approver, **about)[0]
    publish(rt, [out.id])
    return draft.id, waiting.id, approved.post_id, elsewhere.post_id, out.post_id


@pytest.mark.parametrize("change", ["add", "remove"])
def test_a_changed_holiday_brings_back_the_posts_that_speak_of_it(rt, team, clock, speaking, change):
    draft, waiting, approved, elsewhere, out = speaking
    with rt.sessions.begin() as session:
        if change == "remove":
            session.add(Holiday(day=SPECIAL.day, name=SPECIAL.name, source=SPECIAL.source))
            session.flush()
            found = holidays.remove_holiday(session, SPECIAL.day, team.officer, clock.now())
        else:
            fresh = Holiday(day=SPECIAL.day, name=SPECIAL.name, source=SPECIAL.source)
            found = holidays.add_holiday(session, fresh, team.officer, clock.now())
    assert found == Reopened(reopened=(waiting, approved), live=(out,))
    with rt.sessions.begin() as session:
        states = {one: session.get_one(Post, one).state for one in speaking}
        assert states == {
            draft: PostState.DRAFT, waiting: PostState.RETURNED, approved: PostState.DRAFT,
            elsewhere: PostState.APPROVED, out: PostState.APPROVED,
        }  # fmt: skip
        rows = deliveries_of(session, approved)
        assert [(row.state, row.reason) for row in rows] == [(DeliveryState.CANCELLED, "holiday_changed")]


def test_a_holidays_name_is_enough_to_bring_a_post_back(rt, team, accounts, clock):
    assert accounts
    clock.set(at("2021-06-20 09:00"))
    words = {Channel.FACEBOOK: "ช่วงวันหยุดพิเศษนี้ สำนักงานเขตปิดทำการ"}
    row = make_approved(rt, team.officer, team.approver, bodies=words, due_at=at("2021-07-20 09:00"))[0]
    with rt.sessions.begin() as session:
        fresh = Holiday(day=SPECIAL.day, name=SPECIAL.name, source=SPECIAL.source)
        found = holidays.add_holiday(session, fresh, None, clock.now())
    assert found.reopened == (row.post_id,)
