from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.thai_dates import BadDate, DateStyle
from language.thai_times import BadTime, format_range, format_time, parse_range, parse_time

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)), st.booleans())
def test_reading_a_printed_time_gives_it_back(moment, thai):
    assert parse_time(format_time(moment, thai=thai)) == moment


@pytest.mark.parametrize("raw", ["09.30 น.", "9:30", "เวลา ๐๙.๓๐ น.", "09.30น", "9.30 นาฬิกา", " 09 . 30 "])
def test_times_are_read_as_people_write_them(raw):
    assert parse_time(raw) == time(9, 30)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("เช้า", "time_unreadable"),
        ("9", "time_unreadable"),
        ("24.00", "time_impossible"),
        ("10.60", "time_impossible"),
    ],
)
def test_a_time_that_cannot_be_used_says_why(raw, code):
    with pytest.raises(BadTime) as caught:
        parse_time(raw)
    assert caught.value.key == code
    assert caught.value.params == {"raw": raw}


def test_a_moment_is_printed_by_the_clock_of_bangkok():
    assert format_time(datetime(2020, 10, 31, 10, 0, tzinfo=UTC)) == "17.00 น."


@given(DAYS, DAYS, st.sampled_from(DateStyle), st.booleans())
def test_reading_a_printed_span_gives_both_days_back(one, other, style, thai):
    first, last = sorted((one, other))
    assert parse_range(format_range(first, last, style, thai=thai)) == (first, last)


@pytest.mark.parametrize(
    ("first", "last", "style", "text"),
    [
        (date(2021, 4, 12), date(2021, 4, 14), DateStyle.LONG, "12-14 เมษายน 2564"),
        (date(2021, 4, 12), date(2021, 4, 14), DateStyle.SHORT, "12-14 เม.ย. 2564"),
        (date(2021, 4, 12), date(2021, 4, 14), DateStyle.NUMERIC, "12/04/2564 - 14/04/2564"),
        (date(2021, 3, 30), date(2021, 4, 2), DateStyle.LONG, "30 มีนาคม - 2 เมษายน 2564"),
        (date(2020, 12, 30), date(2021, 1, 2), DateStyle.LONG, "30 ธันวาคม 2563 - 2 มกราคม 2564"),
        (date(2021, 4, 12), date(2021, 4, 12), DateStyle.LONG, "12 เมษายน 2564"),
    ],
)
def test_a_span_says_month_and_year_once_where_they_are_shared(first, last, style, text):
    assert format_range(first, last, style) == text


@pytest.mark.parametrize(
    "raw",
    [
        "12-14 เมษายน 2564",
        "12 - 14 เมษายน 2564",
        "12–14 เม.ย. 64",
        "ระหว่างวันที่ ๑๒-๑๔ เมษายน ๒๕๖๔",
        "วันที่ 12 ถึง 14 เมษายน 2564",
        "ระหว่างวันที่ 12 เมษายน ถึงวันที่ 14 เมษายน 2564",
        "12 เมษายน-14 เมษายน 2564",
        "(12-14 เมษายน 2564)",
        "12-04-2564 - 14-04-2564",
    ],
)
def test_spans_are_read_as_people_write_them(raw):
    assert parse_range(raw) == (date(2021, 4, 12), date(2021, 4, 14))


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("14-12 เมษายน 2564", "date_range_reversed"),
        ("12 - 13 - 14 เมษายน 2564", "date_unreadable"),
        ("30-31 เมษายน 2564", "date_impossible"),
        ("สงกรานต์", "date_unreadable"),
    ],
)
def test_a_span_that_cannot_be_used_says_why(raw, code):
    with pytest.raises(BadDate) as caught:
        parse_range(raw)
    assert caught.value.key == code


def test_a_span_is_never_printed_backwards():
    with pytest.raises(BadDate):
        format_range(date(2021, 4, 14), date(2021, 4, 12))
