import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
import typst

from reports import fonts, text_layer
from tests.reports.conftest import pdfium, squeezed

DENSE = (
    "ที่ ปี่ ซื้อ หนี้ น้ำ กำหนด ทั้งสิ้น ญี่ปุ่น ฐานข้อมูล กรุงเทพมหานคร สัมพันธวงศ์ ป้อมปราบศัตรูพ่าย "
    "A วันที่ 31 มีนาคม 2564 ฤๅษี ฦๅชา พันธุ์ ศักดิ์สิทธิ์ ค่ำ ซ้ำ ถ้ำ ช้ำ ป้ำ ฟ้ำ อำเภอ สำนัก เปี๊ยก ก๋วยเตี๋ยว ๑๒๓ ฯลฯ ๆ "
    "office AVATAR fi ffl “ก” ≥ 72 ชม. – 63.64 %"
)
CONSONANTS = "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
TONES = {"ษ": ("",)}
CLUSTERS = " ".join(
    [letter + tone + "ำ" for letter in CONSONANTS for tone in ("", "่", "้", "๊", "๋")]
    # No Thai word sets a tone over a vowel of ษ, and the bold face has no good place for it.
    + [
        letter + vowel + tone
        for letter in CONSONANTS
        for vowel in "ิีึืุูั"
        for tone in TONES.get(letter, ("", "่", "้"))
    ]
)


def typeset(text: str, font_folder: Path, weight: str = "regular", size: int = 16) -> bytes:
    source = f'#set text(font: "Sarabun", size: {size}pt, lang: "th", weight: "{weight}")\n{text}'.encode()
    compiler = typst.Compiler(source, font_paths=[str(font_folder)], ignore_system_fonts=True)
    return compiler.compile(format="pdf", pdf_standards=["a-3a"], timestamp=0)


@pytest.mark.parametrize("weight", ["regular", "bold"])
@pytest.mark.parametrize("text", [DENSE, CLUSTERS], ids=["dense", "clusters"])
def test_copied_text_equals_what_was_set(text, weight, font_folder, copied):
    pdf = typeset(text, font_folder, weight)
    assert copied(text_layer.repair(pdf, fonts.load(font_folder).files)) == squeezed(text)


def test_words_copy_whole_from_chrome_line_by_line(font_folder):
    words = ["ศักดิ์สิทธิ์", "ลิขสิทธิ์ของ", "ทั้งสิ้น", "ปั่นจักรยาน", "ฟื้นฟู", "ผู้ว่าราชการ", "ฝั่งธนบุรี", "เก็บเงิน", "น้ำท่วม"] * 10
    for weight in ("regular", "bold"):
        pdf = typeset(" \\\n".join(words), font_folder, weight, size=12)
        lines = pdfium(text_layer.repair(pdf, fonts.load(font_folder).files)).splitlines()
        assert [unicodedata.normalize("NFKC", line).strip() for line in lines] == [
            unicodedata.normalize("NFKC", word) for word in words
        ]


def test_spaces_after_marks_are_copied_by_chrome(font_folder):
    text = "สำนักงานประชาสัมพันธ์ สำนักปลัด หนี้ ที่ อยู่ แล้ว"
    pdf = typeset(text, font_folder, size=12)
    copied = pdfium(text_layer.repair(pdf, fonts.load(font_folder).files))
    assert unicodedata.normalize("NFKC", copied) == unicodedata.normalize("NFKC", text)


def test_the_repair_is_still_needed(font_folder, copied):
    """When this fails typst writes a true layer: delete text_layer.py, glyph_texts.py and their tests."""
    assert copied(typeset(DENSE, font_folder)) != squeezed(DENSE)


def test_repairing_twice_gives_the_same_bytes(font_folder):
    pdf, files = typeset(DENSE, font_folder), fonts.load(font_folder).files
    assert text_layer.repair(pdf, files) == text_layer.repair(pdf, files)


def test_places_to_break_are_not_copied(font_folder, copied):
    pdf = typeset("https://www.example\u200b.go.th/\u200bน้ำ\u200bก", font_folder)
    assert copied(text_layer.repair(pdf, fonts.load(font_folder).files)) == squeezed(
        "https://www.example.go.th/น้ำก"
    )


def test_a_font_that_is_not_given_keeps_its_layer(font_folder, copied: Callable[[bytes], str]):
    pdf = typeset(DENSE, font_folder)
    assert copied(text_layer.repair(pdf, [])) == copied(pdf)
