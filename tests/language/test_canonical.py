from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.canonical import canonical_read, canonical_sent, digest, same_text
from tests.language.x_readback import NASTY_TEXTS, POST, as_x_returns

ALPHABET = "กขคงนมำาิีุู่้๊ํเแไๆฯ๑๒ &<>ab\n\t\u200b\u00a0.“”"
PIECES = st.one_of(
    st.text(alphabet=ALPHABET, max_size=20),
    st.sampled_from([" https://bangkok.go.th/ข่าว ", "bangkok.go.th", " https://a.go.th/x?y=1&z=2", "&amp;"]),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


@pytest.mark.parametrize("media", [0, 1, 4])
@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_a_post_read_back_from_x_is_known_again(text, media):
    read, entities = as_x_returns(text, media)
    assert same_text(text, read, entities)


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_white_space_changed_by_facebook_does_not_matter(text):
    read = "\n\n".join(text.strip().replace("\r", "").splitlines()) + " "
    assert canonical_sent(read) == canonical_sent(text)


@given(TEXTS, st.integers(min_value=0, max_value=2))
def test_whatever_is_sent_is_known_again(text, media):
    read, entities = as_x_returns(text, media)
    assert canonical_read(read, entities) == canonical_sent(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("กำหนด", "กําหนด"),
        ("น้ำ", "น้ํา"),
        ("น้ำ", "นํ้า"),
        ("น้ำ", "นำ้"),
        ("กู้", "กู้"),
        ("ปฏิทินกิจกรรม", "ปฏิทิน\u200bกิจกรรม"),
        ("a b", " a\u00a0\n b "),
        ("bangkok.go.th", "http://bangkok.go.th"),
        ("bangkok.go.th", "https://BANGKOK.go.th/"),
        ("http://กรุงเทพมหานคร.ไทย", "http://xn--12cgi8dk3avmg1fxd4cuf.xn--o3cw4h"),
        ("https://a.go.th/%E0%B8%81", "https://a.go.th/%e0%b8%81"),
    ],
)
def test_the_same_visible_text_has_one_canonical_form(one, other):
    assert digest(canonical_sent(one)) == digest(canonical_sent(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ปี 2563", "ปี 2564"),
        ("ปี 2563", "ปี ๒๕๖๓"),
        ("ข่าว", "ขาว"),
        ("เขตสาทร", "เขตสาธร"),
        ("ต่างๆ", "ต่าง ๆ"),
        ("ดู https://bangkok.go.th/1", "ดู https://bangkok.go.th/2"),
        ("ดู https://bangkok.go.th/?p=1", "ดู https://bangkok.go.th/?p=2"),
        ("ดู https://bangkok.go.th/#a", "ดู https://bangkok.go.th/#b"),
        ("ดู https://bangkok.go.th/Main", "ดู https://bangkok.go.th/main"),
        ("", "ก"),
    ],
)
def test_different_texts_stay_different(one, other):
    assert digest(canonical_sent(one)) != digest(canonical_sent(other))


def test_no_two_texts_of_the_corpus_are_taken_for_each_other():
    forms = [canonical_sent(text) for text in NASTY_TEXTS]
    alike = [pair for pair in combinations(sorted(forms), 2) if pair[0] == pair[1]]
    assert alike == [(canonical_sent("ดูรายละเอียดที่ bangkok.go.th").replace("bangkok", "www.bangkok"),) * 2]


def test_the_address_that_was_sent_counts_not_where_it_leads():
    read = "อ่านต่อ https://t.co/abc123"
    entities = {
        "urls": [
            {
                "url": "https://t.co/abc123",
                "expanded_url": "https://bit.ly/3x",
                "unwound_url": "https://www.bangkok.go.th/main",
            }
        ]
    }
    assert same_text("อ่านต่อ https://bit.ly/3x", read, entities)


def test_the_link_of_an_attached_photo_is_no_part_of_the_text():
    by_key = {"urls": [{"url": "https://t.co/p1", "media_key": "3_1"}]}
    by_address = {"urls": [{"url": "https://t.co/p1", "expanded_url": f"{POST}/photo/1"}]}
    assert canonical_read("ข่าว https://t.co/p1", by_key) == "ข่าว"
    assert canonical_read("ข่าว https://t.co/p1", by_address) == "ข่าว"
    assert canonical_read("https://t.co/p1", by_key) == ""


def test_escapes_are_undone_once_and_only_those_x_makes():
    assert canonical_read("A&amp;B &lt;1&gt; &amp;amp; &amp;copy &#39;", None) == "A&B <1> &amp; &copy &#39;"


@pytest.mark.parametrize(
    "entities", [None, {}, {"urls": []}, {"urls": [{}]}, {"urls": [{"url": "https://t.co/a1"}]}]
)
def test_a_short_link_that_nothing_explains_stays(entities):
    assert canonical_read("ข่าว https://t.co/a1", entities) == "ข่าว t.co/a1"


@pytest.mark.parametrize("address", ["http://[", "http://" + "ก" * 70 + ".th", "http://a..b/c", ""])
def test_an_address_that_is_none_is_compared_as_it_stands(address):
    entities = {"urls": [{"url": "https://t.co/a1", "expanded_url": address}]}
    assert canonical_read("https://t.co/a1", entities) == address.removeprefix("http://")
