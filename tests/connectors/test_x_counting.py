"""How few calls it takes to count two hundred posts on X, and what they cost."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

import pytest

from connectors.base import Access
from connectors.x.bill import DELETE, MEDIA_METADATA, OWNED_READ, POST_READ, USER_READ
from connectors.x.connector import XConnector
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, Metric, ReadingState
from tests.connectors.conftest import NOON

POSTS = 200


class Counting:
    """A meter that only counts."""

    def __init__(self) -> None:
        self.units: Counter[str] = Counter()
        self.seen: dict[str, set[str]] = {}

    def spent(self, channel: Channel, operation: str, units: int, resources: Collection[str] = ()) -> None:
        assert channel is Channel.X
        self.units[operation] += units
        self.seen.setdefault(operation, set()).update(resources)


@pytest.fixture
def meter() -> Counting:
    return Counting()


@pytest.fixture
def x(sandbox, meter) -> XConnector:
    sandbox.settings(x_limits={"*": 1_000_000}, x_day_limit=1_000_000, duplicate_window_s=0)
    return XConnector(Settings(x_url=sandbox.base_url, read_timeout_s=10), SetClock(NOON), meter)


@pytest.fixture
def me(sandbox) -> Access:
    told = sandbox.credentials("x")
    return Access(Channel.X, told["external_id"], told["secrets"])


def publish(sandbox, me, number: int, hours: int, first: datetime) -> dict[str, datetime]:
    """Make posts some hours apart, through X's own door."""
    bearer = sandbox.ask("GET", "/__control/credentials")["x_bearer"][me.external_id]
    made = {}
    for place in range(number):
        at = first + timedelta(hours=hours * place)
        sandbox.set_clock(at.isoformat())
        answer = sandbox.control.post(
            "/2/tweets", json={"text": f"โพสต์ {place}"}, headers={"Authorization": f"Bearer {bearer}"}
        )
        made[answer.json()["data"]["id"]] = at
    sandbox.set_clock(NOON.isoformat())
    sandbox.clear_log()
    return made


def test_two_hundred_young_posts_are_counted_in_four_calls_clicks_included(x, me, sandbox, meter):
    made = publish(sandbox, me, POSTS, 3, NOON - timedelta(days=26))
    figures = x.read_metrics(me, made, NOON)
    assert len(figures) == POSTS
    assert all(one[Metric.CLICKS].state is ReadingState.VALUE for one in figures.values())
    assert all(Metric.REACH not in one for one in figures.values())
    asked = sandbox.log("x")
    assert [one["params"]["tweet.fields"] for one in asked] == ["id,public_metrics"] * 2 + [
        "id,non_public_metrics"
    ] * 2
    assert sandbox.prices()["items"]["owned_read"] == POSTS  # the second look at a post in a day is free
    assert meter.seen[OWNED_READ] == set(made)


def test_posts_of_half_a_year_take_three_calls_as_old_ones_have_no_clicks(x, me, sandbox):
    made = publish(sandbox, me, POSTS, 20, NOON - timedelta(hours=20 * POSTS))
    figures = x.read_metrics(me, made, NOON)
    assert len(figures) == POSTS
    young = [one for one, at in made.items() if NOON - at < timedelta(days=29)]
    assert {one for one in figures if Metric.CLICKS in figures[one]} == set(young)
    assert len(sandbox.log("x")) == 3


def test_what_is_billed_is_told_to_the_meter_and_nothing_else(x, me, sandbox, meter, picture):
    made = publish(sandbox, me, 2, 1, NOON - timedelta(days=1))
    first, second = made
    x.check(me)
    x.read_account(me)
    x.read(me, first)
    x.read(me, "99")
    x.find(me, NOON - timedelta(days=2))
    x.stage(me, picture)
    x.delete(me, second)
    x.delete(me, second)
    assert meter.seen[OWNED_READ] == {first, second}
    assert meter.seen[USER_READ] == {me.external_id}
    assert (meter.units[MEDIA_METADATA], meter.units[DELETE], meter.units[POST_READ]) == (1, 1, 0)
    bill = sandbox.prices()["items"]
    del bill["post"]
    assert bill == {"owned_read": 2, "user_read": 1, "media_metadata": 1, "delete": 1}
