import base64
from datetime import UTC, datetime

import pytest

from sandbox.clock import real_now
from tests.sandbox.clients import jpeg
from tests.sandbox.conftest import x_client

EPOCH_MS = 1288834974657
FILM = b"\0\0\0\x18ftypmp42" + b"\0" * 3000


def refusal(response):
    body = response.json()
    return response.status_code, body.get("detail") or body["errors"][0]["message"]


def test_a_signed_post_is_public_and_in_the_ledger_once(x, sandbox):
    response = x.post("สวัสดีกรุงเทพฯ")
    data = response.json()["data"]
    assert response.status_code == 201
    assert data == {"id": data["id"], "text": "สวัสดีกรุงเทพฯ", "edit_history_tweet_ids": [data["id"]]}
    [record] = sandbox.ledger("x")
    assert (record["id"], record["text"], record["account"]) == (data["id"], "สวัสดีกรุงเทพฯ", x.user)


def test_ids_tell_the_moment_and_rise_within_it(x, sandbox):
    sandbox.set_clock("2020-10-24T02:00:00Z")
    ids = [int(x.publish(f"ข้อความ {number}")) for number in range(5)]
    assert ids == sorted(set(ids))
    made = datetime.fromtimestamp(((ids[0] >> 22) + EPOCH_MS) / 1000, UTC)
    assert made == datetime(2020, 10, 24, 2, tzinfo=UTC)


@pytest.mark.parametrize("wrong", ["consumer_key", "consumer_secret", "access_token", "access_token_secret"])
def test_a_signature_with_any_wrong_key_is_refused_without_rate_headers(x, sandbox, wrong):
    response = x.ask("POST", "/2/tweets", json={"text": "ปลอม"}, auth=x.auth(**{wrong: "nonsense"}))
    assert refusal(response) == (401, "Unauthorized")
    assert not any(name.lower().startswith("x-rate-limit") for name in response.headers)
    assert sandbox.ledger() == []


@pytest.mark.parametrize(("skew_s", "status"), [(-250, 200), (-400, 401), (400, 401)])
def test_a_signature_of_another_hour_is_refused_by_the_true_time(x, sandbox, skew_s, status):
    sandbox.set_clock("2020-10-24T02:00:00Z")
    auth = x.auth()
    auth.client.timestamp = str(int(real_now().timestamp()) + skew_s)
    assert x.ask("GET", "/2/users/me", auth=auth).status_code == status


def test_the_signature_covers_the_query(x):
    request = x.ask("GET", "/2/users/me", params={"user.fields": "public_metrics"})
    assert request.status_code == 200
    header = {"Authorization": request.request.headers["Authorization"]}
    url = f"{x.base_url}/2/users/me"
    assert x.session.get(url, headers=header, timeout=30).status_code == 401


def test_bearer_of_the_user_writes_and_bearer_of_the_app_does_not(x, sandbox):
    bearers = sandbox.ask("GET", "/__control/credentials")["x_bearer"]
    assert x.bearer("POST", "/2/tweets", bearers[x.user], json={"text": "ผู้ใช้"}).status_code == 201
    refused = x.bearer("POST", "/2/tweets", bearers["app"], json={"text": "แอป"})
    assert (refused.status_code, refused.json()["title"]) == (403, "Unsupported Authentication")
    assert x.bearer("POST", "/2/tweets", "None", json={"text": "ไม่มี"}).status_code == 401
    assert x.session.post(f"{x.base_url}/2/tweets", json={"text": "x"}, timeout=30).status_code == 401


def test_a_revoked_and_a_read_only_token_are_told_apart(x, sandbox):
    sandbox.wear_token("x", x.user, read_only=True)
    assert "oauth1 app permissions" in refusal(x.post("อ่านอย่างเดียว"))[1]
    sandbox.wear_token("x", x.user, dead=89)
    assert refusal(x.post("ถูกเพิกถอน")) == (401, "Unauthorized")


@pytest.mark.parametrize(
    "body",
    [
        {"text": "ก", "status": "x"},
        {"text": "ก", "media": {"media_ids": ["1"], "alt": "x"}},
        {"text": 5},
        {},
        {"text": "ก", "media": {"media_ids": []}},
        {"text": "ก", "media": {"media_ids": ["1", "2", "3", "4", "5"]}},
        {"text": "ก", "media": {"media_ids": [17]}},
        {"text": "ก", "media": {"media_ids": ["1"]}, "poll": {"options": ["a", "b"], "duration_minutes": 5}},
        {"text": "ก", "reply_settings": "nobody"},
        {"text": "ก", "reply": "7"},
    ],
)
def test_a_body_with_unknown_or_impossible_parts_is_refused(x, sandbox, body):
    response = x.ask("POST", "/2/tweets", json=body)
    assert (response.status_code, response.json()["title"]) == (400, "Invalid Request")
    assert sandbox.ledger() == []


