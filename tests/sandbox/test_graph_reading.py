import json

import pytest

from tests.sandbox.clients import texts

ENGAGEMENT = "id,shares,comments.limit(0).summary(true),reactions.limit(0).summary(total_count)"


def error(response):
    found = response.json()["error"]
    return response.status_code, found["code"], found["message"]


def batch(graph, elements, **form):
    return graph.ask("POST", "", data={"batch": json.dumps(elements), "include_headers": "false"} | form)


def test_engagement_is_told_with_summaries_and_shares_only_above_zero(graph, sandbox):
    post = graph.publish("ยอด")
    sandbox.metrics("facebook", post, shares=0, comments=7, reactions=42)
    body = graph.get(post, fields=ENGAGEMENT).json()
    assert "shares" not in body
    assert body["comments"]["summary"]["total_count"] == 7
    assert body["reactions"]["summary"]["total_count"] == 42
    sandbox.metrics("facebook", post, shares=3)
    assert graph.get(post, fields=ENGAGEMENT).json()["shares"] == {"count": 3}


def test_a_count_made_unknown_is_absent_not_zero(graph, sandbox):
    post = graph.publish("ไม่ทราบยอด")
    sandbox.metrics("facebook", post, reactions=None, comments=1)
    body = graph.get(post, fields=ENGAGEMENT).json()
    assert "reactions" not in body
    assert body["comments"]["summary"]["total_count"] == 1


def test_reactions_by_kind_add_up(graph, sandbox):
    post = graph.publish("แยกความรู้สึก")
    sandbox.metrics("facebook", post, reactions=1000)
    kinds = ("LIKE", "LOVE", "CARE", "WOW", "HAHA", "SAD", "ANGRY")
    asked = ",".join(
        f"reactions.type({kind}).limit(0).summary(total_count).as(n{kind.lower()})" for kind in kinds
    )
    body = graph.get(post, fields=asked).json()
    assert sum(body[f"n{kind.lower()}"]["summary"]["total_count"] for kind in kinds) == 1000


@pytest.mark.parametrize(
    ("target", "field", "kind"),
    [("post", "post_id", "Post"), ("page", "impressions", "Page"), ("post", "views", "Post")],
)
def test_an_unknown_field_refuses_the_call(graph, target, field, kind):
    wanted = graph.publish("ฟิลด์") if target == "post" else graph.page
    told = f"(#100) Tried accessing nonexisting field ({field}) on node type ({kind})"
    assert error(graph.get(wanted, fields=f"id,{field}")) == (400, 100, told)


@pytest.mark.parametrize("fields", ["id,", "id{", "id,,name", "comments.limit(0"])
def test_a_malformed_selection_is_a_syntax_error(graph, fields):
    assert error(graph.get(graph.page, fields=fields))[:2] == (400, 2500)


def test_the_page_tells_its_followers(graph):
    body = graph.get(graph.page, fields="id,name,followers_count,fan_count,link").json()
    assert body["followers_count"] >= 412_600
    assert body["name"] == "กรุงเทพมหานคร โดยสำนักงานประชาสัมพันธ์"


def test_published_posts_come_newest_first_and_by_cursor(graph):
    for number in range(7):
        graph.publish(f"โพสต์ {number}")
    seen, after = [], {}
    for _ in range(5):
        body = graph.get(f"{graph.page}/published_posts", fields="id,message", limit=3, **after).json()
        seen += texts(body["data"])
        if "next" not in body.get("paging", {}):
            break
        after = {"after": body["paging"]["cursors"]["after"]}
    assert seen == [f"โพสต์ {number}" for number in reversed(range(7))]


def test_the_next_link_carries_the_token_only_if_the_call_did(graph):
    for number in range(3):
        graph.publish(f"ลิงก์ถัดไป {number}")
    path = f"{graph.page}/published_posts"
    assert "access_token" not in graph.get(path, limit=2).json()["paging"]["next"]
    sent = graph.ask("GET", path, params={"limit": 2, "access_token": graph.token}, headers={})
    assert graph.token in sent.json()["paging"]["next"]


