from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fiscal import Month, day_start, fiscal_year, months_of, quarter, to_be, to_ce


@pytest.mark.parametrize(
    ("day", "year", "number"),
    [
        (date(2020, 10, 28), 2564, 1),
        (date(2020, 12, 31), 2564, 1),
        (date(2021, 1, 31), 2564, 2),
        (date(2021, 3, 31), 2564, 2),
        (date(2021, 6, 30), 2564, 3),
        (date(2021, 9, 30), 2564, 4),
        (date(2021, 10, 1), 2565, 1),
    ],
)
def test_the_forms_dates_fall_into_the_fiscal_year_and_quarter_it_prints(day, year, number):
    assert (fiscal_year(day), quarter(day)) == (year, number)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_lies_in_one_of_the_twelve_months_of_its_fiscal_year(day):
    months = months_of(fiscal_year(day))
    assert months.count(Month.of(day)) == 1
    assert len(months) == 12
    assert quarter(day) == months.index(Month.of(day)) // 3 + 1


@given(st.integers(1900, 2200))
def test_buddhist_and_common_years_turn_into_each_other(year):
    assert to_ce(to_be(year)) == year


def test_a_bangkok_month_begins_seven_hours_before_utc_says_so():
    october = Month(2020, 10)
    assert october.start() == datetime(2020, 9, 30, 17, tzinfo=UTC)
    assert october.end() == day_start(date(2020, 11, 1))
    assert str(Month(2020, 12).next()) == "2021-01"


def test_a_month_is_read_with_a_common_or_a_buddhist_year():
    assert Month.parse("2020-10") == Month.parse("2563-10") == Month(2020, 10)
    for nonsense in ("", "2020", "2020-13", "x-1", "2020-1-1", "0001-01", "9999-12"):
        with pytest.raises(ValueError, match=r"."):
            Month.parse(nonsense)
