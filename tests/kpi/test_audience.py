"""Clauses 3b and 3d: reach, engagement, followers, answers, recall."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.vocab import Channel, Verdict
from kpi.codes import Code
from kpi.facts import EngagementFact
from kpi.office_facts import BaselineFact, FollowersFact, SurveyFact
from tests.kpi.made import JANUARY, OCTOBER, codes, found, h, month, outcome, post, reasons

AT = OCTOBER + h(100)
BASE = BaselineFact(label="ก.ค.–ก.ย. 2563", reach=1000, engagement_rate=Decimal("2.0"))
READ = EngagementFact(reactions=10, comments=5, shares=5, clicks=0, reach=1000, impressions=500)


@pytest.mark.parametrize(
    ("reach", "verdict", "value"), [(1050, Verdict.PASS, "5.00"), (1049, Verdict.FAIL, "4.90")]
)
def test_reach_is_compared_with_the_baseline(reach, verdict, value):
    finding = found("3b4", month(reach=reach, baseline=BASE))
    assert outcome(finding) == (verdict, value)
    assert finding.minimum is Verdict.PASS
    assert finding.notes[0].params == {"label": BASE.label}


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


def survey(respondents: int, recalling: int, file: str = "ab" * 32):
    return month(survey=SurveyFact(id=1, respondents=respondents, recalling=recalling, file_sha256=file))


def test_recall_needs_seventy_percent_of_at_least_a_hundred():
    assert outcome(found("3d1", survey(100, 70))) == (Verdict.PASS, "70.00")
    assert outcome(found("3d1", survey(100, 69))) == (Verdict.FAIL, "69.00")
    small = found("3d1", survey(99, 99))
    assert (small.verdict, reasons(small)) == (Verdict.FAIL, [Code.SURVEY_TOO_SMALL])


def test_a_survey_without_file_or_respondents_is_no_data():
    assert reasons(found("3d1", month())) == [Code.NOT_COLLECTED]
    assert reasons(found("3d1", survey(100, 70, file=""))) == [Code.NOT_COLLECTED]
    assert reasons(found("3d1", survey(0, 0))) == [Code.NOTHING_DUE]


@pytest.mark.parametrize("criterion", ["3b7", "3d2"])
def test_what_this_version_does_not_compute_says_so(criterion):
    assert reasons(found(criterion, month())) == [Code.NOT_COMPUTED]
