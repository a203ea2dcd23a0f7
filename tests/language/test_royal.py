"""Which texts speak of the monarchy."""

import pytest

from language.royal import royal_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ร่วมถวายพระพรชัยมงคล พระบาทสมเด็จพระเจ้าอยู่หัว", ("ถวายพระพร", "พระบาทสมเด็จพระเจ้าอยู่หัว")),
        ("วันเฉลิมพระชนมพรรษา 28 กรกฎาคม 2564", ("เฉลิมพระชนมพรรษา",)),
        ("เสด็จพระราชดําเนิน", ("เสด็จพระราชดำเนิน",)),
        ("งานวันปิยมหาราช และวันปิยมหาราช", ("วันปิยมหาราช",)),
    ],
)
def test_royal_words_are_named_once_each(text, words):
    assert royal_words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "ลอยกระทงใต้สะพานพระราม 8 เขตพระนคร", "ปิดถนนสมเด็จพระเจ้าตากสิน", "โรงพยาบาลสมเด็จพระปิ่นเกล้าเปิดบริการ",
        "ตามพระราชบัญญัติข้อมูลข่าวสารของราชการ", "สวนหลวง ร.9 เปิดทุกวัน", "",
    ],
)  # fmt: skip
def test_places_and_laws_with_royal_names_are_ordinary(text):
    assert royal_words(text) == ()
