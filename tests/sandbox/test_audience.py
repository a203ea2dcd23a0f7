from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.conftest import graph_client
from tests.sandbox_server import running_sandbox

START = datetime(2026, 11, 23, 5, tzinfo=UTC)
COUNTS = ("impressions", "unique", "reactions", "comments", "shares", "clicks", "engagements")


def after(sandbox, seconds):
    return sandbox.set_clock((START + timedelta(seconds=seconds)).isoformat())


@pytest.fixture
def post(sandbox, graph):
    after(sandbox, 0)
    return graph.publish("ผู้ชมจำลอง")


def test_the_audience_arrives_within_seconds_and_grows_for_days(sandbox, post):
    seen = []
    for age in (0, 5, 60, 3600, 86_400, 7 * 86_400):
        after(sandbox, age)
        seen.append(sandbox.metrics("facebook", post)["impressions"])
    assert seen[0] == 0
    assert seen[1] > 0
    assert seen == sorted(seen)
    assert len(set(seen)) == len(seen)


def test_reactions_fall_a_little_in_the_end(sandbox, post):
    after(sandbox, 10 * 86_400)
    peak = sandbox.metrics("facebook", post)["reactions"]
    after(sandbox, 60 * 86_400)
    assert sandbox.metrics("facebook", post)["reactions"] < peak


def test_counts_stay_in_proportion(sandbox, post):
    after(sandbox, 86_400)
    counts = sandbox.metrics("facebook", post)
    assert counts.keys() >= set(COUNTS)
    assert counts["impressions"] >= counts["unique"] > counts["reactions"] > counts["comments"]


def test_the_same_seed_gives_the_same_audience_and_another_seed_another(tmp_path):
    seen = []
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        with running_sandbox(tmp_path / name, "--seed", seed) as sandbox:
            after(sandbox, 0)
            post = graph_client(sandbox).publish("ทำซ้ำได้")
            after(sandbox, 3600)
            seen.append((post, sandbox.metrics("facebook", post)))
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


def test_figures_set_by_hand_hold_and_can_be_given_back(sandbox, post):
    after(sandbox, 3600)
    natural = sandbox.metrics("facebook", post)
    fixed = sandbox.metrics("facebook", post, reactions=100, comments=20, shares=3, quotes=0, clicks=0)
    assert (fixed["reactions"], fixed["engagements"]) == (100, 123)
    assert fixed["impressions"] == natural["impressions"]
    sandbox.ask("POST", "/__control/metrics", {"channel": "facebook", "id": post, "metrics": {}})
    assert sandbox.metrics("facebook", post) == natural


def test_figures_of_no_post_or_of_no_name_are_refused(sandbox, post):
    for said in (
        {"channel": "facebook", "id": "1", "metrics": {}},
        {"channel": "facebook", "id": post, "metrics": {"joy": 1}},
    ):
        assert sandbox.control.post("/__control/metrics", json=said).status_code == 400


def test_the_audience_can_be_sped_up(sandbox, post):
    after(sandbox, 60)
    slow = sandbox.metrics("facebook", post)["impressions"]
    sandbox.settings(audience_speed=60.0)
    assert sandbox.metrics("facebook", post)["impressions"] > slow
