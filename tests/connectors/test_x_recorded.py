"""X's good answers in X's own shape, written down from the facts: what the connector makes of each."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Media, Message, Unfinished
from connectors.x.connector import XConnector
from core.clock import SetClock
from core.config import Settings
from core.vocab import Health, MediaKind, Metric
from language.canonical import same_text
from tests.connectors.conftest import NOON
from tests.connectors.stand_in import Reply

ANSWERS = json.loads((Path(__file__).parent / "replies" / "x_answers.json").read_text("utf-8"))
POST = "2124898544362979329"
FILM = Media("f1" * 32, "video/mp4", b"\0\0\0\x18ftypmp42" + bytes(3000), "เรือ", MediaKind.VIDEO)


def recorded(*names: str) -> list[Reply]:
    found = (ANSWERS[name] for name in names)
    return [Reply(one["body"], one["status"], one.get("headers", {})) for one in found]


@pytest.fixture
def x(stand_in) -> XConnector:
    return XConnector(Settings(x_url=stand_in.url), SetClock(NOON))


def test_a_created_post_is_taken_by_its_id_alone(x, stand_in, user):
    stand_in.say(*recorded("created"))
    with x.open(user) as line:
        receipt = line.publish(Message("เชิญร่วมงาน https://www.bangkok.go.th/trees"))
    assert (receipt.remote_id, receipt.http_status) == ("2124898544362979328", 201)
    assert receipt.trace_id == "c0ffee0123456789"
    assert receipt.published_at == datetime(2026, 11, 23, 16, 11, 6, 339_000, tzinfo=UTC)


@pytest.mark.parametrize("words", ["timeline", "timeline, new words"])
def test_a_timeline_reads_the_same_in_both_vocabularies(x, stand_in, user, words):
    stand_in.say(*recorded(words))
    listing = x.find(user, NOON)
    (post,) = listing.posts
    assert listing.complete
    assert (post.remote_id, post.reply_to, post.media_count) == (POST, "2124898544362979328", 1)
    assert post.created_at == datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC)
    assert same_text("งาน <ฟรี> & สนุก https://www.bangkok.go.th/trees", post.text, {"urls": post.entities})
    figures = x.read_metrics(user, {POST: NOON - timedelta(days=40)}, NOON)[POST]
    assert {metric: figure.value for metric, figure in figures.items()} == {
        Metric.IMPRESSIONS: 1200,
        Metric.REACTIONS: 40,
        Metric.COMMENTS: 2,
        Metric.SHARES: 3,
    }


def test_an_empty_timeline_and_a_post_that_is_gone(x, stand_in, user):
    stand_in.say(*recorded("timeline, empty"))
    assert x.find(user, NOON).posts == ()
    stand_in.say(*recorded("timeline, empty", "lookup, gone"))
    assert x.read(user, "17") is None


def test_clicks_come_beside_errors_about_other_posts(x, stand_in, user):
    stand_in.say(*recorded("timeline", "private figures"))
    assert x.read_metrics(user, {POST: NOON}, NOON)[POST][Metric.CLICKS].value == 31


def test_a_user_with_followers(x, stand_in, user):
    stand_in.say(*recorded("user"))
    assert x.read_account(user)[Metric.FOLLOWERS].value == 187_300
    report = x.check(user)
    assert (report.health, report.name, report.problems) == (Health.OK, "กรุงเทพมหานคร", ())


def test_a_picture_and_its_words(x, stand_in, user, picture):
    stand_in.say(*recorded("picture uploaded", "picture described"))
    assert x.stage(user, picture).remote_id == "2124898544362979000"
    assert [seen.path for seen in stand_in.seen] == ["/2/media/upload", "/2/media/metadata"]
    assert json.loads(stand_in.seen[1].body)["metadata"] == {"alt_text": {"text": picture.alt}}


def test_a_film_from_announcement_to_ready(x, stand_in, user):
    stand_in.say(*recorded("film announced", "segment taken", "film taken"))
    with pytest.raises(Unfinished) as pending:
        x.stage(user, FILM)
    assert (pending.value.code, pending.value.wait_s) == ("media_processing", 2)
    stand_in.say(*recorded("film ready", "picture described"))
    with pytest.raises(Unfinished) as spreading:
        x.stage(user, replace(FILM, resume=pending.value.resume))
    later = XConnector(Settings(x_url=stand_in.url), SetClock(NOON + timedelta(seconds=3)))
    staged = later.stage(user, replace(FILM, resume=spreading.value.resume))
    assert (staged.remote_id, staged.expires_at) == ("2124898544362979001", NOON + timedelta(hours=20))
    calls = [(seen.method, seen.path.removeprefix("/2/media/")) for seen in stand_in.seen]
    assert calls == [
        ("POST", "upload/initialize"),
        ("POST", "upload/2124898544362979001/append"),
        ("POST", "upload/2124898544362979001/finalize"),
        ("GET", "upload"),
        ("POST", "metadata"),
    ]
    assert json.loads(stand_in.seen[0].body) == {
        "media_type": "video/mp4", "total_bytes": len(FILM.content), "media_category": "tweet_video",
        "shared": False,
    }  # fmt: skip


def test_a_deletion_and_the_app_s_usage(x, stand_in, user):
    stand_in.say(*recorded("deleted"))
    x.delete(user, POST)
    stand_in.say(*recorded("usage"))
    assert x.read_usage("AAAAapp") == 812
    assert stand_in.seen[-1].headers["Authorization"] == "Bearer AAAAapp"
