import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.letters import THAI_DIGITS, fold, normalise, thai_digits, western_digits

MESSY = st.text(alphabet="กนํ่้าำุู\u200b\u00ad ะแa", max_size=40)


def test_digits_change_and_everything_else_stays():
    assert thai_digits("ตรวจรับงานงวดที่ 1 (50%)") == "ตรวจรับงานงวดที่ ๑ (๕๐%)"
    assert western_digits("ด้านที่ ๕ ย่อย ๕.๔.๑") == "ด้านที่ 5 ย่อย 5.4.1"


@given(st.text())
def test_thai_digits_come_back_as_they_were(text):
    plain = western_digits(text)
    assert western_digits(thai_digits(plain)) == plain
    assert not set(plain) & set(THAI_DIGITS)


@pytest.mark.parametrize("typed", ["น้ำ", "นํ้า", "น้ํา", "นำ้", "น\u200b้ำ", "\ufeffน้ำ\u2060"])
def test_every_way_of_typing_a_word_is_spelled_the_same(typed):
    assert normalise(typed) == "น้ำ"


@given(MESSY)
def test_spelling_a_spelled_text_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(MESSY)
def test_folding_spells_as_normalising_does_and_keeps_places(text):
    folded = fold(text)
    assert normalise(folded.text) == normalise(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)


def test_a_place_in_the_folded_text_leads_back_to_the_original():
    text = "ก\u200bนํ้าใส"
    folded = fold(text)
    start = folded.text.index("น้ำ")
    begin, end = folded.original(start, start + 3)
    assert text[begin:end] == "นํ้า"
