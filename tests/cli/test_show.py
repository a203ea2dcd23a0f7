import json
from datetime import UTC, date, datetime
from decimal import Decimal

from cli import show
from core.vocab import DeliveryState

ROW = {
    "id": 7, "due_at": datetime(2026, 11, 25, 2, tzinfo=UTC), "state": DeliveryState.HELD,
    "value": Decimal("5.00"), "day": date(2026, 11, 25), "reason": None,
}  # fmt: skip


def test_json_has_bangkok_times_plain_words_and_null_for_what_is_absent():
    plain = json.loads(show.as_json(ROW))
    assert plain == {
        "id": 7, "due_at": "2026-11-25T09:00:00+07:00", "state": "held", "value": 5.0, "day": "2026-11-25",
        "reason": None,
    }  # fmt: skip


def test_a_table_speaks_thai_with_buddhist_years_and_a_dash_for_what_is_absent():
    heads, _, line = show.table([ROW], ("id", "due_at", "state", "reason"), "th").splitlines()
    assert heads.split()[:2] == ["เลข", "กำหนดเผยแพร่"]
    assert line.split() == ["7", "25", "พ.ย.", "2569", "09.00", "น.", "พักไว้", "–"]


def test_columns_stay_straight_under_vowels_that_take_no_place():
    rows = [{"name": "กี่ทั้งนี้", "state": "x"}, {"name": "aaaaaaaa", "state": "x"}]
    lines = show.table(rows, ("name", "state"), "th").splitlines()
    assert {show.width(line[: line.rindex("x")]) for line in lines[2:]} == {10}


def test_zero_is_shown_and_is_not_absence():
    assert show.cell(0, "th") == "0"
    assert show.cell(None, "th") == "–"
