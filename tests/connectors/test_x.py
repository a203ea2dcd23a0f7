"""What only X does: long posts, both vocabularies, cheap and dear reads, kinds of token."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Access, Message, OutcomeUnknown, Rejected, RetryLater
from connectors.registry import build_connectors
from connectors.x.connector import XConnector
from connectors.x.posts import made_at
from core.clock import SetClock, SystemClock
from core.config import Settings
from core.vocab import Channel, Health, Metric, ReadingState
from tests.connectors.conftest import NOON
from tests.connectors.stand_in import Reply, StandIn

NOT_FOUND = {
    "value": "17",
    "detail": "Could not find tweet with id: [17].",
    "type": "https://api.x.com/2/problems/resource-not-found",
}
PUBLIC = {"retweet_count": 3, "reply_count": 2, "like_count": 40, "quote_count": 1, "impression_count": 1200}


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "text": f"โพสต์ {number}", "created_at": "2026-11-23T04:30:00.000Z", **more}


def timeline(*rows: dict[str, Any], following: str = "", **more: Any) -> Reply:
    meta = {"result_count": len(rows)} | ({"next_token": following} if following else {})
    return Reply(({"data": list(rows)} if rows else {}) | {"meta": meta} | more)


@pytest.fixture
def x(stand_in: StandIn) -> XConnector:
    return XConnector(Settings(x_url=stand_in.url), SetClock(NOON))


def test_a_real_host_is_called_unless_another_stands_in_for_it():
    connector = build_connectors(Settings(), SystemClock())[Channel.X]
    assert (
        connector._reach.rebased("https://api.twitter.com/2/tweets?a=1")
        == "https://api.twitter.com/2/tweets?a=1"
    )
    assert connector._site == "https://x.com"


def test_the_text_is_sent_as_it_stands_and_signed(x, stand_in, user):
    stand_in.say(Reply({"data": {"id": "2124898544362979328", "edit_history_tweet_ids": [""]}}, 201))
    with x.open(user) as line:
        receipt = line.publish(Message("ข่าว & <ด่วน>", media_ids=("71",)))
    (seen,) = stand_in.seen
    assert json.loads(seen.body) == {"text": "ข่าว & <ด่วน>", "media": {"media_ids": ["71"]}}
    assert seen.headers["Authorization"].startswith("OAuth ")
    assert receipt.published_at == datetime(2026, 11, 23, 16, 11, 6, 339_000, tzinfo=UTC)
    assert receipt.permalink == f"{stand_in.url}/x/i/status/2124898544362979328"


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": {"id": ""}}, {"data": {"id": 17}}, {"data": []}])
def test_a_good_status_without_an_id_confirms_nothing(x, stand_in, user, body):
    stand_in.say(Reply(json.dumps(body), 201, {"x-transaction-id": "t17"}))
    with x.open(user) as line, pytest.raises(OutcomeUnknown) as trouble:
        line.publish(Message("ข่าว"))
    assert (trouble.value.code, trouble.value.trace_id) == ("answer_unreadable", "t17")


def test_an_id_that_tells_no_time_is_taken_all_the_same(x, stand_in, user):
    stand_in.say(Reply({"data": {"id": "abc"}}, 201))
    with x.open(user) as line:
        assert line.publish(Message("ข่าว")).published_at is None
    assert made_at("abc") is None


def test_an_oauth2_user_token_is_sent_as_bearer_on_every_call(x, stand_in, picture):
    access = Access(Channel.X, "4401", {"bearer_token": "oauth2usertoken"})
    stand_in.say(
        Reply({"data": {"id": "71", "expires_after_secs": 3600}}),
        Reply({"data": {}}),
        Reply({"data": {"id": "9"}}),
        timeline(),
    )
    staged = x.stage(access, picture)
    with x.open(access) as line:
        line.publish(Message("ข่าว"))
    x.find(access, NOON)
    assert {seen.headers["Authorization"] for seen in stand_in.seen} == {"Bearer oauth2usertoken"}
    assert staged.expires_at == NOON + timedelta(hours=1)


@pytest.mark.parametrize(("life", "hours"), [({}, 20), ({"expires_after_secs": 1_295_999}, 20)])
def test_a_staged_picture_is_trusted_for_twenty_hours_at_most(x, stand_in, user, picture, life, hours):
    stand_in.say(Reply({"data": {"id": "71", **life}}), Reply({"data": {}}))
    assert x.stage(user, picture).expires_at == NOON + timedelta(hours=hours)


def test_an_upload_answered_in_another_shape_may_be_repeated(x, stand_in, user, picture):
    stand_in.say(Reply({"data": {}}))
    with pytest.raises(RetryLater):
        x.stage(user, picture)


def test_an_oauth2_user_publishes_on_the_sandbox(sandbox):
    told = sandbox.credentials("x")
    bearer = sandbox.ask("GET", "/__control/credentials")["x_bearer"][told["external_id"]]
    connector = XConnector(Settings(x_url=sandbox.base_url), SystemClock())
    access = Access(Channel.X, told["external_id"], {"bearer_token": bearer})
    assert connector.check(access).health is Health.OK
    with connector.open(access) as line:
        receipt = line.publish(Message("ส่งด้วย OAuth 2.0"))
    assert [post["id"] for post in sandbox.ledger("x")] == [receipt.remote_id]


def test_an_app_token_is_no_user_token(sandbox):
    told = sandbox.credentials("x")
    bearer = sandbox.ask("GET", "/__control/credentials")["x_bearer"]["app"]
    connector = XConnector(Settings(x_url=sandbox.base_url), SystemClock())
    access = Access(Channel.X, told["external_id"], {"bearer_token": bearer})
    assert connector.check(access).problems == ("wrong_token_kind",)
    with connector.open(access) as line, pytest.raises(RetryLater) as trouble:
        line.publish(Message("ไม่ควรออก"))
    assert (trouble.value.code, trouble.value.health) == ("wrong_token_kind", Health.REAUTH)
    assert sandbox.ledger("x") == []


def test_a_read_only_token_is_told_by_the_check(x, stand_in, user):
    stand_in.say(Reply({"data": {"id": "4401", "name": "ทดสอบ"}}, headers={"x-access-level": "read"}))
    report = x.check(user)
    assert (report.health, report.name, report.problems) == (Health.REAUTH, "ทดสอบ", ("read_only_token",))


def test_a_check_answered_in_another_shape_says_nothing_about_the_account(x, stand_in, user):
    stand_in.say(Reply({"errors": []}))
    with pytest.raises(RetryLater):
        x.check(user)


def test_a_long_post_is_read_whole(x, stand_in, user):
    note = {
        "text": "ข้อความยาว https://t.co/1",
        "entities": {"urls": [{"url": "https://t.co/1", "expanded_url": "https://a.example"}]},
    }
    stand_in.say(timeline(row(1, note_tweet=note), row(2, note_post={"text": "ยาวเหมือนกัน"})))
    first, second = x.find(user, NOON).posts
    assert (first.text, first.entities[0]["expanded_url"]) == (
        "ข้อความยาว https://t.co/1",
        "https://a.example",
    )
    assert (second.text, second.entities) == ("ยาวเหมือนกัน", [])


def test_the_search_starts_at_the_whole_second_and_follows_the_pages(x, stand_in, user):
    stand_in.say(timeline(row(2), following="p2"), timeline(row(1)))
    listing = x.find(user, NOON.replace(microsecond=900_000))
    assert ([post.remote_id for post in listing.posts], listing.complete) == (["2", "1"], True)
    first, second = (seen.query for seen in stand_in.seen)
    assert (first["start_time"], first["max_results"]) == ("2026-11-23T05:00:00Z", "100")
    assert ("pagination_token" in first, second["pagination_token"]) == (False, "p2")


def test_problems_told_beside_the_posts_make_the_listing_incomplete(x, stand_in, user):
    stand_in.say(timeline(row(1), errors=[{"type": "https://api.x.com/2/problems/field-hydration-failure"}]))
    listing = x.find(user, NOON)
    assert (len(listing.posts), listing.complete) == (1, False)


def test_a_listing_that_goes_on_for_ever_is_given_up_incomplete(x, stand_in, user):
    stand_in.say(timeline(row(1), following="again"))
    listing = x.find(user, NOON)
    assert (len(listing.posts), listing.complete) == (32, False)


def test_a_listing_as_long_as_x_keeps_is_not_complete(x, stand_in, user):
    stand_in.say(timeline(*(row(number) for number in range(3200))))
    assert not x.find(user, NOON).complete


@pytest.mark.parametrize(
    "body", [{}, {"meta": {}, "data": [{"id": "1"}]}, {"meta": {}, "data": [row(1, created_at="soon")]}]
)
def test_a_listing_of_another_shape_may_be_read_again(x, stand_in, user, body):
    stand_in.say(Reply(json.dumps(body)))
    with pytest.raises(RetryLater) as trouble:
        x.find(user, NOON)
    assert trouble.value.code == "platform_trouble"


@pytest.mark.parametrize(
    "reply",
    [Reply({"errors": [NOT_FOUND]}), Reply({"title": "Not Found Error", "type": NOT_FOUND["type"]}, 404)],
)
def test_a_post_that_is_not_there_reads_as_none(x, stand_in, user, reply):
    stand_in.say(reply)
    assert x.read(user, "17") is None


def test_a_post_that_may_not_be_seen_is_not_taken_for_gone(x, stand_in, user):
    stand_in.say(Reply({"detail": "You are not permitted to perform this action."}, 403))
    with pytest.raises(Rejected):
        x.read(user, "17")


@pytest.mark.parametrize(
    "body", [{}, {"errors": []}, {"errors": [{"type": "https://api.x.com/2/problems/resource-unavailable"}]}]
)
def test_neither_the_post_nor_the_word_that_it_is_gone_may_be_read_again(x, stand_in, user, body):
    stand_in.say(Reply(json.dumps(body)))
    with pytest.raises(RetryLater):
        x.read(user, "17")


OLD = NOON - timedelta(days=29)


def measured(number: int, **metrics: int) -> dict[str, Any]:
    return {"id": str(number), "public_metrics": metrics or PUBLIC}


def private(number: int, **metrics: int) -> dict[str, Any]:
    return {"id": str(number), "non_public_metrics": metrics}


def test_figures_of_many_posts_come_from_one_page_of_the_timeline(x, stand_in, user):
    stand_in.say(
        timeline(*(measured(number) for number in range(50)), following="more"),
        timeline(*(private(number, url_link_clicks=number) for number in range(50)), following="more"),
    )
    start = NOON - timedelta(days=3)
    figures = x.read_metrics(
        user, {str(number): start + timedelta(hours=number) for number in range(50)}, NOON
    )
    assert len(figures) == 50
    assert {metric: figure.value for metric, figure in figures["0"].items()} == {
        Metric.IMPRESSIONS: 1200,
        Metric.REACTIONS: 40,
        Metric.COMMENTS: 2,
        Metric.SHARES: 3,
        Metric.CLICKS: 0,
    }
    public, clicks = stand_in.seen
    assert (public.query["start_time"], public.query["end_time"]) == (
        "2026-11-20T04:59:00Z",
        "2026-11-22T06:01:00Z",
    )
    assert (public.query["tweet.fields"], clicks.query["tweet.fields"]) == (
        "id,public_metrics",
        "id,non_public_metrics",
    )


def test_posts_far_back_are_asked_for_by_id_where_that_is_cheaper(x, stand_in, user):
    stand_in.say(
        timeline(*(measured(number) for number in range(900, 1000)), following="p2"),
        Reply({"data": [measured(7)], "errors": [NOT_FOUND]}),
    )
    figures = x.read_metrics(user, {"7": OLD, "17": OLD, "905": OLD}, NOON)
    assert set(figures) == {"7", "905"}
    assert [seen.path for seen in stand_in.seen] == ["/2/users/4401/tweets", "/2/tweets"]
    assert stand_in.seen[1].query["ids"] == "17,7"


def test_a_timeline_read_to_its_end_is_not_asked_again_by_id(x, stand_in, user):
    stand_in.say(timeline(measured(1)))
    assert set(x.read_metrics(user, {"1": OLD, "17": OLD}, NOON)) == {"1"}
    assert len(stand_in.seen) == 1


def test_the_end_of_the_search_is_left_open_while_it_is_not_past(x, stand_in, user):
    stand_in.say(timeline(measured(1)))
    x.read_metrics(user, {"1": NOON}, NOON)
    assert "end_time" not in stand_in.seen[0].query


def test_clicks_are_asked_for_in_their_own_call_and_for_young_posts_only(x, stand_in, user):
    stand_in.say(timeline(measured(2), measured(1)), timeline(private(2, url_link_clicks=7)))
    figures = x.read_metrics(user, {"1": OLD, "2": NOON}, NOON)
    assert Metric.CLICKS not in figures["1"]
    assert figures["2"][Metric.CLICKS].value == 7
    assert stand_in.seen[1].query["start_time"] == "2026-11-23T04:59:00Z"


def test_clicks_x_leaves_out_are_missing_and_clicks_it_refuses_lose_nothing_else(x, stand_in, user):
    stand_in.say(timeline(measured(1)), timeline(private(1)))
    missing = x.read_metrics(user, {"1": NOON}, NOON)["1"]
    stand_in.say(timeline(measured(1)), Reply({"detail": "no"}, 403))
    refused = x.read_metrics(user, {"1": NOON}, NOON)["1"]
    assert (missing[Metric.CLICKS].state, refused[Metric.CLICKS].state) == (
        ReadingState.MISSING,
        ReadingState.REFUSED,
    )
    assert missing[Metric.REACTIONS].value == refused[Metric.REACTIONS].value == 40


def test_both_vocabularies_of_figures_are_understood(x, stand_in, user):
    stand_in.say(timeline(measured(1, repost_count=9, like_count=0)))
    figures = x.read_metrics(user, {"1": NOON}, NOON)["1"]
    assert (figures[Metric.SHARES].value, figures[Metric.SHARES].source) == (9, "repost_count")
    assert (figures[Metric.REACTIONS].value, figures[Metric.REACTIONS].state) == (0, ReadingState.VALUE)
    assert (figures[Metric.COMMENTS].value, figures[Metric.COMMENTS].state) == (None, ReadingState.MISSING)


@pytest.mark.parametrize(
    "body", [{"data": [{}], "meta": {}}, {"data": [measured(1)]}, {"data": 7, "meta": {}}]
)
def test_figures_of_another_shape_may_be_read_again(x, stand_in, user, body):
    stand_in.say(Reply(json.dumps(body)))
    with pytest.raises(RetryLater):
        x.read_metrics(user, {"1": NOON}, NOON)


def test_a_row_without_figures_has_them_missing(x, stand_in, user):
    stand_in.say(timeline({"id": "1"}))
    figures = x.read_metrics(user, {"1": NOON}, NOON)["1"]
    assert {figure.state for figure in figures.values()} == {ReadingState.MISSING}
    assert len(figures) == 5


@pytest.mark.parametrize(
    ("metrics", "state"), [({"followers_count": 5}, ReadingState.VALUE), ({}, ReadingState.MISSING)]
)
def test_followers_are_a_value_or_missing(x, stand_in, user, metrics, state):
    stand_in.say(Reply({"data": {"id": "4401", "public_metrics": metrics}}))
    assert x.read_account(user)[Metric.FOLLOWERS].state is state


def test_followers_of_another_shape_may_be_read_again(x, stand_in, user):
    stand_in.say(Reply({"data": []}))
    with pytest.raises(RetryLater):
        x.read_account(user)
