import pytest

from tests.sandbox.conftest import x_client

PUBLIC = {"retweet_count", "reply_count", "like_count", "quote_count", "bookmark_count", "impression_count"}
PRIVATE = "non_public_metrics,organic_metrics"


def message(response):
    return response.status_code, response.json()["errors"][0]["message"]


def test_an_empty_timeline_has_no_data(x):
    assert x.timeline() == {"meta": {"result_count": 0}}


def test_the_timeline_is_newest_first_page_by_page(x):
    for number in range(12):
        x.publish(f"โพสต์ {number}")
    seen, token = [], {}
    for _ in range(5):
        body = x.timeline(max_results=5, **token)
        seen += [row["text"] for row in body["data"]]
        if "next_token" not in body["meta"]:
            break
        token = {"pagination_token": body["meta"]["next_token"]}
    assert seen == [f"โพสต์ {number}" for number in reversed(range(12))]
    assert body["meta"]["previous_token"]


def test_start_time_since_id_and_exclude_narrow_the_timeline(x, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    first = x.publish("แรก")
    sandbox.set_clock("2026-11-23T06:00:00Z")
    second = x.publish("สอง", reply={"in_reply_to_tweet_id": first})
    assert [row["id"] for row in x.timeline(start_time="2026-11-23T05:30:00Z")["data"]] == [second]
    assert [row["id"] for row in x.timeline(end_time="2026-11-23T06:00:00.000Z")["data"]] == [first]
    assert [row["id"] for row in x.timeline(since_id=first)["data"]] == [second]
    assert [row["id"] for row in x.timeline(until_id=second)["data"]] == [first]
    assert [row["id"] for row in x.timeline(exclude="replies,retweets")["data"]] == [first]


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"max_results": "4"}, "The `max_results` query parameter value [4] is not between 5 and 100"),
        ({"max_results": "101"}, "The `max_results` query parameter value [101] is not between 5 and 100"),
        ({"start_time": "2026-11-23 05:00"}, "is not a valid RFC3339 timestamp"),
        ({"since_id": "abc"}, "is not a valid id"),
        ({"pagination_token": "!!"}, "is not valid"),
        ({"tweet__fields": "likes"}, "is not one of ["),
        ({"page": "2"}, "The query parameter [page] is not one of ["),
    ],
)
def test_wrong_parameters_are_named_in_a_400(x, params, told):
    status, words = message(x.get(f"/2/users/{x.user}/tweets", **params))
    assert status == 400
    assert told in words


def test_missing_posts_are_told_beside_the_found_ones_with_status_200(x):
    post = x.publish("ยังอยู่")
    body = x.get("/2/tweets", ids=f"{post},123").json()
    assert [row["id"] for row in body["data"]] == [post]
    [error] = body["errors"]
    assert error["detail"] == "Could not find tweet with id: [123]."
    assert (error["resource_id"], error["parameter"]) == ("123", "ids")
    assert "data" not in x.get("/2/tweets", ids="123").json()
    assert "data" not in x.get("/2/tweets/123").json()


def test_more_than_a_hundred_ids_or_no_number_are_refused(x):
    assert x.get("/2/tweets", ids=",".join(["1"] * 101)).status_code == 400
    assert x.get("/2/tweets", ids="").status_code == 400
    assert x.get("/2/tweets", ids="abc").status_code == 400
    assert x.get("/2/tweets/abc").status_code == 400


def test_the_spelling_asked_is_the_spelling_answered(x):
    first = x.publish("ต้น")
    x.publish("ต่อ", reply={"in_reply_to_tweet_id": first})
    fields = ("public_metrics", "edit_history_{}_ids", "referenced_{}s")
    old = x.timeline(tweet__fields=",".join(fields).format("tweet", "tweet"))["data"][0]
    new = x.timeline(post__fields=",".join(fields).format("post", "post"))["data"][0]
    assert {"edit_history_tweet_ids", "referenced_tweets"} <= old.keys()
    assert {"edit_history_post_ids", "referenced_posts"} <= new.keys()
    assert "retweet_count" in old["public_metrics"]
    assert "repost_count" in new["public_metrics"]
    assert x.get(f"/2/tweets/{first}", tweet__fields="id", post__fields="id").status_code == 400


