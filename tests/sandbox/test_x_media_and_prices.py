"""The fake X's films and bill: what it takes, how long it takes, what it would charge."""

from io import BytesIO

import pytest
from PIL import Image

from tests.sandbox.clients import jpeg
from tests.sandbox.conftest import x_client

FILM = b"\0\0\0\x18ftypmp42" + b"\0" * 3000


def gif(size=(64, 36)) -> bytes:
    content = BytesIO()
    Image.new("P", size, 3).save(content, "GIF")
    return content.getvalue()


def begin(x, category, mime, total):
    body = {"media_type": mime, "total_bytes": total, "media_category": category}
    return x.ask("POST", "/2/media/upload/initialize", json=body)


def sent(x, content, category="tweet_video", mime="video/mp4"):
    media = begin(x, category, mime, len(content)).json()["data"]["id"]
    options = {"files": {"media": ("piece", content)}, "data": {"segment_index": "0"}}
    assert x.ask("POST", f"/2/media/upload/{media}/append", **options).status_code == 200
    return media, x.ask("POST", f"/2/media/upload/{media}/finalize")


def status(x, media):
    return x.get("/2/media/upload", command="STATUS", media_id=media).json()["data"].get("processing_info")


@pytest.mark.parametrize(
    ("category", "mime", "total"),
    [
        ("tweet_video", "image/gif", 10),
        ("tweet_gif", "video/mp4", 10),
        ("tweet_gif", "image/gif", 15 * 1024 * 1024 + 1),
        ("tweet_video", "video/mp4", 512 * 1024 * 1024 + 1),
        ("tweet_video", "video/mp4", 0),
        ("profile", "video/mp4", 10),
    ],
)
def test_an_upload_that_could_never_be_used_is_refused_when_it_is_announced(x, category, mime, total):
    assert begin(x, category, mime, total).status_code == 400


def test_a_segment_may_be_eight_megabytes_and_no_more(x):
    media = begin(x, "tweet_video", "video/mp4", 20_000_000).json()["data"]["id"]
    for size, answer in ((8 * 1024 * 1024, 200), (8 * 1024 * 1024 + 1, 400)):
        options = {"files": {"media": ("piece", bytes(size))}, "data": {"segment_index": "0"}}
        assert x.ask("POST", f"/2/media/upload/{media}/append", **options).status_code == answer


def test_a_film_is_ready_after_as_many_questions_as_the_setting_says(x, sandbox):
    sandbox.settings(x_media_steps=3)
    media, finalized = sent(x, FILM)
    told = [finalized.json()["data"]["processing_info"]] + [status(x, media) for _ in range(3)]
    assert [one["state"] for one in told] == ["pending", "in_progress", "in_progress", "succeeded"]
    assert [one["progress_percent"] for one in told] == [0, 33, 66, 100]


@pytest.mark.parametrize(("content", "fails"), [(FILM, True), (b"words" * 99, False)])
def test_a_film_that_fails_says_why_and_cannot_be_shown(x, sandbox, content, fails):
    sandbox.settings(x_media_fails=fails)
    media, _ = sent(x, content)
    states = [status(x, media) for _ in range(3)]
    assert states[-1]["state"] == "failed"
    assert states[-1]["error"].keys() == {"code", "name", "message"}
    assert x.post("หนังเสีย", media={"media_ids": [media]}).status_code == 400