def test_since_and_until_cut_by_creation_time(graph, sandbox):
    for hour in (5, 6, 7):
        sandbox.set_clock(f"2026-11-23T0{hour}:00:00Z")
        graph.publish(f"{hour} นาฬิกา")
    assert texts(graph.posts(since="2026-11-23T06:00:00+0000")) == ["7 นาฬิกา", "6 นาฬิกา"]
    assert texts(graph.posts(since=1_795_410_000, until="2026-11-23T06:30:00")) == ["6 นาฬิกา", "5 นาฬิกา"]
    assert error(graph.get(f"{graph.page}/published_posts", since="yesterday"))[1] == 100


@pytest.mark.parametrize("limit", [0, 101, "many"])
def test_an_impossible_limit_is_refused(graph, limit):
    assert error(graph.get(f"{graph.page}/published_posts", limit=limit))[:2] == (400, 100)


def test_a_page_of_posts_may_be_too_heavy(graph, sandbox):
    sandbox.settings(graph_rows_max=25)
    status, code, words = error(graph.get(f"{graph.page}/published_posts", limit=50))
    assert (status, code) == (500, 1)
    assert "reduce the amount of data" in words
    assert graph.get(f"{graph.page}/published_posts", limit=25).status_code == 200


def test_the_multi_object_read_is_dead(graph):
    status, code, message = error(graph.get("", ids="1,2"))
    assert (status, code) == (500, 100)
    assert "deprecated" in message


def test_a_batch_answers_each_element_in_order(graph, sandbox):
    post = graph.publish("ในชุด")
    elements = [
        {"method": "GET", "relative_url": f"v26.0/{post}?fields=id"},
        {"method": "GET", "relative_url": "1_2?fields=id"},
        {"method": "GET", "relative_url": f"{post}/insights?metric=post_clicks"},
    ]
    answers = batch(graph, elements).json()
    assert [answer["code"] for answer in answers] == [200, 400, 200]
    assert json.loads(answers[0]["body"]) == {"id": post}
    assert json.loads(answers[1]["body"])["error"]["error_subcode"] == 33
    assert "headers" not in answers[0]
    sandbox.fault("facebook", "batch", "null_element", index=1)
    assert [answer is None for answer in batch(graph, elements).json()] == [False, True, False]


def test_faults_of_reads_reach_into_a_batch(graph, sandbox):
    post = graph.publish("ผิดในชุด")
    sandbox.fault("facebook", "read", "error", name="rate_limited")
    elements = [{"method": "GET", "relative_url": post}] * 2
    assert [answer["code"] for answer in batch(graph, elements).json()] == [400, 200]


@pytest.mark.parametrize("elements", ["{}", [{"method": "GET"}], [{"relative_url": "me"}] * 51])
def test_an_impossible_batch_is_refused(graph, elements):
    assert error(batch(graph, elements))[:2] == (400, 100)


def test_usage_headers_appear_from_the_fifth_call_with_set_percentages(graph, sandbox):
    sandbox.settings(app_usage=28, page_usage=95)
    answers = [graph.get("me") for _ in range(5)]
    assert ["x-app-usage" in answer.headers for answer in answers] == [False] * 4 + [True]
    assert json.loads(answers[4].headers["x-app-usage"])["call_count"] == 28
    usage = json.loads(answers[4].headers["x-business-use-case-usage"])
    assert usage[graph.page][0]["call_count"] == 95


@pytest.mark.parametrize(("asked", "answered"), [("v26.0", "v26.0"), ("v25.0", "v25.0"), ("v19.0", "v21.0")])
def test_the_version_that_answers_is_told(graph, asked, answered):
    response = graph.http.get(f"/graph/{asked}/me", headers={"Authorization": f"Bearer {graph.token}"})
    assert response.headers["facebook-api-version"] == answered


def test_unknown_paths_are_told_as_such(graph):
    assert error(graph.get(f"{graph.page}/nothing"))[:2] == (400, 2500)
    assert error(graph.get("123_456"))[:2] == (400, 100)


def test_the_list_may_come_in_the_other_shape_of_paging(graph, sandbox):
    sandbox.settings(graph_paging="time")
    for number in range(3):
        graph.publish(f"โพสต์ {number}")
    first = graph.get(f"{graph.page}/published_posts", limit=2).json()
    assert "cursors" not in first["paging"]
    headers = {"Authorization": f"Bearer {graph.token}"}
    rest = graph.http.get(first["paging"]["next"], headers=headers)
    assert [row["message"] for row in rest.json()["data"]] == ["โพสต์ 0"]
    assert "next" not in rest.json().get("paging", {})
