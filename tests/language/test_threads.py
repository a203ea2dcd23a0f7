import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.cuts import hangs
from language.threads import split_thread
from language.xlength import BadXText, find_links, length, written

NEWS = (
    "กรุงเทพมหานครขอเชิญประชาชนร่วมงาน “วันต้นไม้ประจำปีของชาติ” ณ สวนลุมพินี เขตปทุมวัน ในวันที่ 24 พฤษภาคม 2569 "
    "เวลา 09.00 - 16.00 น. โดยภายในงานมีการแจกกล้าไม้ จำนวน 1,250 ต้น การสาธิตการปลูกต้นไม้ในพื้นที่จำกัด "
    "และกิจกรรมต่าง ๆ สำหรับครอบครัวอีกมากมาย ลงทะเบียนที่ https://www.bangkok.go.th/trees ได้ตั้งแต่วันนี้เป็นต้นไปค่ะ\n\n"
    "ผู้ว่าราชการกรุงเทพมหานครเปิดเผยว่าการเตรียมความพร้อมรับมือฝุ่นละอองขนาดเล็ก PM2.5 ได้ดำเนินการแล้วทั้ง 50 เขต"
    "โดยติดตั้งเครื่องตรวจวัดคุณภาพอากาศเพิ่มเติมและขอความร่วมมือประชาชนงดเผาในที่โล่งทุกประเภทพร้อมทั้งแจ้งเบาะแสผ่าน"
    "แอปพลิเคชันทราฟฟี่ฟองดูว์หรือโทรศัพท์สายด่วน 1555 ตลอด 24 ชั่วโมง สอบถามเพิ่มเติม โทร. 0 2221 2141 ต่อ 1234 "
    "#กรุงเทพมหานคร #ปลูกต้นไม้ล้านต้น"
)
THAI = st.text(alphabet=st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), max_size=40)
PIECES = st.one_of(
    THAI,
    st.sampled_from(
        [
            "กรุงเทพมหานคร",
            "น้ำ",
            "เปิด",
            " ",
            "\n",
            "\n\n",
            "ๆ",
            "1,250",
            "๐๙.๐๐ น.",
            "#ปลูกต้นไม้",
            "🇹🇭🇹🇭",
            "👩‍👩‍👧",
        ]
    ),
    st.sampled_from(
        ["https://bangkok.go.th/a", "bangkok.go.th", "http://กรุงเทพ.ไทย/", "pr@bangkok.go.th", "か" * 9]
    ),
    st.text(max_size=12),
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)
LIMITS = st.integers(min_value=60, max_value=280)


def bare(text):
    return "".join(text.split())


@given(TEXTS, LIMITS, st.booleans())
def test_every_part_fits_begins_with_a_letter_and_nothing_is_lost(text, limit, numbered):
    parts = split_thread(text, limit, numbered=numbered)
    assert all(length(part) <= limit for part in parts)
    assert not any(hangs(part[0]) or unicodedata.combining(part[0]) for part in parts[1:])
    if numbered and len(parts) > 1:
        parts = [part.removesuffix(f" ({place}/{len(parts)})") for place, part in enumerate(parts, 1)]
    assert bare("".join(parts)) == bare(written(text))
    assert all(part == part.strip() != "" for part in parts)


@given(TEXTS, LIMITS)
def test_no_address_is_torn(text, limit):
    whole = written(text).strip()
    parts = split_thread(text, limit)
    position = 0
    for part in parts[:-1]:
        position = whole.index(part, position) + len(part)
        assert not any(link.start < position < link.end for link in find_links(whole))


@given(TEXTS)
def test_a_text_that_fits_stays_in_one_piece(text):
    parts = split_thread(text, 10_000)
    assert parts == [written(text).strip()][: len(parts)]


@pytest.mark.parametrize("limit", [90, 120, 180, 280])
@pytest.mark.parametrize(
    "whole",
    [
        "24 พฤษภาคม 2569",
        "09.00 - 16.00 น.",
        "1,250",
        "ต่าง ๆ",
        "https://www.bangkok.go.th/trees",
        "PM2.5",
        "โทร. 0 2221 2141",
        "#ปลูกต้นไม้ล้านต้น",
        "เขตปทุมวัน",
        "ผู้ว่าราชการกรุงเทพมหานคร",
        "“วันต้นไม้ประจำปีของชาติ”",
    ],
)
def test_what_is_read_as_one_stays_as_one(whole, limit):
    if whole.startswith("“") and limit < 100:
        limit = 100  # a quotation may be broken when it must
    assert sum(whole in part for part in split_thread(NEWS, limit)) == NEWS.count(whole)


def test_a_long_text_is_cut_where_a_reader_would_pause():
    first, second = split_thread("ประกาศ " * 20 + "\n\n" + "เชิญชวน " * 25, 280)
    assert first.endswith("ประกาศ")
    assert second.startswith("เชิญชวน")


def test_a_text_without_a_space_is_cut_between_words():
    sentence = "กรุงเทพมหานครขอเชิญประชาชนร่วมกิจกรรมปลูกต้นไม้"
    words = {"กรุงเทพมหานคร", "ขอ", "เชิญ", "ประชาชน", "ร่วม", "กิจกรรม", "ปลูก", "ต้นไม้"}
    for part in split_thread(sentence * 8, 100)[1:]:
        assert any(part.startswith(word) for word in words), part


def test_numbers_are_counted_and_agree_with_how_many_parts_there_are():
    parts = split_thread(NEWS, 100, numbered=True)
    assert [re.search(r" \((\d+)/(\d+)\)$", part).groups() for part in parts] == [
        (str(place), str(len(parts))) for place in range(1, len(parts) + 1)
    ]
    assert max(length(part) for part in parts) <= 100
    many = split_thread("ประชาชน " * 400, 280, numbered=True)
    assert many[9].endswith(f" (10/{len(many)})")


def test_one_part_needs_no_number():
    assert split_thread(" สวัสดี\r\nครับ ", numbered=True) == ["สวัสดี\nครับ"]
    assert split_thread(" \n") == []


def test_a_letter_under_more_marks_than_a_post_holds_cannot_be_split():
    with pytest.raises(BadXText) as caught:
        split_thread("ก" + "่" * 300)
    assert caught.value.key == "x_text_unsplittable"


def test_a_word_longer_than_a_post_is_cut_between_letters():
    parts = split_thread("#" + "กำ" * 300)
    assert "".join(parts) == "#" + "กำ" * 300
    assert all(length(part) <= 280 for part in parts)


def test_the_dictionary_is_read_from_the_wheel_and_leaves_no_trace(tmp_path):
    script = (
        "import sys; sys.addaudithook(lambda event, args: 1 / (not event.startswith('socket.')))\n"
        "from language.threads import split_thread\n"
        "assert len(split_thread('ประชาชน' * 100)) > 1\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={"HOME": str(tmp_path)}, timeout=60)
    assert list(tmp_path.iterdir()) == []
