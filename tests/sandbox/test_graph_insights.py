import pytest

INVALID = "(#100) The value must be a valid insights metric"


def insights(graph, target, **params):
    return graph.get(f"{target}/insights", **params)


def test_a_post_tells_views_viewers_and_clicks_for_its_lifetime(graph, sandbox):
    post = graph.publish("สถิติ")
    sandbox.metrics("facebook", post, impressions=900, unique=700, clicks=31, reactions=10)
    names = "post_media_view,post_total_media_view_unique,post_clicks,post_reactions_by_type_total"
    told = insights(graph, post, metric=names).json()["data"]
    rows = [row for row in told if row["period"] == "lifetime"]
    values = {row["name"]: row["values"][0]["value"] for row in rows}
    assert values["post_media_view"] == 900
    assert values["post_total_media_view_unique"] == 700
    assert values["post_clicks"] == 31
    assert sum(values["post_reactions_by_type_total"].values()) == 10
    assert all("end_time" not in row["values"][0] for row in rows)


@pytest.mark.parametrize(
    "name", ["post_impressions", "post_engaged_users", "page_media_view", "nonsense", ""]
)
def test_one_dead_or_unknown_metric_refuses_the_whole_call(graph, name):
    post = graph.publish("ตัวชี้วัดที่ถูกถอด")
    response = insights(graph, post, metric=f"post_media_view,{name}" if name else "")
    assert (response.status_code, response.json()["error"]["message"]) == (400, INVALID)


def test_a_metric_can_be_withdrawn_while_running(graph, sandbox):
    post = graph.publish("ถอดทีหลัง")
    assert insights(graph, post, metric="post_media_view").status_code == 200
    sandbox.settings(dead_metrics=["post_media_view"])
    assert insights(graph, post, metric="post_media_view").json()["error"]["message"] == INVALID


def test_an_unknown_figure_is_an_empty_answer(graph, sandbox):
    post = graph.publish("ไม่มีข้อมูล")
    sandbox.metrics("facebook", post, impressions=None)
    assert insights(graph, post, metric="post_media_view").json()["data"] == []


def test_page_days_end_at_pacific_midnight_and_add_up_to_the_posts(graph, sandbox):
    sandbox.set_clock("2026-11-20T03:00:00Z")
    post = graph.publish("สามวันก่อน")
    sandbox.set_clock("2026-11-23T09:00:00Z")
    response = insights(
        graph,
        graph.page,
        metric="page_media_view,page_follows",
        since="2026-11-19T09:00:00Z",
        until="2026-11-23T09:00:00Z",
    )
    views, follows = response.json()["data"]
    ends = [value["end_time"] for value in views["values"]]
    assert ends == [f"2026-11-{day}T08:00:00+0000" for day in (20, 21, 22, 23)]
    total = sandbox.metrics("facebook", post)["impressions"]
    assert 0.97 * total < sum(value["value"] for value in views["values"]) <= total
    assert follows["values"][-1]["value"] > follows["values"][0]["value"]


def test_more_than_ninety_days_or_an_unknown_period_are_refused(graph):
    wide = {"since": "2026-01-01", "until": "2026-06-01"}
    assert insights(graph, graph.page, metric="page_media_view", **wide).status_code == 400
    assert insights(graph, graph.page, metric="page_media_view", period="year").status_code == 400


def test_viewers_come_by_day_too_and_before_the_whole(graph):
    rows = graph.get(f"{graph.publish('โพสต์')}/insights", metric="post_total_media_view_unique").json()[
        "data"
    ]
    assert [row["period"] for row in rows] == ["day", "lifetime"]
    assert "end_time" not in rows[1]["values"][0]


def test_a_breakdown_comes_in_parts_that_add_up(graph, sandbox):
    post = graph.publish("โพสต์")
    sandbox.metrics("facebook", post, impressions=1234)
    params = {"metric": "post_media_view", "breakdown": "is_from_ads"}
    (row,) = graph.get(f"{post}/insights", **params).json()["data"]
    assert sum(row["values"][0]["value"].values()) == 1234
