"""What a channel takes, and how typed text is cleaned."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.vocab import Channel
from services import typed
from services.payloads import digest, sent_text
from services.texts import check_text, count

LINK = "https://bangkok.go.th/" + "a" * 60


def test_every_thai_letter_vowel_and_mark_counts_one_on_x():
    counted = count("น้ำท่วม", Channel.X)
    assert (counted.used, counted.limit, counted.remaining, counted.over) == (7, 280, 273, 0)


def test_the_posts_link_costs_23_and_a_new_line_on_x_and_nothing_on_facebook():
    assert count("ลอยกระทง", Channel.X, LINK).used == 8 + 1 + 23
    assert count("ลอยกระทง", Channel.FACEBOOK, LINK).used == 8
    assert count(f"ลอยกระทง {LINK}", Channel.X, LINK).used == 8 + 1 + 23


def test_a_link_that_thai_letters_would_break_is_shown_with_a_better_one():
    broken = count("ดู https://bangkok.go.th/ข่าว", Channel.X).broken_links
    assert broken == (
        ("https://bangkok.go.th/", "https://bangkok.go.th/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7"),
    )


@pytest.mark.parametrize(
    ("body", "channel", "code"),
    [
        ("", Channel.FACEBOOK, "text_empty"),
        (" \n ", Channel.X, "text_empty"),
        ("ก" * 281, Channel.X, "x_too_long"),
        ("ก" * 63_207, Channel.FACEBOOK, "text_too_long"),
        ("a\ufffeb", Channel.X, "x_text_characters"),
    ],
)
def test_what_a_channel_refuses_is_named(body, channel, code):
    with pytest.raises(BadInput) as refused:
        check_text(body, channel)
    assert (refused.value.key, refused.value.params["field"]) == (code, f"body_{channel}")


def test_an_x_text_that_is_too_long_says_by_how_much():
    with pytest.raises(BadInput) as refused:
        check_text("ก" * 291, Channel.X)
    params = refused.value.params
    assert (params["length"], params["limit"], params["over"]) == (291, 280, 11)
    check_text("ก" * 280, Channel.X)
    with pytest.raises(BadInput, match="x_too_long"):
        check_text("ก" * 280, Channel.X, LINK)


@pytest.mark.parametrize(
    ("channel", "picture", "expected"),
    [
        (Channel.X, False, f"ลอยกระทง\n{LINK}"),
        (Channel.X, True, f"ลอยกระทง\n{LINK}"),
        (Channel.FACEBOOK, True, f"ลอยกระทง\n{LINK}"),
        (Channel.FACEBOOK, False, "ลอยกระทง"),
    ],
)
def test_a_link_stands_in_the_text_where_the_channel_has_no_place_for_it(channel, picture, expected):
    assert sent_text(channel, "ลอยกระทง", LINK, picture=picture) == expected


def test_a_payloads_hash_does_not_depend_on_the_order_of_its_keys():
    assert digest({"a": 1, "b": "ก"}) == digest({"b": "ก", "a": 1}) != digest({"a": 1, "b": "ข"})


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    once = typed.body(text, "body")
    assert typed.body(once, "body") == once
    assert unicodedata.is_normalized("NFC", once)
    assert typed.line(typed.line(text, "title", 10_000), "title", 10_000) == typed.line(text, "title", 10_000)


def test_line_ends_of_every_system_become_one_kind():
    assert typed.body(" ก \r\nข\rค\n\n", "body") == "ก\nข\nค"
    with pytest.raises(BadInput, match="too_long"):
        typed.body("ก" * 11, "body", 10)


@pytest.mark.parametrize(
    ("link", "kept"), [("", ""), ("  https://bangkok.go.th/a ", "https://bangkok.go.th/a")]
)
def test_a_web_address_is_kept(link, kept):
    assert typed.link(link) == kept
