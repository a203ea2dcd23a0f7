import pytest


def comments(graph, above, **params):
    response = graph.get(f"{above}/comments", **params)
    assert response.status_code == 200, response.text
    return response.json()


def say(graph, above, text, **form):
    response = graph.ask("POST", f"{above}/comments", data={"message": text} | form)
    assert response.status_code == 200, response.text
    return response.json()["id"]


def citizen(sandbox, post, text, **more):
    return sandbox.ask("POST", "/__control/comments", {"post": post, "text": text, **more})["comment"]["id"]


def code(response):
    return response.json()["error"]["code"]


def test_a_comment_says_who_wrote_it_only_where_it_was_the_page(graph, sandbox):
    post = graph.publish("ขอเชิญร่วมงาน")
    citizen(sandbox, post, "ไปค่ะ", name="สมหญิง")
    say(graph, post, "แล้วพบกันค่ะ")
    theirs, ours = comments(graph, post, fields="id,message,from,created_time,is_hidden")["data"]
    assert "from" not in theirs
    assert ours["from"]["id"] == graph.page
    assert (theirs["message"], theirs["is_hidden"]) == ("ไปค่ะ", False)


def test_answers_go_two_levels_deep_and_are_flattened_by_the_stream_filter(graph, sandbox):
    post = graph.publish("ขอเชิญร่วมงาน")
    first = citizen(sandbox, post, "กี่โมงคะ")
    second = say(graph, first, "08.00 น. ค่ะ")
    third = say(graph, second, "มาได้เลยค่ะ")
    top = comments(graph, post, summary="true")
    assert [row["id"] for row in top["data"]] == [first]
    assert top["summary"]["total_count"] == 1
    stream = comments(graph, post, filter="stream", fields="id,parent")
    parents = {row["id"]: row.get("parent", {}).get("id") for row in stream["data"]}
    assert parents == {first: None, second: first, third: first}
    assert [row["id"] for row in comments(graph, first)["data"]] == [second, third]


def test_comments_come_in_pages_in_either_order_and_since_a_moment(graph, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    post = graph.publish("ขอเชิญร่วมงาน")
    for minute in range(5):
        sandbox.set_clock(f"2026-11-23T05:0{minute}:00Z")
        citizen(sandbox, post, f"ความเห็น {minute}")
    page = comments(graph, post, order="reverse_chronological", limit=2)
    assert [row["message"] for row in page["data"]] == ["ความเห็น 4", "ความเห็น 3"]
    after = page["paging"]["cursors"]["after"]
    page = comments(graph, post, order="reverse_chronological", limit=2, after=after)
    assert [row["message"] for row in page["data"]] == ["ความเห็น 2", "ความเห็น 1"]
    assert "next" in page["paging"]
    late = comments(graph, post, since="2026-11-23T05:04:00")
    assert [row["message"] for row in late["data"]] == ["ความเห็น 4"]


@pytest.mark.parametrize(
    "params", [{"filter": "all"}, {"order": "ranked"}, {"limit": 101}, {"since": "soon"}]
)
def test_what_the_edge_does_not_know_is_refused(graph, params):
    assert code(graph.get(f"{graph.publish('โพสต์')}/comments", **params)) == 100


def test_hiding_is_for_citizens_words_and_changing_for_our_own(graph, sandbox):
    post = graph.publish("ขอเชิญร่วมงาน")
    theirs, ours = citizen(sandbox, post, "คำหยาบ"), say(graph, post, "ขอบคุณค่ะ")
    assert graph.ask("POST", theirs, data={"is_hidden": "true"}).json() == {"success": True}
    assert graph.get(theirs, fields="is_hidden").json()["is_hidden"] is True
    assert code(graph.ask("POST", ours, data={"is_hidden": "true"})) == 100
    assert code(graph.ask("POST", theirs, data={"message": "คำสุภาพ"})) == 200
    assert graph.ask("POST", ours, data={"message": "ขอบคุณมากค่ะ"}).json() == {"success": True}
    assert graph.get(ours, fields="message").json()["message"] == "ขอบคุณมากค่ะ"


def test_a_comment_is_deleted_once_and_goes_with_its_post(graph, sandbox):
    post = graph.publish("ขอเชิญร่วมงาน")
    first, second = say(graph, post, "หนึ่ง"), say(graph, post, "สอง")
    assert graph.ask("DELETE", first).json() == {"success": True}
    assert graph.ask("DELETE", first).json()["error"]["error_subcode"] == 33
    graph.ask("DELETE", post)
    assert graph.get(second).json()["error"]["error_subcode"] == 33


def test_writing_and_reading_comments_need_their_own_permissions(graph, sandbox):
    post = graph.publish("ขอเชิญร่วมงาน")
    sandbox.wear_token("facebook", graph.page, scopes=["pages_read_engagement"])
    writing = graph.ask("POST", f"{post}/comments", data={"message": "ก"})
    assert (code(writing), "pages_manage_engagement" in writing.text) == (10, True)
    reading = graph.get(f"{post}/comments")
    assert (code(reading), "pages_read_user_content" in reading.text) == (10, True)
    sandbox.wear_token("facebook", graph.page, scopes=["pages_manage_engagement"], tasks=["ANALYZE"])
    assert code(graph.ask("POST", f"{post}/comments", data={"message": "ก"})) == 200


@pytest.mark.parametrize("text", ["", " ", "ก" * 8001])
def test_an_empty_or_endless_comment_is_refused(graph, sandbox, text):
    post = graph.publish("ขอเชิญร่วมงาน")
    assert code(graph.ask("POST", f"{post}/comments", data={"message": text})) == 100


def test_a_draft_cannot_be_commented_on(graph):
    draft = graph.publish("ร่าง", published="false")
    assert code(graph.ask("POST", f"{draft}/comments", data={"message": "ก"})) == 100


def test_what_is_said_counts_as_a_comment_of_the_post(graph, sandbox):
    post = graph.publish("ขอเชิญร่วมงาน")
    for number in range(30):
        citizen(sandbox, post, f"ความเห็น {number}")
    told = graph.get(post, fields="comments.limit(0).summary(true)").json()
    assert told["comments"]["summary"]["total_count"] >= 30


@pytest.mark.parametrize("said", [{"post": "1_2", "text": "ก"}, {"text": "ก"}, {"post": "", "text": ""}])
def test_a_citizen_needs_a_post_and_words(sandbox, said):
    assert sandbox.control.post("/__control/comments", json=said).status_code == 400
