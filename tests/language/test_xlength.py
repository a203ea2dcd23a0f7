import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.xlength import BadXText, find_links, measure, require_fit, written

THAI_TEXT = st.text(alphabet=st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), max_size=400)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("สวัสดี", 6),
        ("ก๊ำ", 3),
        ("ดูที่bangkok.go.th", 28),
        ("https://www.bangkok.go.th/ข่าว/1", 29),
        ("กทม.th", 6),
        ("http://กรุงเทพมหานคร.ไทย", 23),
        ("Hi http://test.co", 26),
        ("か" * 160, 320),
        ("bangkok.go.th", 23),
        ("www.bma.go.th", 23),
        ("ftp://bangkok.go.th/x", 21),
        ("pr@bangkok.go.th", 16),
        ("฿", 1),
        ("\u200b", 1),
        ("“”", 2),
        ("–—", 2),
        ("½×", 2),
        ("…", 2),
        ("•", 2),
        ("→", 2),
        ("①", 2),
        ("™", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇹🇭", 2),
        ("1️⃣", 2),
        ("👍🏽", 2),
        ("e\u0301", 1),
        ("ก\r\nข", 3),
        ("", 0),
    ],
)
def test_lengths_agree_with_the_published_cases(text, length):
    assert measure(text).length == length


@given(THAI_TEXT)
def test_plain_thai_is_as_long_as_its_code_points(text):
    assert measure(text).length == len(unicodedata.normalize("NFC", text))


@given(THAI_TEXT, st.integers(min_value=1, max_value=3))
def test_every_link_adds_its_fixed_length_whatever_surrounds_it(text, links):
    long_link = "https://www.bangkok.go.th/" + "a" * 60
    joined = text + "".join(f" {long_link} " for _ in range(links))
    assert measure(joined).length == measure(text).length + links * 25


def test_280_fits_and_281_does_not():
    assert measure("ก" * 280).fits
    assert measure("ก" * 280).remaining == 0
    assert measure("ก" * 281).problem == "x_text_too_long"
    assert measure("ก" * 281).remaining == -1


def test_links_are_found_where_they_stand():
    text = "ดูที่bangkok.go.th และ https://pr-bangkok.com/th/power"
    assert [text[link.start : link.end] for link in find_links(text)] == [
        "bangkok.go.th",
        "https://pr-bangkok.com/th/power",
    ]


def test_a_thai_path_breaks_the_link_and_the_encoded_address_is_offered():
    text = "อ่านที่ https://www.bangkok.go.th/ข่าว/1?หน้า=2 ได้เลย"
    (broken,) = measure(text).broken_links
    assert broken.link == "https://www.bangkok.go.th/"
    fixed = text[: broken.start] + broken.suggestion + text[broken.end :]
    assert fixed.endswith(" ได้เลย")
    assert measure(fixed).broken_links == ()
    assert [link.text for link in find_links(fixed)] == [
        "https://www.bangkok.go.th/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7/1?%E0%B8%AB%E0%B8%99%E0%B9%89%E0%B8%B2=2"
    ]


@pytest.mark.parametrize(
    ("address", "encoded"),
    [
        ("https://bangkok.go.th?q=ข่าว", "https://bangkok.go.th?q=%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7"),
        ("bangkok.go.th/a-ข", "bangkok.go.th/a-%E0%B8%82"),
        ("https://th.wikipedia.org/wiki/ก_(ข)", "https://th.wikipedia.org/wiki/%E0%B8%81_%28%E0%B8%82%29"),
        ("https://th.wikipedia.org/wiki/a_(ข)", "https://th.wikipedia.org/wiki/a_%28%E0%B8%82%29"),
        ("http://กรุงเทพมหานคร.ไทย/ก", "http://กรุงเทพมหานคร.ไทย/%E0%B8%81"),
        ("https://bangkok.go.th/%E0%B8%81ข", "https://bangkok.go.th/%E0%B8%81%E0%B8%82"),
    ],
)
def test_an_address_with_thai_in_it_is_one_link_once_encoded(address, encoded):
    (broken,) = measure(f"ดู {address} ค่ะ").broken_links
    assert broken.suggestion == encoded
    fixed = measure(f"ดู {encoded} ค่ะ")
    assert [link.text for link in fixed.links] == [encoded]
    assert (fixed.broken_links, fixed.length) == ((), 30)


@pytest.mark.parametrize(
    "text", ["ราคา 2.50 บาท", "น.ส.สวย ใจดี", "file.pdf", "@bangkok.go.th", "#bangkok.go.th", "กทม.th"]
)
def test_what_only_looks_like_a_link_is_none(text):
    assert measure(text).links == ()


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("พ.ศ.2569.co", "2569.co"),
        ("จบ.bit.ly/3abc", "bit.ly/3abc"),
        ("HTTPS://BMA.GO.TH", "HTTPS://BMA.GO.TH"),
    ],
)
def test_what_x_takes_for_a_link_is_told_because_it_costs(text, link):
    assert [found.text for found in measure(text).links] == [link]


@pytest.mark.parametrize(
    "text",
    [
        "ดูที่bangkok.go.thนะคะ",
        "อ่าน https://bangkok.go.th/news(ภาษาไทย)",
        "ดูที่ https://bangkok.go.th นะคะ",
        "https://bangkok.go.th/news (ภาษาไทย)",
        "https://bangkok.go.thค่ะ",
    ],
)
def test_thai_words_beside_a_link_without_a_path_are_no_mistake(text):
    assert measure(text).broken_links == ()


def test_the_text_is_measured_as_it_will_be_sent():
    assert written("ก\r\nข\rค\u0e38\u0e48") == "ก\nข\nคุ่"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ก" * 291, "x_text_too_long"),
        ("", "x_text_empty"),
        (" \n\u00a0", "x_text_empty"),
        ("\ufeffสวัสดี", "x_text_characters"),
    ],
)
def test_a_text_that_x_refuses_is_refused_here_with_the_reason(text, code):
    with pytest.raises(BadXText) as caught:
        require_fit(text)
    assert caught.value.key == code


def test_a_text_too_long_tells_by_how_much():
    with pytest.raises(BadXText) as caught:
        require_fit("ก" * 291)
    assert caught.value.params == {"length": 291, "limit": 280, "over": 11}


def test_a_text_that_fits_gives_its_measure():
    assert require_fit("สวัสดี").length == 6
