"""What a post may be made of: how many pictures, what stands alone, how payloads are frozen."""

import pytest

from core.errors import BadInput
from core.vocab import Channel, MessageKind, ReplySettings
from services import media
from services.media import Upload
from services.post_parts import MediaItem, PollForm
from tests.builders import BODIES, make_accounts, make_approved, make_picture, make_post
from tests.films import TINY

LINK = "https://www.bangkok.go.th"


def create(rt, team, **more):
    with rt.sessions.begin() as session:
        return make_post(session, team.officer, **more)


def pictures(rt, team, count):
    ids = [make_picture(rt, team.officer, width=100 + n) for n in range(count)]
    return tuple(MediaItem(one, f"ภาพที่ {n}") for n, one in enumerate(ids, 1))


def test_a_post_holds_ten_pictures_and_not_eleven(rt, team):
    items = pictures(rt, team, 11)
    assert [one.position for one in create(rt, team, media=items[:10]).media] == list(range(1, 11))
    with pytest.raises(BadInput, match="too_many_media"):
        create(rt, team, media=items)


def test_a_video_stands_alone(rt, team):
    film = media.store_media(rt, Upload("ขบวน.mp4", TINY), team.officer).id
    assert len(create(rt, team, media=(MediaItem(film, "ขบวนเรือ"),)).media) == 1
    with pytest.raises(BadInput, match="media_mixed"):
        create(rt, team, media=(MediaItem(film, "ขบวนเรือ"), *pictures(rt, team, 1)))


def test_the_same_picture_may_stand_twice_with_other_words(rt, team):
    (one,) = pictures(rt, team, 1)
    post = create(rt, team, media=(one, MediaItem(one.asset_id, "อีกมุมหนึ่ง")))
    assert [row.alt_text for row in post.media] == ["ภาพที่ 1", "อีกมุมหนึ่ง"]


def test_approval_freezes_one_delivery_per_part_each_following_the_one_before(rt, team):
    make_accounts(rt)
    rows = make_approved(
        rt, team.officer, team.approver, link=LINK, thread=("สอง", "สาม"), first_comment="ความคิดเห็น",
        poll=PollForm(("ใช่", "ไม่"), 60), reply_settings=ReplySettings.FOLLOWING,
    )  # fmt: skip
    found = [(row.payload["text"], row.payload["kind"], row.part) for row in rows]
    post, comment = MessageKind.POST, MessageKind.COMMENT
    assert found == [
        (BODIES[Channel.FACEBOOK], post, 1), ("ความคิดเห็น", comment, 2),
        (f"{BODIES[Channel.X]}\n{LINK}", post, 1), ("สอง", post, 2), ("สาม", post, 3),
    ]  # fmt: skip
    assert [row.follows_id for row in rows] == [None, rows[0].id, None, rows[2].id, rows[3].id]
    assert [row.occurrence for row in rows] == [1, 2, 1, 2, 3]
    assert rows[2].payload["poll"] == {"options": ["ใช่", "ไม่"], "minutes": 60}
    assert rows[2].payload["reply_settings"] == "following"
    assert not {"poll", "reply_settings"} & rows[0].payload.keys() | rows[3].payload.keys() & {"poll"}


def test_a_thread_and_a_comment_of_channels_that_are_not_chosen_are_refused_or_left_out(rt, team):
    only_facebook = {Channel.FACEBOOK: "ลอยกระทง"}
    post = create(rt, team, bodies=only_facebook, thread=("สอง",))
    assert [variant.thread for variant in post.variants] == [[]]
    with pytest.raises(BadInput, match="poll_needs_x"):
        create(rt, team, bodies=only_facebook, poll=PollForm(("ใช่", "ไม่"), 60))
    with pytest.raises(BadInput, match="comment_needs_facebook"):
        create(rt, team, bodies={Channel.X: "ลอยกระทง"}, first_comment="ดูเพิ่ม")
