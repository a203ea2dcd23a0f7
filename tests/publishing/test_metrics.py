"""Counting: in few calls, appended, and never a zero where nothing was read."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from connectors.base import Message
from core.vocab import Channel, DeliveryState, Metric, ReadingState
from models import Delivery, Reading
from services import metrics
from services.claiming import access_of
from tests.builders import START, make_approved

BOTH = pytest.mark.parametrize("channel", list(Channel))


@pytest.fixture
def live(office):
    """Return a function that publishes a post and returns its delivery."""

    def publish(channel):
        delivery_id = office.approved(channel)
        office.round()
        office.advance(timedelta(seconds=5))
        office.round()
        return office.delivery(delivery_id)

    return publish


def figures(office, delivery_id):
    with office.rt.sessions.begin() as session:
        return metrics.latest(session, [delivery_id]).get(delivery_id, {})


@BOTH
def test_the_platforms_figures_are_read_as_they_stand(office, live, channel):
    row = live(channel)
    office.sandbox.metrics(channel, row.remote_id, reactions=42, comments=7, shares=3, impressions=900)
    metrics.collect(office.rt, everything=True)
    found = figures(office, row.id)
    assert {name: found[name].value for name in (Metric.REACTIONS, Metric.COMMENTS, Metric.SHARES)} == {
        Metric.REACTIONS: 42,
        Metric.COMMENTS: 7,
        Metric.SHARES: 3,
    }
    assert found[Metric.IMPRESSIONS].value == 900


def test_shares_left_out_by_facebook_are_zero_and_a_withdrawn_metric_is_no_number_at_all(office, live):
    row = live(Channel.FACEBOOK)
    office.sandbox.metrics("facebook", row.remote_id, shares=0)
    office.sandbox.settings(dead_metrics=["post_media_view"])
    metrics.collect(office.rt, everything=True)
    found = figures(office, row.id)
    assert found[Metric.SHARES].value == 0
    assert (found[Metric.IMPRESSIONS].state, found[Metric.IMPRESSIONS].value) == (
        ReadingState.UNSUPPORTED,
        None,
    )


@BOTH
def test_readings_are_appended_and_may_fall(office, live, channel):
    row = live(channel)
    for count in (10, 12, 8):
        office.sandbox.metrics(channel, row.remote_id, reactions=count)
        office.advance(timedelta(minutes=1))
        metrics.collect(office.rt, everything=True)
    with office.rt.sessions.begin() as session:
        seen = [one.value for one in metrics.series(session, row.id) if one.metric is Metric.REACTIONS]
    assert seen[-3:] == [10, 12, 8]


def test_a_failed_read_stores_nothing_for_the_post_and_is_tried_again(office, live):
    row = live(Channel.X)
    office.sandbox.fault("x", "timeline", "error", name="unavailable", times=None)
    before = len(figures(office, row.id))
    assert metrics.collect(office.rt, everything=True) == 0
    office.sandbox.clear_faults()
    assert len(figures(office, row.id)) == before
    office.advance(timedelta(minutes=3))
    assert metrics.collect(office.rt) == 1


def test_followers_are_read_once_a_day(office):
    for hours in (0, 1, 25):
        office.clock.advance(timedelta(hours=hours))
        metrics.collect(office.rt)
    with office.rt.sessions.begin() as session:
        rows = session.scalars(select(Reading).where(Reading.delivery_id.is_(None))).all()
    assert len(rows) == 4  # two accounts, two days
    assert {row.state for row in rows} == {ReadingState.VALUE}


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(seconds=30), timedelta(seconds=15)),
        (timedelta(minutes=30), timedelta(minutes=10)),
        (timedelta(hours=5), timedelta(hours=1)),
        (timedelta(days=3), timedelta(days=1)),
        (timedelta(days=20), timedelta(days=7)),
        (timedelta(days=29), None),
    ],
)
def test_older_posts_are_read_less_often_and_at_last_not_at_all(age, pause):
    expected = None if pause is None else START + pause
    assert metrics.next_reading(START - age, START) == expected


def test_twenty_posts_are_counted_in_few_calls_and_few_queries(office):
    due = office.clock.now() + timedelta(minutes=1)
    for number in range(20):
        bodies = dict.fromkeys(Channel, f"ข่าวที่ {number}")
        make_approved(office.rt, office.team.officer, office.team.approver, bodies=bodies, due_at=due)
    office.advance(timedelta(minutes=1))
    office.round()
    office.sandbox.clear_log()
    assert metrics.collect(office.rt, everything=True) == 40
    assert len(office.sandbox.log()) <= 8
    with office.rt.sessions.begin() as session:
        counted = session.scalar(select(func.count(func.distinct(Reading.delivery_id))))
        assert counted == session.scalar(select(func.count(Delivery.id))) == 40


POSTS = 200


@pytest.fixture
def two_hundred_each(office) -> None:
    """Two hundred posts on each platform, three hours apart, published by us."""
    made = {channel: office.approved(channel) for channel in Channel}
    with office.rt.sessions.begin() as session:
        rows = {channel: session.get_one(Delivery, one) for channel, one in made.items()}
        patterns = {channel: columns_of(row) for channel, row in rows.items()}
    copies = []
    for number in range(POSTS):
        office.advance(timedelta(hours=3))
        for channel, pattern in patterns.items():
            with office.rt.connectors[channel].open(access_of(office.rt, office.account(channel))) as line:
                remote_id = line.publish(Message(f"ประกาศที่ {number + 1}")).remote_id
            when = {"published_at": office.clock.now(), "metrics_next_at": office.clock.now()}
            copies.append(pattern | when | {"remote_id": remote_id, "occurrence": number + 2})
    with office.rt.sessions.begin() as session:
        session.add_all(Delivery(**copy, state=DeliveryState.VERIFIED) for copy in copies)


def columns_of(row: Delivery) -> dict[str, object]:
    left_out = {"id", "state", "occurrence", "remote_id", "published_at", "metrics_next_at"}
    names = (column.key for column in Delivery.__table__.columns)
    return {name: getattr(row, name) for name in names if name not in left_out}


@pytest.mark.usefixtures("two_hundred_each")
def test_two_hundred_posts_of_each_platform_are_counted_in_nine_calls(office):
    office.sandbox.clear_log()
    assert metrics.collect(office.rt) == 2 * POSTS
    asked = [one["operation"] for one in office.sandbox.log()]
    assert asked.count("account") == 2  # followers of each, once a day
    assert len(asked) - 2 == 9
    with office.rt.sessions.begin() as session:
        told = session.execute(
            select(Reading.metric, func.count())
            .where(Reading.state == ReadingState.VALUE)
            .group_by(Reading.metric)
        ).all()
    counts = {metric: number for metric, number in told if metric is not Metric.FOLLOWERS}
    assert counts == {
        Metric.IMPRESSIONS: 2 * POSTS, Metric.REACTIONS: 2 * POSTS, Metric.COMMENTS: 2 * POSTS,
        Metric.SHARES: 2 * POSTS, Metric.CLICKS: 2 * POSTS, Metric.REACH: POSTS,
    }  # fmt: skip
