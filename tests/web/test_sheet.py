"""The composer's pieces without scripts: pictures in order, threads, polls, a first comment, prices."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from connectors.base import Receipt
from core.vocab import Channel, DeliveryState, ReplySettings
from models import Delivery, Post
from services.prices import load_prices
from services.sending import settle_published
from services.texts import count
from tests.builders import START, make_approved, make_event, make_picture
from tests.web.site import words
from web.forms import Form
from web.preview import looks_of
from web.sheet import rearranged

POST = {
    "title": "ลอยกระทง", "kind": "general", "channels": ["facebook", "x"], "due_at_day": "24/10/2563",
    "due_at_time": "09.00", "body_facebook": "ลอยกระทง", "body_x": "ลอยกระทง",
}  # fmt: skip


def pictures(site, count):
    return [str(make_picture(site.rt, site.team.officer, width=100 + n)) for n in range(count)]


def the_post(site):
    with site.rt.sessions.begin() as session:
        return session.scalars(select(Post)).one()


def test_everything_a_post_can_have_is_stored_and_comes_back_on_the_sheet(site, officer):
    ids = pictures(site, 2)
    typed = POST | {
        "part": ["ส่วนสอง", "", "ส่วนสาม"], "asset_id": ids, "alt_text": ["กระทง", "สะพาน"],
        "first_comment": "รายละเอียดเพิ่มเติม", "reply_settings": "following",
    }  # fmt: skip
    officer.follow(officer.post("/posts", typed))
    post = the_post(site)
    assert [(str(one.asset_id), one.alt_text) for one in post.media] == [(ids[0], "กระทง"), (ids[1], "สะพาน")]
    assert post.variants[1].thread == ["ส่วนสอง", "ส่วนสาม"]
    assert (post.first_comment, post.reply_settings) == ("รายละเอียดเพิ่มเติม", ReplySettings.FOLLOWING)
    sheet = officer.get("/posts/1/edit").text
    for piece in ("ส่วนสอง", "ส่วนสาม", ">\nสะพาน", "รายละเอียดเพิ่มเติม", '<option value="following" selected>'):
        assert piece in sheet
    page = words(officer.get("/posts/1"))
    assert "ALT: กระทง" in page
    assert "3/3" in page


def test_pictures_change_places_and_the_words_go_with_them(site, officer):
    ids = pictures(site, 2)
    first = POST | {"asset_id": ids, "alt_text": ["กระทง", "สะพาน"]}
    officer.post("/posts", first)
    officer.post(
        "/posts/1/edit", first | {"asset_id": ids[::-1], "alt_text": ["สะพาน", "กระทง"], "revision": "1"}
    )
    assert [(str(one.asset_id), one.alt_text) for one in the_post(site).media] == [
        (ids[1], "สะพาน"), (ids[0], "กระทง"),
    ]  # fmt: skip
    officer.post("/posts/1/edit", first | {"asset_id": ids[:1], "alt_text": ["กระทง"], "revision": "2"})
    assert [str(one.asset_id) for one in the_post(site).media] == ids[:1]


@pytest.mark.parametrize(
    ("do", "parts", "media"),
    [
        ("add_part", ["สอง", "สาม", ""], ["1", "2", "3"]),
        ("drop_part|2", ["สาม"], ["1", "2", "3"]),
        ("drop_part|4", ["สอง", "สาม"], ["1", "2", "3"]),
        ("media_up|2", ["สอง", "สาม"], ["2", "1", "3"]),
        ("media_up|1", ["สอง", "สาม"], ["1", "2", "3"]),
        ("media_down|2", ["สอง", "สาม"], ["1", "3", "2"]),
        ("media_drop|3", ["สอง", "สาม"], ["1", "2"]),
        ("media_drop|9", ["สอง", "สาม"], ["1", "2", "3"]),
        ("media_drop|", ["สอง", "สาม"], ["1", "2", "3"]),
        ("dance|1", ["สอง", "สาม"], ["1", "2", "3"]),
        ("", ["สอง", "สาม"], ["1", "2", "3"]),
    ],
)
def test_each_button_moves_its_piece_and_no_other(do, parts, media):
    form = Form({"body_x": "หนึ่ง"}, {"part": ("สอง", "สาม"), "asset_id": ("1", "2", "3"), "alt_text": ("ก",)})
    after = rearranged(form, do)
    assert (list(after.lists["part"]), list(after.lists["asset_id"])) == (parts, media)
    assert after.values == form.values


def test_a_long_text_is_split_into_posts_that_all_fit(officer):
    long = "กรุงเทพมหานครขอเชิญชวนประชาชนร่วมงานลอยกระทง ณ สะพานพระราม 8\n\n" * 12
    link = "https://www.bangkok.go.th/a"
    form = rearranged(Form({"body_x": long, "link": link}, {"channels": ("x",)}), "split")
    texts = [form.values["body_x"], *form.lists["part"]]
    assert len(texts) > 2
    assert all(not count(text, Channel.X, link).over for text in texts)
    assert "".join("".join(texts).split()) == "".join(long.split())
    page = officer.post("/posts/check", POST | {"body_x": long, "do": "split"})
    assert page.text.count('name="part"') == len(texts) - 1
    assert rearranged(Form({"body_x": " "}), "split").lists["part"] == ()


def test_a_script_gets_the_rearranged_pieces_and_nothing_else(officer):
    typed = POST | {"part": ["สอง"], "do": "add_part"}
    answer = officer.post("/posts/check", typed, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert answer.text.count('name="part"') == 2
    for piece in ("looks", "parts", "media", "body_x"):
        assert f'id="{piece}"' in answer.text


def test_each_post_on_x_shows_its_price_and_the_sum(officer):
    typed = POST | {"link": "https://www.bangkok.go.th/a", "part": ["สอง", "สาม"]}
    page = words(officer.post("/posts/check", typed))
    for price in ("0.200", "0.015"):
        assert f"{price} ดอลลาร์สหรัฐ" in page
    assert "รวม 0.230 ดอลลาร์สหรัฐ (3 โพสต์)" in page


def test_the_count_beside_each_part_is_the_count_of_the_service():
    texts = ["หนึ่ง", "สอง https://www.bangkok.go.th/ก", "สาม 🎉"]
    form = Form({"body_x": texts[0], "link": ""}, {"channels": ("x",), "part": tuple(texts[1:])})
    looks = looks_of(form, START, load_prices())
    assert [look.counted for look in looks] == [count(text, Channel.X) for text in texts]
    assert [look.price for look in looks] == [Decimal("0.015"), Decimal("0.2"), Decimal("0.015")]


def test_a_wrong_word_in_a_part_is_named_and_mended_there(officer):
    typed = POST | {"part": ["พบกันที่เขตสาธร"]}
    answer = officer.post("/posts/check", typed)
    (place,) = re.findall(r'name="fix" value="(part_2\|\d+)"', answer.text)
    mended = officer.post("/posts/check", typed | {"fix": place}, headers={"HX-Request": "true"})
    assert re.search(r'<textarea id="part_2" name="part"[^>]*>\s*พบกันที่เขตสาทร</textarea>', mended.text)


WRONG = [
    ({"part": ["ก" * 281]}, "part_2", "เกิน"),
    ({"part": ["ก"] * 25}, "body_x", "ไม่เกิน 25 โพสต์"),
    ({"poll_option": ["ใช่"], "poll_minutes": "60"}, "poll_1", "2 ถึง 4"),
    ({"poll_option": ["ใช่", "ใช่"], "poll_minutes": "60"}, "poll_1", "ไม่ซ้ำกัน"),
    ({"poll_option": ["ใช่", "ไ" * 26], "poll_minutes": "60"}, "poll_2", "25"),
    ({"poll_option": ["ใช่", "ไม่"], "poll_minutes": "1"}, "poll_minutes", "นาที"),
    ({"poll_option": ["ใช่", "ไม่"], "poll_minutes": "60", "channels": ["facebook"]}, "poll_1", "เฉพาะบน X"),
    ({"first_comment": "ดูเพิ่ม", "channels": ["x"]}, "first_comment", "เฉพาะบน Facebook"),
]


@pytest.mark.parametrize(("change", "field", "told"), WRONG)
def test_what_cannot_be_is_told_beside_its_field_and_everything_typed_stays(
    site, officer, change, field, told
):
    answer = officer.post("/posts", POST | {"part": ["อยู่ต่อ"]} | change)
    assert answer.status_code == 422
    beside = re.search(rf'id="{field}-problem">(.*?)</p>', answer.text, re.DOTALL)
    assert told in (beside[1] if beside else words(answer))
    for typed in change.values():
        for one in [typed] if isinstance(typed, str) else typed:
            assert one in answer.text
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Post)).all() == []


def test_a_second_picture_without_words_is_told_beside_it_and_both_are_kept(site, officer):
    ids = pictures(site, 2)
    answer = officer.post("/posts", POST | {"asset_id": ids, "alt_text": ["กระทง", " "]})
    assert re.search(r'id="alt_text_2-problem">.*?คำอธิบายภาพ', answer.text, re.DOTALL)
    assert re.findall(r'name="asset_id" value="(\d+)"', answer.text) == ids
    assert ">\nกระทง</textarea>" in answer.text


def test_a_poll_and_a_picture_do_not_go_together(site, officer):
    typed = POST | {"poll_option": ["ใช่", "ไม่"], "poll_minutes": "1440"}
    picture = {"asset_id": pictures(site, 1), "alt_text": ["กระทง"]}
    assert "แบบสำรวจใส่รูปภาพหรือวิดีโอไม่ได้" in words(officer.post("/posts", typed | picture))
    officer.follow(officer.post("/posts", typed))
    assert the_post(site).poll == {"options": ["ใช่", "ไม่"], "minutes": 1440}
    assert '<option value="1440" selected>' in officer.get("/posts/1/edit").text


def test_the_posts_page_shows_how_far_a_thread_came_and_the_queue_shows_it_once(site, officer, approver):
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
    rows = make_approved(
        site.rt, site.team.officer, site.team.approver, thread=("สอง", "สาม"), first_comment="ดูเพิ่ม",
        event_id=event.id, due_at=START + timedelta(days=4),
    )  # fmt: skip
    with site.rt.sessions.begin() as session:
        first = session.get_one(Delivery, rows[2].id)
        first.move(DeliveryState.SENDING, START)
        settle_published(first, Receipt("1102", "https://x.com/i/status/1102", START), START, why="sent")
        session.get_one(Delivery, rows[3].id).move(DeliveryState.FAILED, START, why="rejected")
    page = words(officer.get("/posts/1"))
    assert "เผยแพร่แล้ว 1 จาก 3 ส่วน" in page
    assert "เผยแพร่แล้ว 0 จาก 2 ส่วน" in page
    assert "โพสต์ที่ 3 จาก 3" in page
    assert "ความคิดเห็นแรก" in page
    queued = words(approver.get("/queue"))
    assert queued.count("ลอยกระทง 2563") == 3  # on Facebook, its first post on X, and the one that is stuck
    assert "ส่วนที่ 2" in queued
    refused = officer.post("/posts/1/edit", POST | {"revision": "1", "body_x": "แก้", "title": "แก้แล้ว"})
    assert "เผยแพร่ไปแล้ว 1 จาก 3 ส่วน" in words(refused)
    assert "แก้แล้ว" in refused.text
