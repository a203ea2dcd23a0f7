"""Good answers in Facebook's own shapes, written from its documentation, and what is read out of them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Media, Message
from connectors.login import App, SignIn
from connectors.reports import Ending
from core.vocab import Health, MediaKind, MessageKind, Metric, ReadingState
from tests.connectors.conftest import NOON
from tests.connectors.graph_replies import element
from tests.connectors.stand_in import Reply

SHAPES = json.loads((Path(__file__).parent / "replies/facebook_shapes.json").read_text("utf-8"))
POST = "1025_122105"
SINCE = NOON - timedelta(hours=1)


def reply(name: str) -> Reply:
    return Reply(SHAPES[name])


def batch(*names: str) -> Reply:
    return Reply([element(SHAPES[name]) for name in names])


def at(minute: int) -> datetime:
    return datetime(2026, 11, 23, 4, minute, tzinfo=UTC)


def test_posts_come_over_both_shapes_of_paging(facebook, stand_in, page):
    stand_in.say(reply("published_posts, by time"), reply("published_posts, by cursors"))
    (post,) = facebook.find(page, SINCE).posts
    assert (post.remote_id, post.text, post.created_at) == (POST, "ขอเชิญร่วมงาน", at(30))
    assert (post.media_count, post.link) == (2, "")
    assert stand_in.seen[1].query["__paging_token"] == "enc_AdD"


def test_a_video_is_one_post_whether_listed_as_post_or_as_video(facebook, stand_in, page):
    stand_in.aside["/videos"] = reply("videos")
    stand_in.say(reply("a video among the posts"))
    (post,) = facebook.find(page, SINCE).posts
    assert (post.remote_id, post.media_count, post.text) == ("1025_991", 1, "ชมวิดีโอ")
    stand_in.say(Reply({"data": []}))
    (film,) = facebook.find(page, SINCE).posts
    assert (film.remote_id, film.permalink) == ("1025_991", "https://www.facebook.com/reel/991/")


def test_a_list_of_videos_that_is_refused_proves_nothing_absent(facebook, stand_in, page):
    stand_in.aside["/videos"] = Reply({"error": {"code": 10, "message": "(#10) requires a permission"}}, 403)
    stand_in.say(reply("published_posts, by cursors"))
    listing = facebook.find(page, SINCE)
    assert ([post.remote_id for post in listing.posts], listing.complete) == ([POST], False)


def test_a_list_of_videos_without_end_is_not_complete(facebook, stand_in, page):
    more = SHAPES["videos"] | {"paging": {"next": "https://graph.facebook.com/v26.0/1025/videos?after=MTc"}}
    stand_in.aside["/videos"] = Reply(more)
    stand_in.say(Reply({"data": []}))
    assert facebook.find(page, SINCE).complete is False
    assert facebook.find(page, at(38)).complete is True


def test_figures_are_values_zero_and_missing(facebook, stand_in, page):
    stand_in.say(batch("engagement", "engagement, nobody shared"), batch("insights", "insights, nothing yet"))
    figures = facebook.read_metrics(page, {POST: SINCE, "1025_2": SINCE}, NOON)
    told = {metric: (one.state, one.value) for metric, one in figures[POST].items()}
    value = ReadingState.VALUE
    assert told == {
        Metric.SHARES: (value, 3), Metric.COMMENTS: (value, 7), Metric.REACTIONS: (value, 42),
        Metric.IMPRESSIONS: (value, 1000), Metric.REACH: (value, 800),
        Metric.CLICKS: (ReadingState.MISSING, None),
    }  # fmt: skip
    second = figures["1025_2"]
    assert [second[one].value for one in (Metric.SHARES, Metric.COMMENTS, Metric.REACTIONS)] == [0, 0, 0]
    assert second[Metric.REACH].state is ReadingState.MISSING
    stand_in.say(reply("page"))
    assert facebook.read_account(page)[Metric.FOLLOWERS].value == 48_123


def test_comments_tell_ours_from_theirs(facebook, stand_in, page):
    stand_in.say(reply("comments"))
    theirs, ours = facebook.read_comments(page, POST).rows
    assert (theirs.author, theirs.likes, theirs.ours, theirs.parent_id) == ("", 2, False, "")
    assert (ours.ours, ours.parent_id, ours.created_at) == (True, "122105_301", at(49))
    assert [post.remote_id for post in facebook.find_replies(page, POST).posts] == ["122105_302"]


def test_the_check_reads_debug_token(facebook, stand_in, page):
    stand_in.say(batch("debug_token"), reply("page"), Reply({"id": "1025", "tasks": ["CREATE_CONTENT"]}))
    report = facebook.check(page)
    assert report.health is Health.OK
    assert report.problems == ("task_comments_missing", "task_insights_missing")
    assert report.endings == (Ending("data_access_expiring", datetime.fromtimestamp(1802000000, UTC)),)


def test_a_sign_in_goes_through_four_answers(facebook, stand_in):
    told = batch("debug_token")
    businesses = Reply({"error": {"code": 10, "message": "(#10) requires business_management"}}, 403)
    pages = reply("me/accounts")
    stand_in.say(reply("access_token"), reply("access_token"), told, pages, businesses, told)
    grant = facebook.redeem(App("77", "secret"), SignIn("s", "http://127.0.0.1/back", "v"), "code")
    (account,) = grant.accounts
    assert (account.external_id, account.name, account.problems) == ("1025", "เพจทดสอบ", ())
    assert account.secrets["page_token"] == "EAApage"
    assert grant.data_access_until == datetime.fromtimestamp(1802000000, UTC)
    assert stand_in.seen[1].form["fb_exchange_token"] == "EAAuser"


@pytest.mark.parametrize(
    ("told", "sent", "wanted"),
    [
        ("feed", Message("ข่าว"), POST),
        ("comment", Message("ยินดีค่ะ", kind=MessageKind.COMMENT, reply_to=POST), "122105_303"),
        ("success", Message("ชม", media_ids=("991:5001",), media_kind=MediaKind.VIDEO), "1025_991"),
    ],
)
def test_each_public_call_is_confirmed_in_its_own_shape(facebook, stand_in, page, told, sent, wanted):
    stand_in.aside.clear()
    stand_in.say(reply(told))
    with facebook.open(page) as line:
        assert line.publish(sent).remote_id == wanted


def test_files_are_staged_in_their_own_shapes(facebook, stand_in, page, picture):
    stand_in.aside.clear()
    stand_in.say(reply("photo, unpublished"))
    assert facebook.stage(page, picture).remote_id == "881"
    assert picture.alt.encode() in stand_in.seen[0].body
    stand_in.say(reply("video start"), reply("video transfer, all there"))
    film = Media("cd" * 32, "video/mp4", b"x" * 1000, "ภาพงาน", MediaKind.VIDEO)
    assert facebook.stage(page, film).remote_id == "991:5001"


@pytest.mark.parametrize("told", [{"id": "1"}, {"video_id": "a", "upload_session_id": "1"}, {}])
def test_an_upload_without_its_numbers_is_begun_again_later(facebook, stand_in, page, told: Any):
    stand_in.aside.clear()
    stand_in.say(Reply(told))
    film = Media("cd" * 32, "video/mp4", b"x", "", MediaKind.VIDEO)
    with pytest.raises(Exception, match="platform_trouble"):
        facebook.stage(page, film)
