from datetime import UTC, date, datetime

from core.i18n import show_date, show_moment, show_time, text

EVENT = datetime(2020, 10, 31, 10, 30, tzinfo=UTC)


def test_thai_comes_first_and_english_on_request():
    assert text("delivery_state.uncertain") == "ไม่ทราบผล"
    assert text("delivery_state.uncertain", "en") == "Outcome unknown"


def test_a_missing_word_shows_its_key_and_a_missing_parameter_its_name():
    assert text("no.such.word") == "no.such.word"
    assert "{target}" in text("error.illegal_move", "th", origin="ก")


def test_dates_show_buddhist_years_and_bangkok_hours():
    assert show_date(date(2021, 3, 31)) == "31 มีนาคม 2564"
    assert show_date(date(2021, 3, 31), short=True) == "31 มี.ค. 2564"
    assert show_time(EVENT) == "17.30 น."
    assert show_moment(EVENT) == "31 ต.ค. 2563 17.30 น."
    assert show_moment(EVENT, "en") == "31 Oct 2563 17.30"


def test_a_late_utc_evening_is_already_the_next_day_in_bangkok():
    assert show_date(datetime(2020, 10, 31, 18, 0, tzinfo=UTC)) == "1 พฤศจิกายน 2563"
