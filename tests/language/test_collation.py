import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.collation import matches, search_key, sort_key

IN_ORDER = [
    "2562",
    "๒๕๖๓",
    "A",
    "facebook",
    "กก",
    "กรุงเทพมหานคร",
    "กา",
    "ก่า",
    "ก้า",
    "กาก",
    "การจราจร",
    "กำหนด",
    "เก่ง",
    "เก็บ",
    "เกม",
    "แก",
    "โกหก",
    "ไก่",
    "ขา",
    "ข่าว",
    "เขต",
    "เขตดุสิต",
    "จตุจักร",
    "จอมทอง",
    "ดินแดง",
    "ดุสิต",
    "ตลิ่งชัน",
    "แม่",
    "ไม้",
    "ราชเทวี",
    "ฤดู",
    "ลาดพร้าว",
    "วัฒนา",
    "สาทร",
    "แสง",
    "ใหม่",
    "ไหม",
    "อนามัย",
    "เอกสาร",
]


def test_words_stand_as_in_a_thai_dictionary():
    backwards = IN_ORDER[::-1]
    assert sorted(backwards, key=sort_key) == IN_ORDER


def test_signs_decide_only_between_words_that_are_otherwise_equal():
    assert sorted(["ก้าน", "ก่าย", "กาย", "กาน"], key=sort_key) == ["กาน", "ก้าน", "กาย", "ก่าย"]


@given(st.lists(st.text(alphabet="กขรมนเแโาะิ่้็์๑1a ", max_size=6), max_size=8))
def test_order_does_not_depend_on_the_way_the_list_stood(words):
    backwards = words[::-1]
    assert sorted(words, key=sort_key) == sorted(backwards, key=sort_key)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ขาว", "ข่าวประชาสัมพันธ์"),
        ("ข่าว", "ข้าวสาร"),
        ("2563", "ลอยกระทง ๒๕๖๓"),
        ("๒๕๖๓", "ลอยกระทง 2563"),
        ("สัมพันธวงศ", "เขตสัมพันธวงศ์"),
        ("นํ้า", "สำนักการระบายน้ำ"),
        ("FACEBOOK", "โพสต์บน Facebook"),
        ("กระทง  พระราม 8", "งานลอยกระทง สะพานพระราม ๘"),
        ("", "อะไรก็ได้"),
    ],
)
def test_search_overlooks_tone_marks_digits_and_case(query, text):
    assert matches(query, text)


def test_search_needs_every_word():
    assert not matches("ลอยกระทง ปีใหม่", "งานลอยกระทง")


def test_the_search_key_folds_spaces():
    assert search_key("  ปี  ๒๕๖๔ ") == "ปี 2564"
