"""Clause 3b, what the public did: reach, engagement, followers, first answers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.vocab import Channel, Verdict
from kpi.codes import Code
from kpi.facts import EngagementFact
from kpi.office_facts import BaselineFact, FollowersFact, ResponseFact
from kpi.office_hours import office_time
from tests.kpi.made import JANUARY, NOVEMBER, OCTOBER, codes, found, h, month, outcome, post, reasons

AT = OCTOBER + h(100)
BASE = BaselineFact(
    first_day=date(2020, 7, 1), last_day=date(2020, 9, 30), three_months=True, reach=1000,
    engagement_rate=Decimal("2.0"),
)  # fmt: skip
READ = EngagementFact(reactions=10, comments=5, shares=5, clicks=0, reach=1000, impressions=500)


@pytest.mark.parametrize(
    ("reach", "verdict", "value"), [(1050, Verdict.PASS, "5.00"), (1049, Verdict.FAIL, "4.90")]
)
def test_reach_is_compared_with_the_baseline(reach, verdict, value):
    finding = found("3b4", month(reach=reach, baseline=BASE))
    assert outcome(finding) == (verdict, value)
    assert finding.minimum is Verdict.PASS
    assert finding.notes[0].params == {"from": "2020-07-01", "to": "2020-09-30"}


def test_reach_is_compared_day_for_day():
    base = replace(BASE, reach=3000, reach_days=30)
    assert outcome(found("3b4", month(reach=3255, baseline=base))) == (Verdict.PASS, "5.00")


def test_reach_that_nobody_could_read_may_only_raise_the_figure():
    short = month(reach=1000, baseline=BASE, reach_unread=2)
    assert outcome(found("3b4", short)) == (Verdict.UNKNOWN, "0.00")
    assert reasons(found("3b4", short)) == [Code.BASELINE_MONTHS, Code.REACH_UNREAD]
    enough = replace(short, reach=1050)
    assert found("3b4", enough).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"baseline": BASE}, Code.NOT_COLLECTED),
        ({"reach": 5}, Code.NO_BASELINE),
        ({"reach": 5, "baseline": replace(BASE, reach=None)}, Code.NO_BASELINE),
        ({"reach": 5, "baseline": replace(BASE, reach=0)}, Code.NO_BASELINE),
    ],
)
def test_reach_without_a_baseline_is_never_scored(more, reason):
    assert reasons(found("3b4", month(**more))) == [reason]


def engaged(*several: EngagementFact | None, channel: Channel = Channel.FACEBOOK):
    return tuple(post(n, AT, {"channel": channel, "engagement": one}) for n, one in enumerate(several))


def test_engagement_is_the_median_of_posts_against_the_office_s_own_baseline():
    posts = engaged(READ, replace(READ, clicks=20), replace(READ, clicks=1000))
    finding = found("3b5", month(posts=posts, baseline=BASE))
    assert (outcome(finding), str(finding.bound)) == ((Verdict.PASS, "4.00"), "2.00")


def test_engagement_on_x_is_counted_by_impressions():
    assert outcome(found("3b5", month(posts=engaged(READ, channel=Channel.X), baseline=BASE)))[1] == "4.00"


def test_a_post_with_a_missing_figure_is_listed_and_not_counted_as_zero():
    posts = engaged(READ, None, replace(READ, shares=None), replace(READ, reach=None), replace(READ, reach=0))
    finding = found("3b5", month(posts=posts, baseline=BASE))
    assert (str(finding.value), finding.numerator, finding.denominator) == ("2.00", 1, 5)
    assert codes(finding) == [Code.ENGAGEMENT_READ] + [Code.ENGAGEMENT_UNREAD] * 4


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"posts": None}, Code.NOT_COLLECTED),
        ({"posts": ()}, Code.NOTHING_DUE),
        ({"posts": engaged(None)}, Code.NOT_COLLECTED),
        ({"posts": (post(1, AT, {"verified_at": None, "engagement": READ}),)}, Code.NOTHING_DUE),
        ({"posts": engaged(READ)}, Code.NO_BASELINE),
        ({"posts": engaged(READ), "baseline": replace(BASE, engagement_rate=None)}, Code.NO_BASELINE),
    ],
)
def test_engagement_says_what_it_lacks(more, reason):
    assert reasons(found("3b5", month(**more))) == [reason]


def followers(first: int | None, last: int | None):
    return (FollowersFact(channel=Channel.FACEBOOK, first=first, last=last),)


def test_followers_grow_by_half_a_percent_a_month():
    assert outcome(found("3b6", month(followers=followers(1000, 1005)))) == (Verdict.PASS, "0.50")
    quarter = month(followers=followers(1000, 1005), end=JANUARY, as_of=JANUARY)
    assert outcome(found("3b6", quarter)) == (Verdict.FAIL, "0.17")


def test_growth_needs_readings_near_both_ends_of_the_period():
    one = replace(followers(1000, 1010)[0], first_at=OCTOBER + h(24), last_at=NOVEMBER - h(24))
    assert outcome(found("3b6", month(followers=(one,)))) == (Verdict.PASS, "1.00")
    for late in (replace(one, first_at=OCTOBER + h(24 * 10)), replace(one, last_at=NOVEMBER - h(24 * 10))):
        assert reasons(found("3b6", month(followers=(late,)))) == [Code.NOT_COLLECTED]


def test_growth_in_a_quarter_that_still_runs_is_spread_over_the_months_that_are_over():
    running = month(followers=followers(1000, 1010), end=JANUARY, as_of=NOVEMBER + h(24))
    assert outcome(found("3b6", running)) == (Verdict.PASS, "1.00")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, Code.NOT_COLLECTED),
        ({"followers": ()}, Code.NOT_COLLECTED),
        ({"followers": followers(None, 5)}, Code.NOT_COLLECTED),
        ({"followers": followers(5, None)}, Code.NOT_COLLECTED),
        ({"followers": followers(0, 5)}, Code.NOT_COLLECTED),
        ({"followers": followers(5, 6), "end": OCTOBER + h(24 * 7)}, Code.PERIOD_SHORT),
    ],
)
def test_growth_needs_both_ends_and_a_month_between(more, reason):
    assert reasons(found("3b6", month(**more))) == [reason]


MONDAY = OCTOBER + h(24 * 4 + 9)  # 5 October 2563, 09.00 in Bangkok
HOLIDAY = date(2020, 10, 13)


@pytest.mark.parametrize(
    ("begun", "ended", "minutes"),
    [
        (MONDAY, MONDAY + h(2), 120),
        (MONDAY - h(3), MONDAY, 30),  # the office opens at 08.30
        (MONDAY + h(6), MONDAY + h(24), 90 + 30),  # overnight: 15.00-16.30 and 08.30-09.00
        (MONDAY + h(24 * 4), MONDAY + h(24 * 7), 450 + 30),  # from Friday to Monday
        (MONDAY + h(24 * 7), MONDAY + h(24 * 9), 450 + 30),  # across the holiday of 13 October
        (MONDAY + h(2), MONDAY, 0),
    ],
)
def test_office_time_leaves_out_nights_weekends_and_holidays(begun, ended, minutes):
    assert office_time(begun, ended, (HOLIDAY,)) == timedelta(minutes=minutes)


def answered(*waits: float | None):
    """Questions of Monday, 09.00, with the hours until their answers; None: no answer yet."""
    return tuple(
        ResponseFact(id=n, asked_at=MONDAY, answered_at=None if wait is None else MONDAY + h(wait))
        for n, wait in enumerate(waits)
    )


def asked(*waits: float | None, **more):
    return found("3b7", month(responses=answered(*waits), holidays=(HOLIDAY,), **more))


def test_the_median_first_answer_must_come_within_240_office_minutes():
    assert outcome(asked(1, 4, 6)) == (Verdict.PASS, "240.00")
    assert outcome(asked(1, 5, 6)) == (Verdict.FAIL, "300.00")


def test_nine_of_ten_answers_must_come_within_a_working_day():
    assert asked(*[1] * 9, 24 * 3).verdict is Verdict.PASS
    assert asked(*[1] * 8, 24 * 3, 24 * 3).verdict is Verdict.FAIL


def test_a_question_without_answer_counts_as_slow_once_a_working_day_is_over():
    assert asked(1, None, as_of=MONDAY + h(3)).denominator == 1
    late = asked(1, None)
    assert (late.verdict, late.numerator, late.denominator) == (Verdict.FAIL, 1, 2)
    assert codes(late) == [Code.RESPONSE_GIVEN, Code.RESPONSE_MISSING]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, Code.NOT_COLLECTED),
        ({"responses": answered(1)}, Code.NOT_COLLECTED),  # which days are holidays is not known
        ({"responses": (), "holidays": ()}, Code.NOTHING_DUE),
    ],
)
def test_first_answers_that_nobody_collected_are_no_data(more, reason):
    assert reasons(found("3b7", month(**more))) == [reason]
