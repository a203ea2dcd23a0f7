from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import catalogue
from language.months import MONTHS, SHORT_MONTHS, WEEKDAYS, month_number, weekday_number
from language.thai_dates import (
    AmbiguousDate,
    BadDate,
    DateStyle,
    Era,
    Hints,
    Order,
    format_date,
    parse,
    read,
)

LAST_DAY_OF_MARCH = date(2021, 3, 31)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    "raw",
    [
        "31/3/2564",
        "31/03/2564",
        "31-03-2564",
        "31.03.2564",
        "31 / 03 / 2564",
        "3/31/2021",
        "31/3/2021",
        "3/31/2564",
        "๓๑/๓/๒๕๖๔",
        "31 มี.ค. 2564",
        "31 มี.ค. 64",
        "31 มีค 64",
        "31 มีค. 2564",
        "31 มี. ค. 2564",
        "31มี.ค.64",
        "31 มีนา 2564",
        "31 มีนาคม 2564",
        "31มีนาคม2564",
        "๓๑ มีนาคม ๒๕๖๔",
        "31  มีนาคม\u00a0 พ.ศ. 2564",
        "31 มีนาคม พ.ศ.2564",
        "31 มีนาคม พศ 2564",
        "31 มีนาคม ค.ศ. 2021",
        "31 มีนาคม 2021",
        "31 มีนาคม ค.ศ. 21",
        "31/3/พ.ศ. 2564",
        "31/3/พ.ศ. 64",
        "31/3/ค.ศ. 21",
        "วันที่ 31 มีนาคม 2564",
        "วันพุธที่ 31 มีนาคม พ.ศ. 2564",
        "วันพุธ 31 มีนาคม 2564",
        "พุธที่ ๓๑ มีนาคม ๒๕๖๔",
        "พ. 31 มี.ค. 64",
        "วันที่ พ. 31/3/2564",
        "(31 มี.ค. 64)",
        "( 31 มี.ค. 64 )",
        "31 มีนาคม 2564 เวลา 09.30 น.",
        "31 มีนาคม 2564 เวลา 09:30",
        "31 มีนาคม 2564, 09.30 น.",
        "31/3/2564 9.30น.",
        "31 มีนาคม 2564 น.",
        "2021-03-31",
        "2021/3/31",
        "2564-03-31",
        "44286",
        "44286.5",
        "\u200b31/3/2564\ufeff",
    ],
)
def test_every_accepted_form_gives_the_same_day(raw):
    assert parse(raw) == LAST_DAY_OF_MARCH


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("28/10/2563", date(2020, 10, 28)),
        ("1/31/2021", date(2021, 1, 31)),
        ("(22 ก.ย. 63)", date(2020, 9, 22)),
        ("28-10-2563", date(2020, 10, 28)),
        ("2/3/2564", date(2021, 3, 2)),
        ("5/5/2021", date(2021, 5, 5)),
        ("29/2/2563", date(2020, 2, 29)),
        ("29/2/63", date(2020, 2, 29)),
        ("28.10.2563", date(2020, 10, 28)),
        ("พฤ. 1 เม.ย. 64", date(2021, 4, 1)),
        ("30 กรกฏาคม 2564", date(2021, 7, 30)),
        ("วันพฤหัสที่ 30 ก.ย. 2564", date(2021, 9, 30)),
        ("12 ม.ค. 2443", date(1900, 1, 12)),
        ("31 ธ.ค. 2743", date(2200, 12, 31)),
    ],
)
def test_dates_of_the_office_are_read(raw, day):
    assert parse(raw) == day


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "date_unreadable"),
        ("พรุ่งนี้", "date_unreadable"),
        ("31 มีนาค 2564", "date_unreadable"),
        ("31/3", "date_unreadable"),
        ("31/3-2564", "date_unreadable"),
        ("2564", "date_unreadable"),
        ("31/3/564", "date_unreadable"),
        ("29/2/2564", "date_impossible"),
        ("29 กุมภาพันธ์ 2564", "date_impossible"),
        ("31 เม.ย. 64", "date_impossible"),
        ("29/2/2021", "date_impossible"),
        ("2021-02-29", "date_impossible"),
        ("0/1/2564", "date_impossible"),
        ("32/1/2564", "date_impossible"),
        ("29/2/65", "date_impossible"),
        ("31/13/2564", "date_no_month"),
        ("2021-13-01", "date_no_month"),
        ("0/0/2021", "date_no_month"),
        ("31/3/2300", "date_year"),
        ("31 มีนาคม 1899", "date_year"),
        ("31/3/9999", "date_year"),
        ("31 มีนาคม ค.ศ. 2564", "date_year"),
        ("31 มีนาคม พ.ศ. 2021", "date_year"),
        ("วันพฤหัสบดีที่ 31 มีนาคม 2564", "date_weekday"),
        ("2/3/2021", "date_ambiguous"),
        ("31/3/64", "date_ambiguous"),
        ("3/31/21", "date_ambiguous"),
    ],
)
def test_a_date_that_cannot_be_used_says_why_and_repeats_what_was_typed(raw, code):
    with pytest.raises(BadDate) as caught:
        parse(raw)
    assert caught.value.key == code
    assert caught.value.params["raw"] == raw


