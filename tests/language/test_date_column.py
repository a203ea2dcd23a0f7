from datetime import date

from language.date_column import read_column
from language.thai_dates import AmbiguousDate, BadDate, ReadDate


def days(rows):
    return [row.day if isinstance(row, ReadDate) else row.key for row in read_column(rows)]


def test_an_ambiguous_row_follows_the_order_of_the_other_common_era_rows():
    assert days(["1/31/2021", "2/3/2021", "6/30/2021"])[1] == date(2021, 2, 3)
    assert days(["31/1/2021", "2/3/2021", "30/6/2021"])[1] == date(2021, 3, 2)


def test_buddhist_rows_say_nothing_about_the_order_of_common_era_rows():
    assert days(["30/11/2563", "1/2/2021", "30/6/2564"])[1] == "date_ambiguous"


def test_the_months_around_settle_an_ambiguous_row():
    assert days(["31/1/2564", "2/3/2021", "31/3/2564"]) == [
        date(2021, 1, 31),
        date(2021, 2, 3),
        date(2021, 3, 31),
    ]


def test_rows_of_both_orders_leave_the_ambiguous_row_open():
    rows = read_column(["1/31/2021", "2/3/2021", "30/6/2021"])
    assert isinstance(rows[1], AmbiguousDate)


def test_a_short_year_takes_the_era_of_its_neighbours():
    assert days(["28/10/2563", "30/11/63", "31/12/2563"])[1] == date(2020, 11, 30)
    assert days(["1/31/2021", "2/27/21"])[1] == date(2021, 2, 27)
    assert days(["28/10/2563", "30/11/63", "1/31/2021"])[1] == "date_ambiguous"
    assert days(["30/11/63"]) == ["date_ambiguous"]


def test_a_row_without_a_date_stays_in_its_place_as_the_reason():
    rows = read_column(["28/10/2563", "29/2/2564", "31/03/2564"])
    assert isinstance(rows[1], BadDate)
    assert rows[1].key == "date_impossible"
    assert days(["28/10/2563", "29/2/2564", "31/03/2564"])[2] == date(2021, 3, 31)