def test_only_asked_fields_are_answered(x):
    x.publish("น้อยที่สุด")
    [row] = x.timeline()["data"]
    assert row.keys() == {"id", "text", "edit_history_tweet_ids"}


def test_public_metrics_are_the_audience_s_and_unknown_ones_are_absent(x, sandbox):
    post = x.publish("ตัวเลข")
    sandbox.metrics("x", post, impressions=5000, shares=9, reactions=None)
    metrics = x.get(f"/2/tweets/{post}", tweet__fields="public_metrics").json()["data"]["public_metrics"]
    assert metrics.keys() == PUBLIC - {"like_count"}
    assert (metrics["impression_count"], metrics["retweet_count"]) == (5000, 9)


def test_private_metrics_end_after_thirty_days_and_at_foreign_posts(x, sandbox):
    sandbox.set_clock("2026-11-01T00:00:00Z")
    post = x.publish("ส่วนตัว")
    [other] = sandbox.add_accounts("x", 1)
    foreign = x_client(sandbox, x.session, other).publish("ของคนอื่น")
    row = x.get(f"/2/tweets/{post}", tweet__fields=PRIVATE).json()["data"]
    assert {"url_link_clicks", "engagements"} <= row["non_public_metrics"].keys()
    assert "retweet_count" in row["organic_metrics"]
    sandbox.set_clock("2026-12-01T00:00:01Z")
    for gone in (post, foreign):
        body = x.get(f"/2/tweets/{gone}", tweet__fields=PRIVATE).json()
        assert not body["data"].keys() & {"non_public_metrics", "organic_metrics"}
        assert {error["field"] for error in body["errors"]} == {"non_public_metrics", "organic_metrics"}


def test_the_user_tells_its_followers_and_posts(x):
    x.publish("หนึ่ง")
    data = x.get("/2/users/me", user__fields="public_metrics").json()["data"]
    assert data["id"] == x.user
    assert data["public_metrics"]["followers_count"] >= 187_300
    assert data["public_metrics"]["tweet_count"] == 1
    assert x.get(f"/2/users/{x.user}").json()["data"]["username"] == "pr_sandbox_demo"
    assert "data" not in x.get("/2/users/1").json()


def test_analytics_is_not_in_the_plan(x):
    body = x.get("/2/tweets/analytics", ids="1").json()
    assert body["reason"] == "client-not-enrolled"


def test_usage_is_for_the_app_alone_and_counts_posts_read(x, sandbox):
    post = x.publish("อ่าน")
    x.get(f"/2/tweets/{post}")
    x.timeline()
    bearer = sandbox.ask("GET", "/__control/credentials")["x_bearer"]["app"]
    assert x.bearer("GET", "/2/usage/tweets", bearer).json()["data"]["project_usage"] == "2"
    assert x.get("/2/usage/tweets").status_code == 403


def test_rate_headers_are_on_answers_and_refusals_and_count_down(x, sandbox):
    sandbox.set_clock("2026-11-23T05:01:00Z")
    good, bad = x.post("หนึ่ง"), x.post("ก" * 400)
    assert (good.headers["x-rate-limit-limit"], good.headers["x-rate-limit-remaining"]) == ("100", "99")
    assert (bad.status_code, bad.headers["x-rate-limit-remaining"]) == (403, "98")
    assert int(good.headers["x-rate-limit-reset"]) == 1_795_410_900
    assert good.headers["x-user-limit-24hour-remaining"] == "9999"


def test_beyond_the_limit_is_429_until_the_window_ends(x, sandbox):
    sandbox.set_clock("2026-11-23T05:01:00Z")
    sandbox.settings(x_limits={"POST /2/tweets": 2})
    statuses = [x.post(f"ครั้งที่ {number}").status_code for number in range(3)]
    assert statuses == [201, 201, 429]
    assert len(sandbox.ledger("x")) == 2
    sandbox.set_clock("2026-11-23T05:15:00Z")
    assert x.post("หน้าต่างใหม่").status_code == 201


def test_the_day_s_limit_is_told_in_its_own_headers(x, sandbox):
    sandbox.settings(x_day_limit=1)
    x.publish("วันละหนึ่ง")
    refused = x.post("เกิน")
    assert (refused.status_code, refused.headers["x-user-limit-24hour-remaining"]) == (429, "0")


def test_unknown_paths_are_404(x):
    assert x.get("/2/nothing").status_code == 404
