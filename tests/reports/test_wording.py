from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import i18n
from core.fiscal import Month
from reports.wording import Wording, form_date
from tests.reports.samples import wall

THAI = Wording("th")


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        (timedelta(days=7, hours=8), "7 วัน 8 ชม."),
        (timedelta(hours=72), "3 วัน"),
        (timedelta(hours=71, minutes=59), "2 วัน 23 ชม. 59 นาที"),
        (timedelta(), "0 นาที"),
        (-timedelta(minutes=20), "-20 นาที"),
    ],
)
def test_a_lead_is_worded_in_days_hours_and_minutes(lead, words):
    assert THAI.lead(lead).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal(128450), "128,450"),
        (Decimal("63.636"), "63.64"),
        (Decimal(0), "0"),
        (Decimal("5.00"), "5"),
        (None, "ไม่มีข้อมูล"),
    ],
)
def test_a_figure_is_grouped_and_missing_is_not_zero(value, words):
    assert THAI.figure(value) == words


def test_moments_and_months_are_buddhist_and_of_bangkok():
    assert THAI.moment(wall(2020, 10, 31, 17, 0)).replace("\u00a0", " ") == "31 ต.ค. 2563 17.00 น."
    assert THAI.month(Month(2020, 10)) == "ตุลาคม 2563"
    assert form_date(date(2020, 11, 30)) == "30/11/2563"


def test_both_languages_have_the_same_words_for_papers():
    def keys(node, path=""):
        if not isinstance(node, dict):
            return {path}
        return {key for name, below in node.items() for key in keys(below, f"{path}.{name}")}

    thai, english = i18n.catalogue("th"), i18n.catalogue("en")
    assert keys(thai["reports"]) == keys(english["reports"])
    for code in (
        "fonts_missing",
        "pdf_failed",
        "document_unreadable",
        "bundle_unreadable",
        "bundle_name_unsafe",
    ):
        assert code in thai["error"]
        assert code in english["error"]