def test_a_body_that_is_no_json_object_is_refused(x):
    for data in ("{oops", "[1]"):
        response = x.ask("POST", "/2/tweets", data=data, headers={"Content-Type": "application/json"})
        assert response.status_code == 400


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("ก" * 280, True),
        ("ก" * 281, False),
        ("中" * 140, True),
        ("中" * 141, False),
        ("ก" * 257 + "bangkok.go.th", True),
    ],
)
def test_the_weighted_length_is_enforced(x, text, accepted):
    response = x.post(text)
    if accepted:
        assert response.status_code == 201
    else:
        assert refusal(response) == (403, "You are not permitted to perform this action.")


def test_the_same_text_is_refused_within_the_window_and_accepted_after_it(x, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    x.publish("ซ้ำ")
    x.publish("คั่น")
    assert refusal(x.post("ซ้ำ")) == (403, "You are not allowed to create a Tweet with duplicate content.")
    sandbox.settings(duplicate_window_s=3600)
    sandbox.set_clock("2026-11-23T06:00:00Z")
    x.publish("ซ้ำ")


def test_a_deleted_text_may_be_posted_again(x):
    x.ask("DELETE", f"/2/tweets/{x.publish('ลบแล้วโพสต์ใหม่')}")
    x.publish("ลบแล้วโพสต์ใหม่")


def test_the_text_comes_back_with_short_links_escapes_and_media_links(x):
    media = x.media(jpeg())
    sent = "ดู <1> & https://www.bangkok.go.th/ข่าว?a=1&b=2 ที่bangkok.go.th"
    post = x.publish(sent, media={"media_ids": [media]})
    row = x.get(f"/2/tweets/{post}", tweet__fields="entities,attachments").json()["data"]
    urls = row["entities"]["urls"]
    assert "&lt;1&gt; &amp; https://t.co/" in row["text"]
    assert all(row["text"][url["start"] : url["end"]] == url["url"] for url in urls)
    assert [url["expanded_url"] for url in urls[:2]] == ["https://www.bangkok.go.th/", "http://bangkok.go.th"]
    assert row["text"].endswith(f" {urls[2]['url']}")
    assert urls[2]["media_key"] == row["attachments"]["media_keys"][0]
    assert urls[2]["expanded_url"].endswith(f"/status/{post}/photo/1")


def test_replies_go_to_own_posts_and_to_posts_that_mention_us(x, sandbox):
    [other] = sandbox.add_accounts("x", 1)
    foreign = x_client(sandbox, x.session, other)
    own = x.publish("ต้นเรื่อง")
    x.publish("ต่อ", reply={"in_reply_to_tweet_id": own})
    silent = foreign.publish("ไม่ได้เอ่ยถึงใคร")
    loud = foreign.publish("ถาม @pr_sandbox_demo ว่า")
    assert refusal(x.post("แทรก", reply={"in_reply_to_tweet_id": silent}))[1].startswith("You can only reply")
    answer = x.publish("ตอบ", reply={"in_reply_to_tweet_id": loud})
    fields = "conversation_id,in_reply_to_user_id,referenced_tweets"
    row = x.get(f"/2/tweets/{answer}", tweet__fields=fields).json()["data"]
    assert row["conversation_id"] == loud
    assert row["in_reply_to_user_id"] == other["external_id"]
    assert row["referenced_tweets"] == [{"type": "replied_to", "id": loud}]
    assert [one["id"] for one in x.get(f"/2/users/{x.user}/mentions").json()["data"]] == [loud]


def test_quoting_is_refused(x):
    own = x.publish("ต้นฉบับ")
    assert x.post("อ้างอิง", quote_tweet_id=own).status_code == 403


def test_a_picture_is_uploaded_described_and_shown(x, sandbox):
    uploaded = x.upload(jpeg((640, 360))).json()["data"]
    assert uploaded["image"] == {"image_type": "image/jpeg", "w": 640, "h": 360}
    said = {"id": uploaded["id"], "metadata": {"alt_text": {"text": "แสงไฟริมคลอง"}}}
    assert x.ask("POST", "/2/media/metadata", json=said).status_code == 200
    post = x.publish("ภาพ", media={"media_ids": [uploaded["id"]]})
    assert sandbox.ledger("x")[0]["alt"] == ["แสงไฟริมคลอง"]
    shown = x.get(
        f"/2/tweets/{post}", expansions="attachments.media_keys", media__fields="alt_text,type"
    ).json()
    [media] = shown["includes"]["media"]
    assert (media["alt_text"], media["type"], media["media_key"]) == (
        "แสงไฟริมคลอง",
        "photo",
        uploaded["media_key"],
    )


def test_a_picture_alone_is_a_post(x, sandbox):
    x.publish(media={"media_ids": [x.media(jpeg())]})
    assert sandbox.ledger("x")[0]["text"] == ""


def test_a_picture_may_come_as_base64_in_json(x):
    body = {"media": base64.b64encode(jpeg()).decode(), "media_category": "tweet_image"}
    assert x.ask("POST", "/2/media/upload", json=body).json()["data"]["id"].isdigit()
    assert x.ask("POST", "/2/media/upload", json=body | {"media": "%%%"}).status_code == 400


@pytest.mark.parametrize(
    ("content", "category"),
    [
        (b"text", "tweet_image"),
        (jpeg(), "profile"),
        (b"", "tweet_image"),
        (jpeg() + b"\0" * 5_242_880, "tweet_image"),
    ],
)
def test_uploads_x_does_not_take_are_refused(x, content, category):
    assert x.upload(content, category).status_code == 400


def test_a_film_goes_up_in_segments_and_is_ready_after_its_processing(x):
    begin = {
        "media_type": "video/mp4",
        "total_bytes": len(FILM),
        "media_category": "tweet_video",
        "shared": False,
    }
    media = x.ask("POST", "/2/media/upload/initialize", json=begin).json()["data"]["id"]
    for index in (1, 0, 0):  # any order, and again
        piece = FILM[index * 2000 : (index + 1) * 2000]
        options = {"files": {"media": ("piece", piece)}, "data": {"segment_index": str(index)}}
        assert x.ask("POST", f"/2/media/upload/{media}/append", **options).status_code == 200
    assert (
        x.ask("POST", f"/2/media/upload/{media}/finalize").json()["data"]["processing_info"]["state"]
        == "pending"
    )
    assert refusal(x.post("เร็วไป", media={"media_ids": [media]}))[0] == 400
    states = [x.get("/2/media/upload", command="STATUS", media_id=media).json()["data"] for _ in range(2)]
    assert states[0]["processing_info"]["state"] == "in_progress"
    assert states[1]["processing_info"]["state"] == "succeeded"
    x.publish("พร้อมแล้ว", media={"media_ids": [media]})


def test_a_film_with_a_missing_segment_cannot_be_finished(x):
    begin = {"media_type": "video/mp4", "total_bytes": 10, "media_category": "tweet_video"}
    media = x.ask("POST", "/2/media/upload/initialize", json=begin).json()["data"]["id"]
    assert x.ask("POST", f"/2/media/upload/{media}/finalize").status_code == 400
    assert x.ask("POST", "/2/media/upload/99/finalize").status_code == 404


def test_foreign_unknown_expired_and_old_style_media_are_invalid(x, sandbox):
    [other] = sandbox.add_accounts("x", 1)
    foreign = x_client(sandbox, x.session, other).media(jpeg())
    old_style = x.ask("POST", "/1.1/media/upload.json", files={"media": jpeg()}).json()["media_id_string"]
    expired = x.media(jpeg())
    sandbox.set_clock(offset_s=2 * 86_400)
    for media in (foreign, "12345", old_style, expired):
        assert refusal(x.post("ภาพเสีย", media={"media_ids": [media]}))[0] == 400
    inner = x.post("ภาพเสีย", media={"media_ids": ["12345"]}).json()["errors"][0]["message"]
    assert inner == "Your media IDs are invalid."


def test_deleting_twice_says_it_is_not_there(x, sandbox):
    post = x.publish("ลบ")
    answers = [x.ask("DELETE", f"/2/tweets/{post}").json()["data"]["deleted"] for _ in range(2)]
    assert answers == [True, False]
    assert [record["id"] for record in sandbox.ledger("x", kind="delete")] == [post]
    assert "data" not in x.timeline()
