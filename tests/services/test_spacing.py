"""Posts of one Page less than a minute apart are told; others are not."""

from datetime import timedelta

import pytest

from core.vocab import Channel, PostState
from services import posts
from services.spacing import too_close
from tests.builders import START, make_post

DUE = START + timedelta(days=1)


def planned(session, team, title: str, due_at, channel=Channel.FACEBOOK, state=PostState.IN_REVIEW):
    bodies = {channel: f"{title} ลอยกระทง"}
    return make_post(session, team.officer, state, title=title, bodies=bodies, due_at=due_at)


@pytest.mark.parametrize(("seconds", "told"), [(0, True), (59, True), (-59, True), (60, False), (-60, False)])
def test_a_minute_apart_is_enough(session, team, seconds, told):
    mine = planned(session, team, "ของเรา", DUE)
    planned(session, team, "อีกโพสต์", DUE + timedelta(seconds=seconds))
    assert list(too_close(session, mine)) == (["อีกโพสต์"] if told else [])


def test_only_posts_for_the_page_that_are_still_planned_count(session, team):
    mine = planned(session, team, "ของเรา", DUE)
    planned(session, team, "เฉพาะ X", DUE, Channel.X)
    gone = planned(session, team, "ถอนแล้ว", DUE)
    posts.withdraw_post(session, gone.id, "ยกเลิก", team.officer, START)
    assert too_close(session, mine) == []
    draft = planned(session, team, "ร่าง", DUE, state=PostState.DRAFT)
    assert list(too_close(session, mine)) == ["ร่าง"]
    assert list(too_close(session, draft)) == ["ของเรา"]


def test_a_post_for_x_alone_or_without_a_time_has_no_neighbours(session, team):
    planned(session, team, "ของเพจ", DUE)
    assert too_close(session, planned(session, team, "เฉพาะ X", DUE, Channel.X)) == []
    assert too_close(session, planned(session, team, "ยังไม่มีเวลา", None, state=PostState.DRAFT)) == []
