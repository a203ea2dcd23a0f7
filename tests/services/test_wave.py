"""The wave of an event: the days it proposes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import bangkok
from models import Event
from services.holidays import is_working_day
from services.wave import KEYS, propose_wave
from services.windows import BEFORE_START, BEFOREHAND, NOW_ON
from tests.builders import at

PIYA, SONGKRAN = date(2020, 10, 23), date(2021, 4, 13)
HOLIDAYS_2563 = {PIYA: "วันปิยมหาราช"}
SONGKRAN_2564 = {SONGKRAN + timedelta(days=n): "วันสงกรานต์" for n in range(-1, 3)}


def event(starts: str, hours: float = 7, *, all_day: bool = False) -> Event:
    start = at(starts)
    return Event(title="งาน", starts_at=start, ends_at=start + timedelta(hours=hours), all_day=all_day)


def wave(of: Event, holidays=None, now=datetime(2020, 10, 1, tzinfo=UTC)):
    return {offer.key: offer for offer in propose_wave(of, holidays or {}, now)}


def wall(offer) -> str:
    return f"{bangkok(offer.due_at):%Y-%m-%d %H:%M}"


def test_loy_krathong_2563_keeps_its_days_beside_a_holiday():
    offers = wave(event("2020-10-31 17:00"), HOLIDAYS_2563)
    assert {key: wall(offer) for key, offer in offers.items()} == {
        "T-7": "2020-10-24 09:00",  # a Saturday after a holiday: neither moves it
        "T-3": "2020-10-28 09:00",
        "T-1": "2020-10-30 09:00",
        "T": "2020-10-31 15:00",
        "recap": "2020-11-02 10:00",
    }
    assert [offer.moved_from for offer in offers.values()] == [None] * 4 + [date(2020, 11, 1)]
    assert offers["recap"].moved_because == ""
    assert all(offer.possible for offer in offers.values())


def test_a_post_on_a_holiday_moves_to_the_working_day_before_and_says_so():
    offer = wave(event("2020-10-30 17:00"), HOLIDAYS_2563)["T-7"]
    assert wall(offer) == "2020-10-22 09:00"
    assert (offer.moved_from, offer.moved_because) == (PIYA, "วันปิยมหาราช")


def test_a_recap_moves_forward_past_holidays_and_weekends():
    offer = wave(event("2021-04-11 17:00"), SONGKRAN_2564)["recap"]
    assert wall(offer) == "2021-04-16 10:00"
    assert (offer.moved_from, offer.moved_because) == (date(2021, 4, 12), "วันสงกรานต์")


def test_the_day_itself_never_moves():
    assert wall(wave(event("2021-04-13 10:00"), SONGKRAN_2564)["T"]) == "2021-04-13 08:00"


def test_holidays_do_not_push_a_post_before_the_one_before_it():
    offers = wave(event("2021-04-13 17:00"), SONGKRAN_2564)
    assert wall(offers["T-3"]) == "2021-04-10 09:00"
    assert wall(offers["T-1"]) == "2021-04-11 09:00"  # Friday 9 April would come before the invitation
    assert offers["T-1"].moved_from == date(2021, 4, 12)


def test_a_post_pushed_onto_the_day_of_another_is_not_offered():
    closed = {date(2020, 10, day): "วันหยุด" for day in (29, 30)}
    offers = wave(event("2020-10-31 17:00"), closed)
    assert wall(offers["T-1"]).startswith("2020-10-28")
    assert offers["T-1"].note == "too_close"
    assert not offers["T-1"].possible


@pytest.mark.parametrize(
    ("starts", "told"),
    [
        ("17:00", "15:00"),
        ("09:00", "07:00"),
        ("08:30", "07:00"),
        ("12:00", "10:00"),
        ("05:00", "07:00"),
        ("00:00", "07:00"),
    ],
)
def test_the_days_post_comes_two_hours_before_but_not_before_seven(starts, told):
    offer = wave(event(f"2020-10-31 {starts}"))["T"]
    assert wall(offer) == f"2020-10-31 {told}"


def test_what_lies_in_the_past_is_shown_and_not_offered():
    offers = wave(event("2020-10-31 17:00"), now=at("2020-10-28 09:00"))
    assert {key: offer.note for key, offer in offers.items()} == {
        "T-7": "past", "T-3": "past", "T-1": "", "T": "", "recap": "",
    }  # fmt: skip


def test_an_all_day_event_is_announced_until_it_begins_and_told_of_all_day():
    offers = wave(event("2020-10-31 00:00", 23.9, all_day=True))
    assert f"{bangkok(offers['T-1'].not_after):%d %H:%M}" == "30 23:55"
    assert f"{bangkok(offers['T'].not_after):%d %H:%M}" == "31 13:00"


MOMENTS = st.datetimes(datetime.fromisoformat("2020-10-08"), datetime.fromisoformat("2021-09-20")).map(str)
CLOSED = st.sets(st.dates(date(2020, 10, 1), date(2021, 9, 30)), max_size=120)


@given(starts=MOMENTS, hours=st.floats(0, 72), closed=CLOSED)
def test_every_offer_can_go_out_in_time(starts, hours, closed):
    of = event(starts, hours)
    offers = wave(of, dict.fromkeys(closed, "วันหยุด"))
    assert tuple(offers) == KEYS
    for offer in offers.values():
        assert offer.not_after >= offer.due_at + timedelta(minutes=5)
        if offer.kind in BEFOREHAND:
            assert offer.due_at < of.starts_at
            assert offer.not_after == of.starts_at - BEFORE_START
            assert bangkok(offer.due_at).date() not in closed
    assert offers["T"].not_after >= min(offers["T"].due_at + NOW_ON, of.starts_at - BEFORE_START)
    assert offers["recap"].due_at > of.ends_at
    assert is_working_day(bangkok(offers["recap"].due_at).date(), closed)
    possible = [offer.due_at for key, offer in offers.items() if offer.possible and key not in {"T", "recap"}]
    assert possible == sorted(set(possible))