def test_an_impossible_day_tells_how_long_the_month_is():
    with pytest.raises(BadDate) as caught:
        parse("29/2/2564")
    assert caught.value.params == {"raw": "29/2/2564", "last_day": 28}


def test_an_ambiguous_date_offers_both_days():
    with pytest.raises(AmbiguousDate) as caught:
        parse("2/3/2021")
    assert caught.value.candidates == (date(2021, 3, 2), date(2021, 2, 3))
    assert caught.value.params["first"] == "2 มีนาคม 2564"
    assert caught.value.params["second"] == "3 กุมภาพันธ์ 2564"


def test_a_short_year_that_nothing_explains_offers_both_eras():
    with pytest.raises(AmbiguousDate) as caught:
        parse("31/3/64")
    assert caught.value.candidates == (date(2021, 3, 31), date(2064, 3, 31))


@pytest.mark.parametrize(
    ("raw", "hints", "day"),
    [
        ("31/3/64", Hints(era=Era.BE), date(2021, 3, 31)),
        ("31/3/21", Hints(era=Era.CE), date(2021, 3, 31)),
        ("2/3/2021", Hints(order=Order.MDY), date(2021, 2, 3)),
        ("2/3/2021", Hints(order=Order.DMY), date(2021, 3, 2)),
        ("2/3/2021", Hints(before=date(2021, 2, 27)), date(2021, 3, 2)),
        ("2/3/2021", Hints(before=date(2021, 1, 31), after=date(2021, 3, 31)), date(2021, 2, 3)),
        ("2/3/2021", Hints(order=Order.MDY, before=date(2022, 1, 1)), date(2021, 2, 3)),
    ],
)
def test_neighbours_settle_what_the_date_alone_leaves_open(raw, hints, day):
    assert parse(raw, hints) == day


def test_neighbours_that_contradict_each_other_settle_nothing():
    with pytest.raises(AmbiguousDate):
        parse("2/3/2021", Hints(order=Order.MDY, before=date(2021, 2, 27), after=date(2021, 4, 30)))


@pytest.mark.parametrize(
    ("raw", "era", "order"),
    [
        ("28/10/2563", Era.BE, Order.DMY),
        ("1/31/2021", Era.CE, Order.MDY),
        ("31 มี.ค. 64", Era.BE, Order.DMY),
        ("2021-03-31", Era.CE, Order.YMD),
        ("44286", Era.CE, Order.SERIAL),
    ],
)
def test_the_way_a_date_was_written_is_kept(raw, era, order):
    found = read(raw)
    assert (found.era, found.order) == (era, order)


@given(DAYS, st.sampled_from(DateStyle), st.booleans())
def test_reading_what_was_printed_gives_the_day_back(day, style, thai):
    assert parse(format_date(day, style, thai=thai)) == day


@given(DAYS)
def test_iso_and_excel_serials_give_the_day_back(day):
    assert parse(day.isoformat()) == day
    serial = (day - date(1899, 12, 30)).days
    if 10000 <= serial <= 99999:
        assert parse(str(serial)) == day


def test_official_styles_look_as_the_office_prints_them():
    assert format_date(LAST_DAY_OF_MARCH) == "31 มีนาคม 2564"
    assert format_date(LAST_DAY_OF_MARCH, DateStyle.SHORT) == "31 มี.ค. 2564"
    assert format_date(LAST_DAY_OF_MARCH, DateStyle.NUMERIC) == "31/03/2564"
    assert format_date(LAST_DAY_OF_MARCH, thai=True) == "๓๑ มีนาคม ๒๕๖๔"


def test_a_moment_is_printed_as_the_day_it_is_in_bangkok():
    assert format_date(datetime(2021, 3, 30, 17, 0, tzinfo=UTC)) == "31 มีนาคม 2564"


def test_month_and_weekday_names_agree_with_the_words_on_screen():
    words = catalogue("th")["date"]
    assert tuple(words["long"][str(month)] for month in range(1, 13)) == MONTHS
    assert tuple(words["short"][str(month)] for month in range(1, 13)) == SHORT_MONTHS
    assert tuple(words["weekday"][str(day)] for day in range(7)) == WEEKDAYS
    assert [weekday_number(words["weekday_short"][str(day)]) for day in range(7)] == list(range(7))


def test_names_that_are_no_month_or_weekday_have_no_number():
    assert month_number("มกราพันธ์") is None
    assert weekday_number("วันหยุด") is None
