import json

import pytest

from tests.sandbox.clients import jpeg, texts


def error(response):
    found = response.json()["error"]
    return response.status_code, found["code"], found.get("error_subcode")


def test_a_published_text_is_on_the_page_and_in_the_ledger_once(graph, sandbox):
    response = graph.feed(message="สวัสดีกรุงเทพฯ", fields="id,permalink_url,created_time")
    body = response.json()
    assert response.status_code == 200
    assert body["id"].startswith(f"{graph.page}_")
    assert body["permalink_url"] == f"{sandbox.base_url}/facebook/posts/{body['id']}"
    assert body["created_time"].endswith("+0000")
    [record] = sandbox.ledger("facebook")
    assert (record["id"], record["text"], record["account"]) == (body["id"], "สวัสดีกรุงเทพฯ", graph.page)
    assert [row["id"] for row in graph.posts()] == [body["id"]]


def test_the_ledger_line_is_on_disk_before_the_answer(graph, sandbox):
    post = graph.publish("บรรทัดเดียว")
    lines = (sandbox.data / "ledger.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[-1])["id"] == post


def test_parameters_come_as_query_form_multipart_or_json(graph):
    path = f"{graph.page}/feed"
    answers = [
        graph.ask("POST", path, params={"message": "หนึ่ง"}),
        graph.ask("POST", path, data={"message": "สอง"}),
        graph.ask("POST", path, files={"message": (None, "สาม")}),
        graph.ask("POST", path, json={"message": "สี่"}),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert texts(graph.posts()) == ["สี่", "สาม", "สอง", "หนึ่ง"]


def test_the_same_text_twice_in_a_row_is_refused_and_later_accepted(graph):
    graph.publish("ซ้ำ")
    assert error(graph.feed(message="ซ้ำ")) == (400, 506, None)
    graph.publish("คั่น")
    graph.publish("ซ้ำ")


@pytest.mark.parametrize("shape", ["json", "form", "list"])
def test_staged_photos_are_published_with_their_alt_text(graph, sandbox, shape):
    photos = [graph.stage(jpeg(colour=colour), alt=colour) for colour in ("red", "blue")]
    items = [{"media_fbid": photo} for photo in photos]
    path = f"{graph.page}/feed"
    if shape == "json":
        response = graph.ask("POST", path, json={"message": "สองภาพ", "attached_media": items})
    elif shape == "list":
        response = graph.feed(message="สองภาพ", attached_media=json.dumps(items))
    else:
        indexed = {f"attached_media[{place}]": json.dumps(item) for place, item in enumerate(items)}
        response = graph.feed(message="สองภาพ", **indexed)
    post = response.json()["id"]
    [record] = sandbox.ledger("facebook")
    assert record["alt"] == ["red", "blue"]
    assert len(set(record["media"])) == 2
    fields = "attachments{media_type,type,target{id},subattachments}"
    [album] = graph.get(post, fields=fields).json()["attachments"]["data"]
    assert [one["target"]["id"] for one in album["subattachments"]["data"]] == photos
    assert graph.get(photos[0], fields="page_story_id").json()["page_story_id"] == post


def test_a_staged_photo_is_not_public_until_it_is_attached(graph, sandbox):
    photo = graph.stage(jpeg())
    assert sandbox.ledger() == []
    assert graph.posts() == []
    assert "page_story_id" not in graph.get(photo, fields="id,page_story_id").json()


def test_a_photo_attached_once_is_refused_in_a_second_post(graph):
    item = json.dumps([{"media_fbid": graph.stage(jpeg())}])
    graph.publish("ครั้งแรก", attached_media=item)
    assert error(graph.feed(message="ครั้งที่สอง", attached_media=item)) == (400, 100, 1366051)


def test_a_deleted_or_foreign_photo_cannot_be_attached(graph):
    photo = graph.stage(jpeg())
    assert graph.ask("DELETE", photo).json() == {"success": True}
    for gone in (photo, "123"):
        assert (
            error(graph.feed(message="ไม่มีภาพ", attached_media=json.dumps([{"media_fbid": gone}])))[1] == 100
        )


def test_one_photo_published_at_once_tells_photo_and_post(graph, sandbox):
    body = graph.photo(jpeg(), caption="ภาพเดียว").json()
    [record] = sandbox.ledger("facebook")
    assert record["id"] == body["post_id"]
    assert record["media_ids"] == [body["id"]]


@pytest.mark.parametrize(
    ("content", "code", "subcode"),
    [
        (b"no picture at all", 324, None),
        (b"RIFF0000WEBPVP8 ", 100, 1366046),
        (b"\xff\xd8\xff\xe0", 324, None),
        (jpeg() + b"\0" * 10_485_760, 100, 1366046),
    ],
)
def test_what_is_no_acceptable_picture_is_refused(graph, content, code, subcode):
    assert error(graph.photo(content, published="false")) == (400, code, subcode)


def test_an_address_to_fetch_is_refused_because_the_sandbox_reaches_nothing(graph):
    response = graph.ask("POST", f"{graph.page}/photos", data={"url": "https://example.org/a.jpg"})
    assert error(response) == (400, 324, None)


@pytest.mark.parametrize(
    ("link", "subcode"),
    [
        ("not a link", 2061006),
        ("ftp://bangkok.go.th/a", 2061006),
        ("http://nowhere", 2061006),
        ("https://www.facebook.com/somebody", 1609008),
    ],
)
def test_bad_links_are_refused(graph, link, subcode):
    assert error(graph.feed(message="ลิงก์", link=link)) == (400, 100, subcode)


def test_a_link_post_keeps_its_link(graph, sandbox):
    post = graph.publish("อ่านต่อ", link="https://www.bangkok.go.th/news/1")
    [attachment] = graph.get(post, fields="attachments{unshimmed_url,media_type}").json()["attachments"][
        "data"
    ]
    assert attachment["unshimmed_url"] == "https://www.bangkok.go.th/news/1"
    assert sandbox.ledger("facebook")[0]["link"] == "https://www.bangkok.go.th/news/1"


@pytest.mark.parametrize(
    "form", [{}, {"message": ""}, {"message": "ก" * 63_207}, {"attached_media": "{oops"}]
)
def test_an_empty_or_impossible_post_is_refused(graph, sandbox, form):
    assert error(graph.feed(**form))[:2] == (400, 100)
    assert sandbox.ledger() == []


def test_scheduling_on_their_side_is_refused_for_now(graph):
    response = graph.feed(message="ตั้งเวลา", published="false", scheduled_publish_time="1800000000")
    assert response.json()["error"]["message"].endswith("scheduled publish time is invalid.")


def test_a_draft_is_public_only_once_it_is_flipped(graph, sandbox):
    draft = graph.feed(message="ร่าง", published="false").json()["id"]
    assert graph.posts() == []
    assert graph.get(draft, fields="is_published").json()["is_published"] is False
    assert graph.ask("POST", draft, data={"is_published": "true"}).json() == {"success": True}
    assert graph.get(draft, fields="is_published").json()["is_published"] is True
    assert [record["id"] for record in sandbox.ledger("facebook")] == [draft]


def test_an_edit_keeps_the_id_and_is_in_the_ledger_as_an_edit(graph, sandbox):
    post = graph.publish("ก่อน")
    graph.ask("POST", post, data={"message": "หลัง"})
    assert graph.get(post, fields="message").json()["message"] == "หลัง"
    assert len(sandbox.ledger("facebook")) == 1
    assert sandbox.ledger("facebook", kind="edit")[0]["text"] == "หลัง"


def test_a_deleted_post_is_gone_and_deleting_it_again_says_so(graph, sandbox):
    post = graph.publish("ลบทิ้ง")
    assert graph.ask("DELETE", post).json() == {"success": True}
    assert error(graph.ask("DELETE", post)) == (400, 100, 33)
    assert error(graph.get(post)) == (400, 100, 33)
    assert graph.posts() == []
    assert [record["id"] for record in sandbox.ledger("facebook", kind="delete")] == [post]
