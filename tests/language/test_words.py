import pytest

from core.i18n import LANGUAGES, catalogue, text
from language.canonical import canonical_sent
from language.form_report import BadLine
from language.kpi_form import BadForm
from language.terms import TextMoved
from language.thai_dates import AmbiguousDate, BadDate, parse
from language.thai_times import BadTime
from language.xlength import BadXText

CODES = {
    *(error.code for error in (AmbiguousDate, BadDate, BadForm, BadLine, BadTime, BadXText, TextMoved)),
    *("date_impossible", "date_no_month", "date_range_reversed", "date_weekday", "date_year"),
    *("form_empty", "form_no_dates", "form_no_report", "form_quarter", "time_impossible"),
    *("x_text_characters", "x_text_empty", "x_text_unsplittable"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_of_the_language_has_its_sentence(language):
    assert catalogue(language)["error"].keys() >= CODES


def test_the_impossible_date_reads_as_a_thai_sentence():
    with pytest.raises(BadDate) as caught:
        parse("29/2/2564")
    sentence = text(f"error.{caught.value.key}", "th", **caught.value.params)
    assert sentence.startswith("วันที่ “29/2/2564” ไม่มีในปฏิทิน เดือนนั้นมีเพียง 28 วัน")


@pytest.mark.parametrize("table", ["error", "x_link", "form_problem", "term_reason", "form_typo"])
def test_both_languages_fill_in_the_same_things(table):
    thai, english = (catalogue(language)[table] for language in ("th", "en"))
    for key in CODES & thai.keys() if table == "error" else thai.keys():
        assert sorted(braces(thai[key])) == sorted(braces(english[key])), key


def test_the_thai_words_are_spelled_one_way():
    words = catalogue("th")
    own = [words["error"][code] for code in CODES]
    own += [
        each
        for table in ("x_link", "term_reason", "term_kind", "form_typo")
        for each in words[table].values()
    ]
    assert [each for each in own if canonical_sent(each) != each] == []


def braces(words):
    return [part.partition("}")[0] for part in words.split("{")[1:]]
