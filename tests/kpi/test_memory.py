"""Clause 3d, what people remember, and the measures of the levels that the office may adopt."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.vocab import Channel, Verdict
from kpi.codes import Code, Reading
from kpi.criteria import Criterion
from kpi.facts import EngagementFact, PeriodFacts
from kpi.judging import find
from kpi.office_facts import ImprovementFact, MemoryBaselineFact, ReportFact, SurveyFact
from tests.kpi.made import HASH, OCTOBER, codes, criteria, found, h, month, outcome, post, reasons

AT = OCTOBER + h(100)
SURVEY = SurveyFact(id=1, respondents=100, recalling=70, file_sha256=HASH)
BASE = MemoryBaselineFact(
    first_day=date(2020, 7, 1), last_day=date(2020, 9, 30), three_months=True, rate=Decimal(10)
)
ASKED = replace(SURVEY, method="ออนไลน์", fielded_until=date(2020, 10, 10), reported_on=date(2020, 10, 20))
TEMPLATES = {one.id: one for level in criteria().levels for one in level.templates}


def survey(respondents: int, recalling: int, file: str = HASH) -> PeriodFacts:
    return month(survey=replace(SURVEY, respondents=respondents, recalling=recalling, file_sha256=file))


def test_recall_needs_seventy_percent_of_at_least_a_hundred():
    assert outcome(found("3d1", survey(100, 70))) == (Verdict.PASS, "70.00")
    assert outcome(found("3d1", survey(100, 69))) == (Verdict.FAIL, "69.00")
    small = found("3d1", survey(99, 99))
    assert (small.verdict, reasons(small)) == (Verdict.FAIL, [Code.SURVEY_TOO_SMALL])


def test_a_survey_without_file_or_respondents_is_no_data():
    assert reasons(found("3d1", month())) == [Code.NOT_COLLECTED]
    assert reasons(found("3d1", survey(100, 70, file=""))) == [Code.NOT_COLLECTED]
    assert reasons(found("3d1", survey(0, 0))) == [Code.NOTHING_DUE]


def shared(**more) -> PeriodFacts:
    """Two posts, 30 shares, 2 000 reached; 5 saves and 5 uses of the hashtag read by hand."""
    facebook = EngagementFact(shares=10, reach=1500)
    x = EngagementFact(shares=20, impressions=500)
    posts = (
        post(1, AT, {"engagement": facebook}),
        post(2, AT, {"engagement": x, "channel": Channel.X}),
    )
    given = {"posts": posts, "saves": 5, "hashtag_uses": 5, "survey": SURVEY, "memory_baseline": BASE}
    return month(**{**given, **more})


def test_the_memory_proxy_is_per_thousand_reached_against_the_office_s_own_baseline():
    assert outcome(found("3d2", shared())) == (Verdict.PASS, "20.00")
    assert found("3d2", shared(memory_baseline=replace(BASE, rate=Decimal(21)))).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"survey": None}, Code.NEVER_ALONE),
        ({"saves": None}, Code.COUNTS_MISSING),
        ({"hashtag_uses": None}, Code.COUNTS_MISSING),
        ({"posts": ()}, Code.NOT_COLLECTED),
        ({"posts": (post(1, AT, {"engagement": EngagementFact(reach=5)}),)}, Code.NOT_COLLECTED),
        ({"memory_baseline": None}, Code.NO_MEMORY_BASELINE),
    ],
)
def test_the_memory_proxy_never_stands_alone_and_never_takes_missing_for_nought(more, reason):
    assert reasons(found("3d2", shared(**more))) == [reason]


def judged(name: str, facts: PeriodFacts):
    wanted: Criterion = TEMPLATES[name]
    return find(wanted, Reading.TARGET, facts, small_base=5)


@pytest.mark.parametrize(
    ("more", "verdict", "code"),
    [
        ({}, Verdict.PASS, Code.REPORT_IN_TIME),
        ({"reported_on": date(2020, 11, 10)}, Verdict.FAIL, Code.REPORT_LATE),
        ({"reported_on": None}, Verdict.UNKNOWN, Code.REPORT_AWAITED),
        ({"reported_on": None, "fielded_until": date(2020, 10, 2)}, Verdict.FAIL, Code.REPORT_LATE),
        ({"method": ""}, Verdict.FAIL, Code.SURVEY_INCOMPLETE),
    ],
)
def test_an_evaluation_is_reported_within_thirty_days(more, verdict, code):
    finding = judged("4a", month(survey=replace(ASKED, **more)))
    assert (finding.verdict, codes(finding)) == (verdict, [code])


def test_an_improvement_answers_a_finding_and_has_an_after_value():
    one = ImprovementFact(id=1, at=AT, baseline=Decimal(1), after=Decimal(2), better=True, finding="3b1")
    assert judged("5a", month(improvements=(one,))).verdict is Verdict.PASS
    for less in (replace(one, finding=""), replace(one, after=None)):
        assert judged("5a", month(improvements=(less,))).verdict is Verdict.FAIL


def test_an_executive_acknowledged_the_report_in_the_period():
    report = ReportFact(id=1, acknowledged_on=date(2020, 10, 5), file_sha256=HASH)
    assert judged("5b", month(reports=(report,))).verdict is Verdict.PASS
    assert judged("5b", month(reports=(replace(report, acknowledged_on=date(2020, 9, 5)),))).value == 0


@pytest.mark.parametrize("name", list(TEMPLATES))
def test_what_nobody_recorded_for_the_higher_levels_is_no_data(name):
    assert judged(name, month()).verdict is Verdict.NO_DATA
