"""What only Facebook does: paging, heavy pages, batches with holes, names that die, what a token tells."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from connectors.base import Access, Figure, Message, OutcomeUnknown, Rejected, RetryLater
from connectors.facebook.connector import FacebookConnector
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, Health, Metric, ReadingState
from tests.connectors.conftest import CANARY, NOON
from tests.connectors.stand_in import Reply, StandIn

CREATED = "2026-11-23T04:30:00+0000"
GOOD = {"id": "1025", "name": "เพจทดสอบ"}


def row(number: int, created: str = CREATED, **more: Any) -> dict[str, Any]:
    return {"id": f"1025_{number}", "message": f"โพสต์ {number}", "created_time": created, **more}


def listing(*rows: dict[str, Any], following: str = "") -> Reply:
    return Reply({"data": list(rows), "paging": {"next": following} if following else {}})


def error(code: int, message: str, subcode: int | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "code": code} | ({"error_subcode": subcode} if subcode else {})}


def element(body: Any, code: int = 200) -> dict[str, Any]:
    return {"code": code, "body": json.dumps(body)}


NO_PERMISSION = element(error(10, "(#10) requires the 'pages_read_user_content' permission"), 403)
NO_METRIC = element(error(100, "(#100) The value must be a valid insights metric"), 400)
NO_FIELD = element(
    error(100, "(#100) Tried accessing nonexisting field (insights) on node type (Video)"), 400
)
GONE = element(error(100, "Unsupported get request.", 33), 400)
BROKEN = element(error(2, "An unexpected error has occurred."), 500)
FULL = {
    "id": "1025_1",
    "shares": {"count": 3},
    "comments": {"data": [], "summary": {"total_count": 7}},
    "reactions": {"data": [], "summary": {"total_count": 42}},
}


def insight(name: str, value: Any, period: str = "lifetime") -> dict[str, Any]:
    return {"name": name, "period": period, "values": [{"value": value}]}


EXPOSURE = {
    "data": [
        insight("post_total_media_view_unique", 5, "day"),
        insight("post_media_view", {"true": 100, "false": 900}),
        insight("post_total_media_view_unique", 800),
        insight("post_clicks", 31),
    ]
}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def facebook(stand_in: StandIn, clock: SetClock) -> FacebookConnector:
    settings = Settings(facebook_url=f"{stand_in.url}/graph", connect_timeout_s=1, read_timeout_s=1)
    return FacebookConnector(settings, clock)


def states(figures: dict[Metric, Figure]) -> dict[Metric, Any]:
    """Return values, or the word that says why there is none."""
    return {
        metric: one.value if one.state is ReadingState.VALUE else str(one.state)
        for metric, one in figures.items()
    }


def test_the_token_travels_in_a_header_with_its_proof_beside_it(facebook, stand_in, page):
    stand_in.say(listing(row(1)))
    facebook.find(page, NOON)
    (seen,) = stand_in.seen
    token, app_secret = page.secrets["page_token"], page.secrets["app_secret"]
    assert seen.path == "/graph/v26.0/1025/published_posts"
    assert seen.headers["Authorization"] == f"Bearer {token}"
    assert (
        seen.query["appsecret_proof"]
        == hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    )
    assert CANARY not in seen.address


def test_without_an_app_secret_there_is_no_proof(facebook, stand_in):
    stand_in.say(listing())
    facebook.find(Access(Channel.FACEBOOK, "1025", {"page_token": "EAAtoken"}), NOON)
    assert "appsecret_proof" not in stand_in.seen[0].query


def test_an_answer_of_another_version_is_told_in_the_log(facebook, stand_in, page):
    stand_in.say(Reply({"data": []}, headers={"facebook-api-version": "v25.0"}))
    with structlog.testing.capture_logs() as logs:
        facebook.find(page, NOON)
    assert [(one["event"], one["pinned"], one["served"]) for one in logs] == [
        ("facebook.version_drift", "v26.0", "v25.0")
    ]


def test_a_post_with_a_link_sends_message_link_and_asks_for_its_address(facebook, stand_in, page):
    stand_in.say(
        Reply(
            {"id": "1025_9", "permalink_url": "https://fb.example/9", "created_time": CREATED},
            headers={"x-fb-trace-id": "Atrace"},
        )
    )
    with facebook.open(page) as line:
        receipt = line.publish(Message("ข่าว", link="https://www.bangkok.go.th"))
    assert (receipt.remote_id, receipt.permalink, receipt.trace_id) == (
        "1025_9",
        "https://fb.example/9",
        "Atrace",
    )
    assert receipt.published_at == datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    form = stand_in.seen[0].form
    assert (form["message"], form["link"]) == ("ข่าว", "https://www.bangkok.go.th")
    assert "attached_media" not in form


def test_pictures_are_attached_by_their_staged_ids(facebook, stand_in, page):
    stand_in.say(Reply({"id": "1025_9"}))
    with facebook.open(page) as line:
        receipt = line.publish(Message("", media_ids=("71", "72")))
    form = stand_in.seen[0].form
    assert json.loads(form["attached_media"]) == [{"media_fbid": "71"}, {"media_fbid": "72"}]
    assert "message" not in form
    assert (receipt.permalink, receipt.published_at) == (None, None)


@pytest.mark.parametrize("body", [{}, {"id": 7}, {"success": True}, []])
def test_a_good_status_without_an_id_confirms_nothing(facebook, stand_in, page, body):
    stand_in.say(Reply(json.dumps(body)))
    with facebook.open(page) as line, pytest.raises(OutcomeUnknown) as trouble:
        line.publish(Message("ข่าว"))
    assert trouble.value.code == "answer_unreadable"


def test_a_photo_answer_without_an_id_may_be_repeated(facebook, stand_in, page, picture):
    stand_in.say(Reply({"success": True}))
    with pytest.raises(RetryLater):
        facebook.stage(page, picture)


def test_both_shapes_of_paging_are_followed_without_leaving_the_host(facebook, stand_in, page):
    elsewhere = "https://evil.example/v26.0/1025/published_posts?access_token=stolen&appsecret_proof=p"
    stand_in.say(
        listing(row(3), following=f"{elsewhere}&after=QVFI"),
        listing(following=f"{elsewhere}&until=1700000000&__paging_token=enc_x"),
        listing(row(2), row(1)),
    )
    found = facebook.find(page, NOON - timedelta(hours=2))
    assert [post.text for post in found.posts] == ["โพสต์ 3", "โพสต์ 2", "โพสต์ 1"]
    assert found.complete
    assert [seen.query.get("after") for seen in stand_in.seen] == [None, "QVFI", "QVFI"]
    assert stand_in.seen[2].query["__paging_token"] == "enc_x"
    assert all("access_token" not in seen.query for seen in stand_in.seen)


def test_reaching_an_older_post_ends_the_search_and_leaves_it_out(facebook, stand_in, page):
    stand_in.say(listing(row(2), row(1, "2026-11-20T00:00:00+0000"), following="https://x/?after=a"))
    found = facebook.find(page, NOON - timedelta(hours=2))
    assert ([post.remote_id for post in found.posts], found.complete) == (["1025_2"], True)


def test_a_moment_within_a_second_does_not_lose_that_seconds_posts(facebook, stand_in, page):
    stand_in.say(listing(row(1)))
    since = datetime(2026, 11, 23, 4, 30, 0, 900_000, tzinfo=UTC)
    assert len(facebook.find(page, since).posts) == 1


def test_a_listing_that_facebook_cuts_is_not_complete(facebook, stand_in, page):
    stand_in.say(listing(*(row(number) for number in range(100)), following="https://x/?after=a"))
    found = facebook.find(page, NOON - timedelta(hours=2))
    assert (len(found.posts), found.complete) == (600, False)


def test_a_listing_of_empty_pages_ends_incomplete(facebook, stand_in, page):
    stand_in.say(listing(following="https://x/?after=a"))
    found = facebook.find(page, NOON)
    assert (found.posts, found.complete) == ((), False)


def test_a_page_too_heavy_is_asked_for_in_halves(facebook, stand_in, page):
    heavy = Reply(error(1, "Please reduce the amount of data you're asking for, then retry"), 500)
    stand_in.say(heavy, heavy, listing(row(1)))
    assert len(facebook.find(page, NOON - timedelta(hours=2)).posts) == 1
    assert [seen.query["limit"] for seen in stand_in.seen] == ["100", "50", "25"]


def test_a_page_too_heavy_even_for_one_row_is_given_up(facebook, stand_in, page):
    stand_in.say(Reply(error(1, "Please reduce the amount of data you're asking for"), 500))
    with pytest.raises(RetryLater) as trouble:
        facebook.find(page, NOON)
    assert (trouble.value.code, stand_in.seen[-1].query["limit"]) == ("too_heavy", "1")


@pytest.mark.parametrize(
    "body", [{}, [], {"data": [{"id": "1"}]}, {"data": [row(1, "yesterday")]}, {"data": 7}]
)
def test_a_listing_of_another_shape_may_be_read_again(facebook, stand_in, page, body):
    stand_in.say(Reply(json.dumps(body)))
    with pytest.raises(RetryLater) as trouble:
        facebook.find(page, NOON)
    assert trouble.value.code == "platform_trouble"


def test_a_post_tells_its_link_and_how_many_pictures_it_has(facebook, stand_in, page):
    photo = {"media_type": "photo", "type": "photo"}
    album = {
        "media_type": "album",
        "type": "album",
        "subattachments": {"data": [photo, photo, {"type": "video"}]},
    }
    share = {"media_type": "link", "type": "share", "unshimmed_url": "https://www.bangkok.go.th"}
    stand_in.say(
        listing(
            row(1, attachments={"data": [album]}),
            row(2, attachments={"data": [share]}),
            row(3, attachments={"data": [photo]}),
            row(4, attachments={"data": [{"type": "share", "url": "https://a.example"}, {"type": "share"}]}),
        )
    )
    posts = facebook.find(page, NOON - timedelta(hours=2)).posts
    assert [(post.media_count, post.link) for post in posts] == [
        (2, ""),
        (0, "https://www.bangkok.go.th"),
        (1, ""),
        (0, "https://a.example"),
    ]


def test_reading_a_post_without_permission_is_not_taken_for_gone(facebook, stand_in, page):
    stand_in.say(Reply(error(10, "(#10) requires the 'pages_read_engagement' permission"), 403))
    with pytest.raises(Rejected) as trouble:
        facebook.read(page, "1025_1")
    assert trouble.value.code == "permission_missing"


def read(facebook: FacebookConnector, page: Access, *ids: str) -> dict[str, dict[Metric, Any]]:
    figures = facebook.read_metrics(page, dict.fromkeys(ids, NOON), NOON)
    return {post: states(told) for post, told in figures.items()}


def test_figures_come_in_two_batches(facebook, stand_in, page):
    stand_in.say(
        Reply([element(FULL), element({"id": "1025_2"})]), Reply([element(EXPOSURE), element({"data": []})])
    )
    assert read(facebook, page, "1025_1", "1025_2") == {
        "1025_1": {
            Metric.SHARES: 3, Metric.COMMENTS: 7, Metric.REACTIONS: 42,
            Metric.IMPRESSIONS: 1000, Metric.REACH: 800, Metric.CLICKS: 31,
        },
        "1025_2": {
            Metric.SHARES: 0, Metric.COMMENTS: "missing", Metric.REACTIONS: "missing",
            Metric.IMPRESSIONS: "missing", Metric.REACH: "missing", Metric.CLICKS: "missing",
        },
    }  # fmt: skip
    assert len(stand_in.seen) == 2
    assert stand_in.seen[0].batch[0].startswith("v26.0/1025_1?fields=id,shares,")
    assert "Authorization" not in stand_in.seen[0].address


def test_more_than_fifty_posts_take_more_than_one_batch(facebook, stand_in, page):
    ids = [f"1025_{number}" for number in range(60)]
    stand_in.say(
        Reply([element(FULL)] * 50),
        Reply([element(FULL)] * 10),
        Reply([element(EXPOSURE)] * 50),
        Reply([element(EXPOSURE)] * 10),
    )
    assert len(read(facebook, page, *ids)) == 60
    assert [len(seen.batch) for seen in stand_in.seen] == [50, 10, 50, 10]


def test_one_forbidden_field_does_not_hide_the_others(facebook, stand_in, page):
    stand_in.say(
        Reply([NO_PERMISSION]),
        Reply([element({"id": "1025_1", "shares": {"count": 3}}), NO_PERMISSION, NO_FIELD]),
        Reply([element(EXPOSURE)]),
    )
    told = read(facebook, page, "1025_1")["1025_1"]
    assert (told[Metric.SHARES], told[Metric.COMMENTS], told[Metric.REACTIONS]) == (
        3,
        "refused",
        "unsupported",
    )
    assert told[Metric.REACH] == 800


def test_what_got_no_answer_is_asked_once_more_and_then_left_out(facebook, stand_in, page):
    stand_in.say(
        Reply([None, None, {"code": 200, "body": "cut"}]),
        Reply([element(FULL), None, None]),
        Reply([element(EXPOSURE)]),
    )
    assert set(read(facebook, page, "1025_1", "1025_2", "1025_3")) == {"1025_1"}


def test_a_field_without_an_answer_is_left_out_alone(facebook, stand_in, page):
    stand_in.say(Reply([NO_PERMISSION]), Reply([element({"id": "1025_1"}), BROKEN, BROKEN]), Reply([BROKEN]))
    assert read(facebook, page, "1025_1") == {"1025_1": {Metric.SHARES: 0}}


def test_gone_posts_are_absent_whatever_their_neighbours_say(facebook, stand_in, page):
    stand_in.say(Reply([GONE, element(FULL), BROKEN]), Reply([element(EXPOSURE)]))
    assert set(read(facebook, page, "1025_1", "1025_2", "1025_3")) == {"1025_2"}


@pytest.mark.parametrize("body", [{}, [], [element(FULL)] * 2, "cut"])
def test_a_batch_answered_in_another_shape_may_be_read_again(facebook, stand_in, page, body):
    stand_in.say(Reply(json.dumps(body)))
    with pytest.raises(RetryLater):
        read(facebook, page, "1025_1")


def test_a_limit_met_inside_a_batch_stops_the_collecting(facebook, stand_in, page):
    stand_in.say(Reply([element(FULL), element(error(80001, "too many calls"), 400)]))
    with pytest.raises(RetryLater) as trouble:
        read(facebook, page, "1025_1", "1025_2")
    assert trouble.value.code == "rate_limited"


def test_insights_that_cannot_be_had_now_leave_the_engagement_standing(facebook, stand_in, page):
    stand_in.say(Reply([element(FULL)]), Reply(error(4, "Application request limit reached"), 400))
    assert read(facebook, page, "1025_1") == {
        "1025_1": {Metric.SHARES: 3, Metric.COMMENTS: 7, Metric.REACTIONS: 42}
    }


def test_a_dead_metric_name_is_found_out_once_and_tried_again_after_thirty_days(facebook, stand_in, page):
    reach = {"data": [insight("post_total_media_view_unique", 800)]}
    first_read = [[element(FULL)], [NO_METRIC], [NO_METRIC], [element(reach)], [BROKEN]]
    second_read = [[element(FULL)], [element(EXPOSURE)]]
    stand_in.say(*(Reply(batch) for batch in first_read + second_read))
    with structlog.testing.capture_logs() as logs:
        first = read(facebook, page, "1025_1")["1025_1"]
    assert (first[Metric.IMPRESSIONS], first[Metric.REACH]) == ("unsupported", 800)
    assert Metric.CLICKS not in first
    assert [one["name"] for one in logs] == ["post_media_view"]
    later = read(facebook, page, "1025_1")["1025_1"]
    assert (later[Metric.IMPRESSIONS], later[Metric.CLICKS]) == ("unsupported", 31)
    assert stand_in.seen[-1].batch == [
        "v26.0/1025_1/insights?metric=post_total_media_view_unique,post_clicks"
    ]
    stand_in.say(Reply([element(FULL)]), Reply([element(EXPOSURE)]))
    after = facebook.read_metrics(page, {"1025_1": NOON}, NOON + timedelta(days=31))
    assert after["1025_1"][Metric.IMPRESSIONS].value == 1000


def test_when_every_name_is_dead_nothing_is_asked(facebook, stand_in, page):
    stand_in.say(
        Reply([element(FULL)]),
        Reply([NO_METRIC]),
        Reply([NO_METRIC]),
        Reply([NO_METRIC]),
        Reply([NO_METRIC]),
        Reply([element(FULL)]),
    )
    read(facebook, page, "1025_1")
    calls = len(stand_in.seen)
    told = read(facebook, page, "1025_1")["1025_1"]
    assert (told[Metric.REACH], len(stand_in.seen) - calls) == ("unsupported", 1)


def test_a_name_dead_for_two_posts_is_told_once(facebook, stand_in, page):
    stand_in.say(
        Reply([element(FULL)] * 2),
        Reply([NO_METRIC] * 2),
        Reply([NO_METRIC] * 2),
        Reply([element(EXPOSURE)] * 2),
    )
    with structlog.testing.capture_logs() as logs:
        read(facebook, page, "1025_1", "1025_2")
    assert len(logs) == 1


def test_a_film_without_insights_does_not_bury_the_names(facebook, stand_in, page):
    stand_in.say(Reply([element(FULL)] * 2), Reply([NO_FIELD, element(EXPOSURE)]))
    told = read(facebook, page, "77", "1025_2")
    assert (told["77"][Metric.REACH], told["1025_2"][Metric.REACH]) == ("unsupported", 800)


def test_insights_without_permission_are_refused_not_missing(facebook, stand_in, page):
    stand_in.say(Reply([element(FULL)]), Reply([NO_PERMISSION]))
    told = read(facebook, page, "1025_1")["1025_1"]
    assert (told[Metric.REACH], told[Metric.SHARES]) == ("refused", 3)


def test_a_single_name_refused_for_want_of_permission_is_refused(facebook, stand_in, page):
    stand_in.say(Reply([element(FULL)]), Reply([NO_METRIC]), Reply([NO_METRIC]), Reply([NO_PERMISSION]))
    told = read(facebook, page, "1025_1")["1025_1"]
    assert (told[Metric.IMPRESSIONS], told[Metric.REACH]) == ("unsupported", "refused")


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ([], "missing"),
        ([{"value": {}}], "missing"),
        ([{"value": "many"}], "missing"),
        ([{"value": True}], "missing"),
        ([{"value": 0}], 0),
    ],
)
def test_only_a_number_is_a_value(facebook, stand_in, page, values, state):
    rows = {"data": [{"name": "post_clicks", "period": "lifetime", "values": values}]}
    stand_in.say(Reply([element(FULL)]), Reply([element(rows)]))
    assert read(facebook, page, "1025_1")["1025_1"][Metric.CLICKS] == state


def test_figures_of_another_shape_may_be_read_again(facebook, stand_in, page):
    stand_in.say(Reply([element(FULL)]), Reply([element({"data": 7})]))
    with pytest.raises(RetryLater) as trouble:
        read(facebook, page, "1025_1")
    assert trouble.value.code == "platform_trouble"


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (Reply({"id": "1025", "followers_count": 48000}), 48000),
        (Reply({"id": "1025"}), "missing"),
        (Reply(error(10, "(#10) requires a permission"), 403), "refused"),
        (
            Reply(
                error(100, "(#100) Tried accessing nonexisting field (followers_count) on node type (Page)"),
                400,
            ),
            "unsupported",
        ),
    ],
)
def test_followers_are_a_value_or_say_why_not(facebook, stand_in, page, reply, state):
    stand_in.say(reply)
    assert states(facebook.read_account(page)) == {Metric.FOLLOWERS: state}


def token(**changes: Any) -> Reply:
    scopes = ["pages_manage_posts", "pages_read_engagement", "pages_read_user_content", "read_insights"]
    return Reply([element({"data": {"is_valid": True, "expires_at": 0, "scopes": scopes, **changes}})])


def at(delta: timedelta) -> int:
    return int((NOON + delta).timestamp())


@pytest.mark.parametrize(
    ("told", "health", "problems"),
    [
        (token(), Health.OK, ()),
        (token(is_valid=False, error={"code": 190, "subcode": 460}), Health.REAUTH, ("password_changed",)),
        (token(is_valid=False), Health.REAUTH, ("token_dead",)),
        (token(expires_at=at(timedelta(days=3))), Health.OK, ("token_expiring",)),
        (token(expires_at=at(timedelta(days=30))), Health.OK, ()),
        (token(expires_at=at(timedelta(0))), Health.REAUTH, ("token_expired",)),
        (token(data_access_expires_at=at(timedelta(days=14))), Health.OK, ("data_access_expiring",)),
        (token(data_access_expires_at=at(timedelta(days=-1))), Health.REAUTH, ("data_access_over",)),
        (
            token(scopes=["pages_read_engagement", "pages_read_user_content", "read_insights"]),
            Health.REAUTH,
            ("scope_publish_missing",),
        ),
        (
            token(scopes=["pages_manage_posts", "pages_read_engagement"]),
            Health.OK,
            ("scope_reactions_missing", "scope_insights_missing"),
        ),
        (
            Reply([element(error(190, "Invalid OAuth access token signature."), 400)]),
            Health.OK,
            ("app_credentials_wrong",),
        ),
        (
            Reply(error(190, "Invalid OAuth access token signature."), 400),
            Health.OK,
            ("app_credentials_wrong",),
        ),
        (Reply([None]), Health.OK, ("app_credentials_wrong",)),
    ],
)
def test_the_check_reads_the_tokens_life_and_scopes(facebook, stand_in, page, told, health, problems):
    stand_in.say(told, Reply(GOOD), Reply({"id": "1025", "tasks": ["CREATE_CONTENT", "ANALYZE"]}))
    report = facebook.check(page)
    assert (report.health, report.problems, report.name) == (health, problems, GOOD["name"])
    assert all(CANARY not in seen.address for seen in stand_in.seen)


@pytest.mark.parametrize(
    ("tasks", "problems"),
    [
        (Reply({"id": "1025", "tasks": ["ANALYZE"]}), ("task_publish_missing",)),
        (Reply({"id": "1025"}), ()),
        (Reply(error(100, "(#100) Tried accessing nonexisting field (tasks) on node type (Page)"), 400), ()),
    ],
)
def test_the_check_asks_for_the_persons_tasks_where_facebook_tells_them(facebook, stand_in, tasks, problems):
    stand_in.say(Reply(GOOD), tasks)
    report = facebook.check(Access(Channel.FACEBOOK, "1025", {"page_token": "EAAtoken"}))
    assert report.problems == problems


def test_a_wrong_app_secret_is_told_as_such(facebook, stand_in, page):
    stand_in.say(token(), Reply(error(100, "Invalid appsecret_proof provided in the API argument"), 400))
    report = facebook.check(page)
    assert (report.health, report.problems) == (Health.REAUTH, ("proof_wrong",))


def test_a_page_that_may_not_be_read_needs_a_new_token(facebook, stand_in, page):
    stand_in.say(token(), Reply(error(10, "(#10) requires a permission"), 403))
    report = facebook.check(page)
    assert (report.health, report.problems) == (Health.REAUTH, ("permission_missing",))


@pytest.mark.parametrize("told", [Reply("cut"), Reply([element({"data": {}})])])
def test_a_check_that_facebook_does_not_answer_says_nothing_about_the_account(facebook, stand_in, page, told):
    stand_in.say(told)
    with pytest.raises(RetryLater):
        facebook.check(page)
