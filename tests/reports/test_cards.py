"""What was read back, drawn: a picture a post, the same bytes for the same reading."""

import io
from datetime import timedelta

from PIL import Image

from core.vocab import Channel
from reports.cards import Card, draw_cards
from tests.reports.samples import digest, wall


def card(**more):
    values = {
        "channel": Channel.FACEBOOK, "account": "กรุงเทพมหานคร โดยสำนักงานประชาสัมพันธ์", "pictures": 1,
        "body": "ชวนลอยกระทง น้ำ กำหนด 🎉\n\nสอบถาม โทร. 1555", "link": "https://www.facebook.com/1/posts/2",
        "created_at": wall(2020, 10, 24, 9, 0), "read_at": wall(2020, 10, 24, 9, 1), "live": True,
        "sha256": digest("reading"),
    }  # fmt: skip
    return Card(**(values | more))


def test_each_card_is_a_picture_and_the_same_card_the_same_bytes(font_folder):
    cards = [card(), card(body="ก" * 3000), card(live=False, created_at=None, channel=Channel.X, pictures=0)]
    drawn = draw_cards(cards, font_folder)
    assert drawn == draw_cards(cards, font_folder)
    sizes = [Image.open(io.BytesIO(one)).size for one in drawn]
    assert {width for width, _ in sizes} == {sizes[0][0]}
    assert sizes[1][1] > 4 * sizes[0][1]


def test_another_word_another_moment_or_another_hash_is_another_picture(font_folder):
    others = [card(body="อื่น"), card(read_at=card().read_at + timedelta(minutes=1)), card(sha256=digest("x"))]
    assert len(set(draw_cards([card(), *others], font_folder))) == 4


def test_no_cards_are_no_pictures(font_folder):
    assert draw_cards([], font_folder) == []