def test_a_ready_film_is_not_usable_everywhere_at_once(x, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    sandbox.settings(x_media_steps=1, x_media_spread_s=3)
    media, _ = sent(x, FILM)
    assert status(x, media)["state"] == "succeeded"
    refused = x.post("เร็วไป", media={"media_ids": [media]})
    assert refused.json()["errors"][0]["message"] == "Your media IDs are invalid."
    sandbox.set_clock("2026-11-23T05:00:03Z")
    x.publish("พอดี", media={"media_ids": [media]})


def test_a_gif_or_film_stands_alone(x, sandbox):
    sandbox.settings(x_media_steps=0)
    film, _ = sent(x, FILM)
    moving, _ = sent(x, gif(), "tweet_gif", "image/gif")
    for pair in ([film, moving], [moving, x.media(jpeg())]):
        assert x.post("ปนกัน", media={"media_ids": pair}).status_code == 400
    x.publish("เดี่ยว", media={"media_ids": [moving]})


def test_a_gif_larger_than_a_screen_is_refused(x):
    _, finalized = sent(x, gif((1300, 40)), "tweet_gif", "image/gif")
    assert finalized.status_code == 400


@pytest.mark.parametrize(
    "poll",
    [
        {"options": ["ก"], "duration_minutes": 60},
        {"options": ["ก"] * 5, "duration_minutes": 60},
        {"options": ["ก", "ข" * 26], "duration_minutes": 60},
        {"options": ["ก", "ข"], "duration_minutes": 4},
        {"options": ["ก", "ข"], "duration_minutes": 10_081},
        {"options": ["ก", "ข"]},
        {"options": ["ก", "ข"], "duration_minutes": 60, "colour": "red"},
    ],
)
def test_a_poll_that_x_does_not_take_is_refused(x, poll):
    assert x.post("ถาม", poll=poll).status_code == 400


def test_a_poll_and_who_may_answer_are_kept(x, sandbox):
    poll = {"options": ["ไป", "ไม่ไป"], "duration_minutes": 1440}
    post = x.publish("ไปงานไหม", poll=poll, reply_settings="mentionedUsers")
    (kept,) = sandbox.ledger("x")
    assert (kept["poll"], kept["reply_settings"]) == (poll, "mentionedUsers")
    row = x.get(f"/2/tweets/{post}", tweet__fields="reply_settings").json()["data"]
    assert row["reply_settings"] == "mentionedUsers"


def test_a_second_cashtag_is_refused(x):
    assert "cashtag" in x.post("$PTT และ $AOT").json()["detail"]
    x.publish("$PTT ราคา $5")


def test_the_bill_tells_each_kind_of_thing_by_its_price(x, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    first = x.publish("ไม่มีลิงก์")
    second = x.publish("ดูที่bangkok.go.th")
    said = {"id": x.media(jpeg()), "metadata": {"alt_text": {"text": "ภาพ"}}}
    x.ask("POST", "/2/media/metadata", json=said)
    x.get("/2/tweets", ids=f"{first},{second},99")
    x.timeline()
    x.get("/2/users/me")
    x.ask("DELETE", f"/2/tweets/{first}")
    x.ask("DELETE", f"/2/tweets/{first}")
    bill = sandbox.prices()
    assert bill["items"] == {
        "post": 1, "post_link": 1, "media_metadata": 1, "post_read": 2, "owned_read": 2, "user_read": 1,
        "delete": 1,
    }  # fmt: skip
    assert bill["usd"] == "0.252"
    assert sandbox.prices("2026-10") == {"lines": [], "items": {}, "usd": "0.000"}


def test_the_same_read_is_billed_once_a_day_and_what_failed_never(x, sandbox):
    sandbox.set_clock("2026-11-23T23:00:00Z")
    x.publish("อ่านหลายครั้ง")
    x.post("ก" * 300)
    for moment in ("2026-11-23T23:30:00Z", "2026-11-23T23:59:59Z", "2026-11-24T00:00:00Z"):
        sandbox.set_clock(moment)
        x.timeline()
    assert sandbox.prices()["items"] == {"post": 1, "owned_read": 2}


def test_the_timeline_of_somebody_else_is_dear_and_an_answer_to_them_cheap(x, sandbox):
    [other] = sandbox.add_accounts("x", 1)
    loud = x_client(sandbox, x.session, other).publish("ถาม @pr_sandbox_demo ว่า")
    x.get(f"/2/users/{other['external_id']}/tweets")
    x.get(f"/2/users/{x.user}/mentions")
    x.publish("ตอบ", reply={"in_reply_to_tweet_id": loud})
    assert sandbox.prices()["items"] == {"post": 1, "post_read": 1, "owned_read": 1, "reply_summoned": 1}


def test_credits_that_are_used_up_refuse_what_is_billed(x, sandbox):
    sandbox.settings(x_credit_usd=0.02)
    x.publish("พอจ่าย")
    x.publish("ครั้งสุดท้าย")
    refused = x.post("ไม่พอ")
    assert (refused.status_code, refused.json()["detail"]) == (402, "credits depleted")
    assert x.upload(jpeg()).status_code == 200


def test_counts_are_for_the_app_and_oauth2_users_alone(x, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    x.publish("น้ำท่วม ปิดถนน")
    x.publish("น้ำลด")
    bearer = sandbox.ask("GET", "/__control/credentials")["x_bearer"]["app"]
    sandbox.set_clock("2026-11-23T06:00:00Z")
    params = {"query": "น้ำท่วม", "granularity": "day"}
    told = x.bearer("GET", "/2/tweets/counts/recent", bearer, params=params).json()
    assert told["meta"]["total_tweet_count"] == 1
    assert len(told["data"]) == 7
    assert x.get("/2/tweets/counts/recent", **params).status_code == 403
    for wrong in ({}, {"query": "ก" * 513}, {"query": "ก", "granularity": "year"}):
        assert x.bearer("GET", "/2/tweets/counts/recent", bearer, params=wrong).status_code == 400


def test_analytics_open_with_the_setting_for_own_posts(x, sandbox):
    sandbox.settings(x_analytics=True)
    post = x.publish("วิเคราะห์")
    sandbox.metrics("x", post, impressions=900, clicks=None)
    span = {"start_time": "2026-11-01T00:00:00Z", "end_time": "2026-12-01T00:00:00Z"}
    told = x.get("/2/tweets/analytics", ids=f"{post},99", **span).json()
    metrics = told["data"][0]["timestamped_metrics"][0]["metrics"]
    assert (metrics["impressions"], metrics["url_clicks"]) == (900, None)
    assert told["errors"][0]["resource_id"] == "99"
    assert x.get("/2/tweets/analytics", ids=post).status_code == 400


def test_the_level_of_access_is_told_with_every_answer(x, sandbox):
    assert x.get("/2/users/me").headers["x-access-level"] == "read-write"
    sandbox.wear_token("x", x.user, read_only=True)
    assert x.get("/2/users/me").headers["x-access-level"] == "read"


def test_x_s_clock_is_its_own(x, sandbox):
    sandbox.settings(x_clock_off_s=400)
    refused = x.post("คลาด")
    assert refused.status_code == 401
    assert refused.headers["date"].endswith("GMT")
