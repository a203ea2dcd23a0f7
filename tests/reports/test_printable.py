import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.printable import BREAK, compose, in_thai_digits, printable

THAI_AND_LATIN = frozenset(range(0x20, 0x7F)) | frozenset(range(0xE01, 0xE5C)) | {0xA0}


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("น้ํา", "น้ำ"),
        ("นํ้า", "น้ำ"),
        ("ทํา", "ทำ"),
        ("ก\u200bข\ufeff", "กข"),
        ("  สอง\n บรรทัด\t", "สอง บรรทัด"),
        ("31\u00a0ต.ค.", "31\u00a0ต.ค."),
    ],
)
def test_text_is_composed(given_text, wanted):
    assert compose(given_text) == wanted


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("31/10/2563 : 5.00", "๓๑/๑๐/๒๕๖๓ : ๕.๐๐"),
        ("3b1 SHA-256 https://x.com/1 ข้อ 6", "3b1 SHA-256 https://x.com/1 ข้อ ๖"),
        ("1,234 ครั้ง", "๑,๒๓๔ ครั้ง"),
    ],
)
def test_thai_digits_leave_codes_alone(given_text, wanted):
    assert in_thai_digits(given_text) == wanted


def test_a_run_of_symbols_becomes_one_stand_in():
    assert printable("😀🎉 งาน 中文", THAI_AND_LATIN, "[?]") == "[?] งาน [?]"


def test_a_figure_stays_with_the_word_before_it():
    assert printable("≥ ร้อยละ 80", THAI_AND_LATIN | {0x2265}, "?") == "≥ ร้อยละ\u00a080"


@given(st.text())
def test_what_is_printable_can_be_drawn_and_loses_no_drawable_letter(text):
    shown = printable(text, THAI_AND_LATIN, "?")
    assert {ord(mark) for mark in shown} <= THAI_AND_LATIN | {ord(BREAK)}
    kept = [
        mark for mark in compose(text) if ord(mark) in THAI_AND_LATIN and not mark.isspace() and mark != "?"
    ]
    assert [mark for mark in shown if mark not in {"?", BREAK} and not mark.isspace()] == kept


@given(st.text(alphabet="กข0123456789/. ", max_size=40))
def test_thai_digits_change_nothing_but_digits(text):
    assert unicodedata.normalize("NFKC", in_thai_digits(text)).translate(
        str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
    ) == unicodedata.normalize("NFKC", text)
