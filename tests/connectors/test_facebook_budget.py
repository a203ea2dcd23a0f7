"""How many calls figures cost, counted in the sandbox's own log."""

from datetime import timedelta

import pytest

from connectors.base import Access, Message
from connectors.facebook.connector import FacebookConnector
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, Metric, ReadingState
from tests.connectors.conftest import NOON
from tests.sandbox_server import SandboxHandle

POSTS = 200


@pytest.fixture
def office(sandbox: SandboxHandle, clock: SetClock) -> FacebookConnector:
    sandbox.set_clock(NOON.isoformat())
    return FacebookConnector(Settings(facebook_url=sandbox.graph_url, read_timeout_s=10), clock)


@pytest.fixture
def access(sandbox: SandboxHandle) -> Access:
    told = sandbox.credentials("facebook")
    return Access(Channel.FACEBOOK, told["external_id"], told["secrets"])


@pytest.fixture
def published(office, access, sandbox) -> dict:
    """Make posts an hour apart."""
    return {publish(office, access, sandbox, NOON - timedelta(hours=hours)): NOON - timedelta(hours=hours)
            for hours in range(POSTS, 0, -1)}  # fmt: skip


def publish(office, access, sandbox, at) -> str:
    sandbox.set_clock(at.isoformat())
    with office.open(access) as line:
        made = line.publish(Message(f"โพสต์เมื่อ {at:%d %H:%M}")).remote_id
    sandbox.set_clock(NOON.isoformat())
    return made


def calls(sandbox: SandboxHandle) -> int:
    return len(sandbox.log("facebook"))


def test_two_hundred_posts_cost_five_calls_and_a_dead_name_one_round_more_once(
    office, access, sandbox, clock, published
):
    sandbox.clear_log()
    figures = office.read_metrics(access, published, clock.now())
    assert len(figures) == POSTS
    assert all(one.state is ReadingState.VALUE for told in figures.values() for one in told.values())
    assert calls(sandbox) == 5

    sandbox.settings(dead_metrics=["post_clicks"])
    for most in (7, 5):  # what Facebook refused is asked apart once and asked again without the dead name
        sandbox.clear_log()
        for told in office.read_metrics(access, published, clock.now()).values():
            assert told[Metric.CLICKS].state is ReadingState.UNSUPPORTED
            assert told[Metric.IMPRESSIONS].state is ReadingState.VALUE
        assert calls(sandbox) == most

    clock.advance(timedelta(days=30))
    sandbox.set_clock(clock.now().isoformat())
    sandbox.settings(dead_metrics=[])
    sandbox.clear_log()
    for told in office.read_metrics(access, published, clock.now()).values():
        assert told[Metric.CLICKS].state is ReadingState.VALUE
    assert calls(sandbox) == 5


def test_a_forbidden_field_costs_one_extra_round_and_is_told_as_refused(
    office, access, sandbox, clock, published
):
    scopes = ["pages_read_engagement", "read_insights", "pages_manage_posts"]
    sandbox.wear_token("facebook", access.external_id, scopes=scopes)
    for most in (7, 5):
        sandbox.clear_log()
        figures = office.read_metrics(access, published, clock.now())
        assert len(figures) == POSTS
        for told in figures.values():
            assert told[Metric.REACTIONS].state is ReadingState.REFUSED
            assert told[Metric.SHARES].state is ReadingState.VALUE
        assert calls(sandbox) == most


def test_what_the_list_does_not_show_is_asked_for_by_its_id(office, access, sandbox, clock, published):
    """Thirty posts of others stand between two of ours, one of ours is gone, one page is too heavy."""
    ours = dict(list(published.items())[-60:])
    last, gone = list(ours)[-1], list(ours)[3]
    for minute in range(30):
        publish(office, access, sandbox, ours[last] - timedelta(minutes=minute + 5))
    office.delete(access, gone)
    sandbox.fault("facebook", "timeline", "error", name="reduce_data")
    sandbox.clear_log()
    figures = office.read_metrics(access, ours, clock.now())
    assert set(figures) == set(ours) - {gone}
    assert all(one.state is ReadingState.VALUE for told in figures.values() for one in told.values())
    assert calls(sandbox) == 4  # the list, the rest by id, insights of 59 posts


def test_a_list_that_stays_too_heavy_loses_no_figure(office, access, sandbox, clock, published):
    ours = dict(list(published.items())[-60:])
    sandbox.settings(graph_rows_max=5)
    figures = office.read_metrics(access, ours, clock.now())
    assert set(figures) == set(ours)
    assert all(Metric.SHARES in told and Metric.REACH in told for told in figures.values())


def test_figures_of_insights_alone_may_be_forbidden(office, access, sandbox, clock):
    with office.open(access) as line:
        post = line.publish(Message("โพสต์")).remote_id
    sandbox.wear_token(
        "facebook", access.external_id, scopes=["pages_read_engagement", "pages_read_user_content"]
    )
    sandbox.clear_log()
    told = office.read_metrics(access, {post: NOON}, clock.now())[post]
    assert {metric for metric, one in told.items() if one.state is ReadingState.REFUSED} == {
        Metric.IMPRESSIONS, Metric.REACH, Metric.CLICKS,
    }  # fmt: skip
    assert calls(sandbox) == 2


def test_followers_are_one_call_of_their_own(office, access, sandbox):
    sandbox.clear_log()
    assert office.read_account(access)[Metric.FOLLOWERS].value > 1000
    assert calls(sandbox) == 1


def test_what_a_batch_left_unanswered_is_asked_once_more(office, access, sandbox, clock):
    with office.open(access) as line:
        post = line.publish(Message("โพสต์")).remote_id
    sandbox.fault("facebook", "batch", "null_element")
    sandbox.clear_log()
    assert Metric.SHARES in office.read_metrics(access, {post: NOON}, clock.now())[post]
    assert calls(sandbox) == 3
