"""Facebook's usage headers: figures pause first, all reads next, publishing goes on."""

import json
from datetime import timedelta

import pytest

from connectors.base import Message, RetryLater
from connectors.facebook.watch import APP, Watch
from core.clock import SetClock
from core.vocab import Metric
from tests.connectors.conftest import NOON
from tests.connectors.graph_replies import CREATED, error
from tests.connectors.stand_in import Reply


def app(percent: float) -> dict[str, str]:
    return {"x-app-usage": json.dumps({"call_count": percent, "total_time": 3, "total_cputime": 1})}


def of_page(percent: float, minutes: float = 0) -> dict[str, str]:
    row = {
        "type": "pages",
        "call_count": 1,
        "total_time": percent,
        "estimated_time_to_regain_access": minutes,
    }
    return {"x-business-use-case-usage": json.dumps({"1025": [row]})}


FOLLOWERS = {"id": "1025", "followers_count": 7}


@pytest.mark.parametrize("headers", [app(80), of_page(80), {"x-page-usage": json.dumps({"call_count": 80})}])
def test_at_eighty_percent_no_figures_are_read_and_no_call_is_made(facebook, stand_in, page, headers):
    stand_in.say(Reply(FOLLOWERS, headers=headers))
    assert facebook.read_account(page)[Metric.FOLLOWERS].value == 7
    reads = (
        lambda: facebook.read_account(page),
        lambda: facebook.read_metrics(page, {"1025_1": NOON}, NOON),
        lambda: facebook.read_comments(page, "1025_1"),
    )
    for read in reads:
        with pytest.raises(RetryLater) as trouble:
            read()
        assert (trouble.value.code, trouble.value.wait_s) == ("usage_high", 900)
    assert len(stand_in.seen) == 1


def test_at_eighty_percent_what_was_sent_is_still_looked_for(facebook, stand_in, page):
    stand_in.say(Reply(FOLLOWERS, headers=app(94)), Reply({"data": []}))
    facebook.read_account(page)
    assert facebook.find(page, NOON).complete


def test_at_ninety_five_percent_publishing_goes_on_alone(facebook, stand_in, page):
    stand_in.say(
        Reply(FOLLOWERS, headers=app(95)),
        Reply({"id": "1025_9", "permalink_url": "https://fb.example/9", "created_time": CREATED}),
    )
    facebook.read_account(page)
    for read in (lambda: facebook.find(page, NOON), lambda: facebook.read(page, "1025_9")):
        with pytest.raises(RetryLater) as trouble:
            read()
        assert trouble.value.code == "usage_high"
    with facebook.open(page) as line:
        assert line.publish(Message("ข่าวด่วน")).remote_id == "1025_9"


def test_a_refusal_for_too_many_calls_is_remembered_for_as_long_as_it_says(facebook, stand_in, page, clock):
    refusal = Reply(error(80001, "(#80001) too many calls"), 400, of_page(100, minutes=12))
    stand_in.say(refusal, Reply(FOLLOWERS))
    with pytest.raises(RetryLater):
        facebook.read_account(page)
    clock.advance(timedelta(minutes=11))
    with pytest.raises(RetryLater) as trouble:
        facebook.read_account(page)
    assert (trouble.value.code, trouble.value.wait_s) == ("usage_high", 60)
    clock.advance(timedelta(minutes=1))
    assert facebook.read_account(page)[Metric.FOLLOWERS].value == 7


@pytest.mark.parametrize(
    "headers", [{}, app(79.9), {"x-app-usage": "no json"}, {"x-app-usage": "[]"}, of_page(0)]
)
def test_little_use_and_no_word_of_it_stop_nothing(facebook, stand_in, page, headers):
    stand_in.say(Reply(FOLLOWERS, headers=headers))
    facebook.read_account(page)
    assert facebook.read_account(page)[Metric.FOLLOWERS].value == 7


def test_one_pages_use_does_not_stop_another(clock: SetClock):
    watch = Watch(clock, "v26.0")
    watch.note("1025", of_page(99))
    watch.permit("1026", 80)
    with pytest.raises(RetryLater):
        watch.permit("1025", 80)
    watch.note("1025", app(99))
    assert APP in watch.levels
    with pytest.raises(RetryLater):
        watch.permit("1026", 80)
