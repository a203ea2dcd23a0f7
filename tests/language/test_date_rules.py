"""The office's rules for dates, row by row: how they are written, which year is meant, what is asked."""

from datetime import date, time, timedelta

import pytest

from language.months import CLIPPED, MONTHS, SHORT_MONTHS, WEEKDAYS
from language.thai_dates import AmbiguousDate, BadDate, Era, Hints, Order, parse
from language.thai_times import parse_range, parse_time

MONDAY = date(2021, 3, 22)
SHORT_WEEKDAYS = ("จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา.")
UNDOTTED = tuple(name.replace(".", "") for name in SHORT_MONTHS)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("28/10/2563", date(2020, 10, 28)),
        ("1/31/2021", date(2021, 1, 31)),
        ("31 มี.ค. 2564", date(2021, 3, 31)),
        ("๓๑ มีนาคม ๒๕๖๔", date(2021, 3, 31)),
        ("31 มี.ค. 64", date(2021, 3, 31)),
        ("2021-03-31", date(2021, 3, 31)),
        ("2021-03-31 00:00:00", date(2021, 3, 31)),
        ("2021-03-31T09:30:00", date(2021, 3, 31)),
        ("(22 ก.ย. 63)", date(2020, 9, 22)),
        ("วันพุธที่ 31 มีนาคม พ.ศ. 2564", date(2021, 3, 31)),
        ("44286", date(2021, 3, 31)),
        ("31 มีนาคม 2564 เวลา 09.30 น.", date(2021, 3, 31)),
    ],
)
def test_every_form_the_office_uses_is_accepted(written, day):
    assert parse(written) == day


@pytest.mark.parametrize(
    "names", [MONTHS, SHORT_MONTHS, CLIPPED, UNDOTTED], ids=["long", "short", "clipped", "plain"]
)
@pytest.mark.parametrize("year", ["2564", "64", "พ.ศ. 2564", "๒๕๖๔", "ค.ศ. 2021"])
def test_every_month_is_known_by_every_name(names, year):
    assert [parse(f"15 {name} {year}") for name in names] == [date(2021, n, 15) for n in range(1, 13)]


@pytest.mark.parametrize(
    "pattern", ["วัน{long}ที่ {day} มีนาคม 2564", "{long} {day}/3/2564", "{short} {day} มี.ค. 64"]
)
def test_every_weekday_is_known_and_must_be_right(pattern):
    for number, (long, short) in enumerate(zip(WEEKDAYS, SHORT_WEEKDAYS, strict=True)):
        day = MONDAY + timedelta(days=number)
        assert parse(pattern.format(long=long, short=short, day=day.day)) == day
        with pytest.raises(BadDate, match="date_weekday"):
            parse(pattern.format(long=long, short=short, day=day.day + 1))


@pytest.mark.parametrize(
    ("written", "hints", "day"),
    [
        ("1/2/2400", Hints(), date(1857, 2, 1)),  # 2400 is Buddhist ...
        ("28/2/2200", Hints(), date(2200, 2, 28)),  # ... 2200 common era
        ("31 มี.ค. 63", Hints(era=Era.CE), date(2020, 3, 31)),  # a Thai month makes it 25yy
        ("31/3/63", Hints(era=Era.BE), date(2020, 3, 31)),  # so do Buddhist neighbours
        ("3/31/21", Hints(era=Era.CE), date(2021, 3, 31)),  # among common-era rows it is 20yy
        ("13/2/2021", Hints(), date(2021, 2, 13)),  # first above 12: day first
        ("2/13/2021", Hints(), date(2021, 2, 13)),  # second above 12: month first
        ("2/3/2564", Hints(order=Order.MDY), date(2021, 3, 2)),  # both below, Buddhist: day first
        ("2/3/2021", Hints(order=Order.MDY), date(2021, 2, 3)),  # common era: as the other rows
        ("2/3/2021", Hints(before=date(2021, 2, 27)), date(2021, 3, 2)),  # or as the months run
        ("29/2/2563", Hints(), date(2020, 2, 29)),  # a day that exists only after the year is turned
    ],
)
def test_the_year_and_the_order_follow_the_rules(written, hints, day):
    assert parse(written, hints) == day


@pytest.mark.parametrize("written", ["2/3/2021", "31/3/64", "1/31/21"])
def test_what_can_be_read_in_two_ways_is_asked(written):
    with pytest.raises(AmbiguousDate):
        parse(written)


@pytest.mark.parametrize("written", ["29/2/2564", "31 เม.ย. 2564", "2/30/2021"])
def test_a_day_that_does_not_exist_is_refused(written):
    with pytest.raises(BadDate, match="date_impossible"):
        parse(written)


def test_times_and_periods_are_written_as_the_office_writes_them():
    assert parse_time("เวลา 09.30 น.") == time(9, 30)
    assert parse_range("ระหว่างวันที่ 12-14 เมษายน 2564") == (date(2021, 4, 12), date(2021, 4, 14))
