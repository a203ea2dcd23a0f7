"""Figures from Facebook: batches with holes, forbidden fields, names that die."""

import json
from datetime import timedelta
from typing import Any

import pytest
import structlog

from connectors.base import Access, Figure, RetryLater
from connectors.facebook.connector import FacebookConnector
from core.vocab import Metric, ReadingState
from tests.connectors.conftest import NOON
from tests.connectors.graph_replies import (
    BROKEN,
    EXPOSURE,
    FULL,
    GONE,
    NO_FIELD,
    NO_METRIC,
    NO_PERMISSION,
    element,
    error,
    insight,
)
from tests.connectors.stand_in import Reply


def states(figures: dict[Metric, Figure]) -> dict[Metric, Any]:
    """Return values, or the word that says why there is none."""
    return {
        metric: one.value if one.state is ReadingState.VALUE else str(one.state)
        for metric, one in figures.items()
    }


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


def listed(*posts: str) -> dict[str, Any]:
    return element({"data": [FULL | {"id": post} for post in posts]})


SIXTY = [f"1025_{number}" for number in range(60)]


def test_many_posts_are_read_from_the_list_and_what_is_not_on_it_by_id(facebook, stand_in, page):
    stand_in.say(
        Reply([listed(*SIXTY[place : place + 10], "1025_999") for place in range(0, 50, 10)] + [listed()]),
        Reply([element(FULL)] * 10),
        Reply([element(EXPOSURE)] * 50),
        Reply([element(EXPOSURE)] * 10),
    )
    assert set(read(facebook, page, *SIXTY)) == set(SIXTY)
    assert [len(seen.batch) for seen in stand_in.seen] == [6, 10, 50, 10]
    since, until = int(NOON.timestamp()) - 60, int(NOON.timestamp()) + 60
    assert (
        stand_in.seen[0]
        .batch[0]
        .startswith(f"v26.0/1025/published_posts?limit=25&since={since}&until={until}&fields=id,attachments")
    )


def test_a_film_is_known_on_the_list_by_its_own_id(facebook, stand_in, page):
    film = {"data": [{"media_type": "video", "target": {"id": "59"}}]}
    shown = {"data": [FULL | {"id": "1025_777", "attachments": film}]}
    stand_in.say(
        Reply([listed(*SIXTY[place : place + 10]) for place in range(0, 50, 10)] + [element(shown)]),
        Reply([element(FULL)] * 9),
        Reply([element(EXPOSURE)] * 50),
        Reply([element(EXPOSURE)] * 10),
    )
    assert read(facebook, page, *SIXTY)["1025_59"][Metric.SHARES] == 3
    assert len(stand_in.seen[1].batch) == 9


def test_a_field_forbidden_on_the_list_is_found_out_with_one_post_and_the_list_asked_again(
    facebook, stand_in, page
):
    pages = [listed(*SIXTY[place : place + 10]) for place in range(0, 60, 10)]
    stand_in.say(
        Reply([NO_PERMISSION] * 6),
        Reply([element({"id": SIXTY[0]}), NO_PERMISSION, NO_PERMISSION]),
        Reply(pages),
        Reply([element(EXPOSURE)] * 50),
        Reply([element(EXPOSURE)] * 10),
    )
    told = read(facebook, page, *SIXTY)
    assert {one[Metric.COMMENTS] for one in told.values()} == {"refused"}
    assert {one[Metric.SHARES] for one in told.values()} == {3}
    assert "comments" not in stand_in.seen[2].batch[0]


def test_a_list_that_is_refused_while_each_name_is_not_is_left_for_the_ids(facebook, stand_in, page):
    stand_in.say(
        Reply([NO_FIELD] * 6),
        Reply([GONE] * 3),
        Reply([element(FULL)] * 50),
        Reply([element(FULL)] * 10),
        Reply([element(EXPOSURE)] * 50),
        Reply([element(EXPOSURE)] * 10),
    )
    assert len(read(facebook, page, *SIXTY)) == 60
    assert len(stand_in.seen) == 6


def test_when_no_field_may_be_read_the_list_is_not_asked_at_all(facebook, stand_in, page):
    stand_in.say(Reply([NO_PERMISSION]), Reply([NO_PERMISSION] * 3), Reply([element(EXPOSURE)]))
    read(facebook, page, "1025_1")
    stand_in.say(Reply([element(EXPOSURE)] * 50), Reply([element(EXPOSURE)] * 10))
    told = read(facebook, page, *SIXTY)
    assert {one[Metric.SHARES] for one in told.values()} == {"refused"}


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
    first_read = [[element(FULL)], [NO_METRIC], [NO_METRIC, element(reach), BROKEN]]
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
        Reply([NO_METRIC] * 3),
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
    apart = [NO_METRIC, NO_PERMISSION, NO_PERMISSION]
    stand_in.say(Reply([element(FULL)]), Reply([NO_METRIC]), Reply(apart))
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
