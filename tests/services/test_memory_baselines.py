"""3d2 has something to be compared with, once people entered what no interface gives."""

from datetime import date, timedelta

import pytest

from core.fiscal import Month, months_of
from core.vocab import Metric, ReadingState, Verdict
from models import Account, Delivery, Reading
from services import month_counts, scoring, surveys
from services.media import Upload
from services.month_counts import CountForm
from services.surveys import SurveyForm
from tests.builders import at
from tests.indicator import QUARTER, publish

FILE = Upload("file.csv", b"a,b\n1,2\n")
ASKED = SurveyForm("สำรวจ", "ออนไลน์", date(2020, 12, 1), date(2020, 12, 10), 120, 90, FILE)
Q1 = months_of(2564)[:3]
SUMMER = (Month(2020, 7), Month(2020, 8), Month(2020, 9))


def read(rt, ids, shares=10):
    """Let every post be shared ten times and reach a thousand."""
    with rt.sessions.begin() as session:
        for row in session.query(Delivery).where(Delivery.post_id.in_(ids)):
            channel = session.get_one(Account, row.account_id).channel
            metric = Metric.IMPRESSIONS if channel == "x" else Metric.REACH
            session.add_all(
                Reading(
                    account_id=row.account_id, delivery_id=row.id, metric=name, state=ReadingState.VALUE,
                    value=value, read_at=row.published_at + timedelta(hours=1), source="test",
                )
                for name, value in {metric: 1000, Metric.SHARES: shares}.items()
            )  # fmt: skip


def enter(rt, team, months, saves, uses=0):
    for month in months:
        for name, value in (("saves", saves), ("hashtag_uses", uses)):
            month_counts.add_count(rt, CountForm(month, name, value, "หน้าเพจ"), team.officer)


@pytest.fixture
def quarter(rt, team, accounts, clock):
    """A quarter, over, with a post read in each month and a survey."""
    for month in Q1:
        read(rt, publish(rt, team, 1, due_at=month.start() + timedelta(days=25)))
        clock.set(month.end())
    clock.set(at("2021-01-04 09:00"))
    surveys.add_survey(rt, ASKED, team.kpi_officer)


def judged(rt):
    result = scoring.evaluation_of(scoring.evaluate_period(rt, QUARTER))
    return next(one for level in result.levels for one in level.findings if one.id == "3d2")


def reason(finding):
    return [str(note.code) for note in finding.notes]


def test_the_row_says_what_to_enter_until_it_is_there(rt, team, quarter):
    assert reason(judged(rt)) == ["counts_missing"]
    enter(rt, team, Q1[:2], 2)
    assert reason(judged(rt)) == ["counts_missing"]
    enter(rt, team, Q1[2:], 2)
    found = judged(rt)
    assert (found.verdict, str(found.value), reason(found)) == (Verdict.PASS, "11.00", ["baseline_month"])
    assert found.notes[0].params == {"from": "2020-10-01", "to": "2020-10-31"}


def test_a_first_month_once_entered_stays_what_later_ones_are_compared_with(rt, team, quarter):
    enter(rt, team, Q1[:1], 20)
    enter(rt, team, Q1[1:], 2)
    assert (judged(rt).verdict, str(judged(rt).bound)) == (Verdict.FAIL, "20.00")
    rt.clock.advance(timedelta(days=1))
    enter(rt, team, Q1[:1], 1)
    assert str(judged(rt).bound) == "20.00", (
        "a figure entered anew counts for the period, not for the baseline"
    )
    enter(rt, team, SUMMER, 1)
    assert str(judged(rt).bound) == "20.00"


def test_the_three_months_before_the_year_come_first_where_they_are_known(rt, team, accounts, clock):
    clock.set(at("2020-06-30 09:00"))
    for month, shares in zip(SUMMER, (5, 30, 10), strict=True):
        read(rt, publish(rt, team, 1, due_at=month.start() + timedelta(days=3)), shares)
    clock.set(at("2020-10-01 09:00"))
    enter(rt, team, SUMMER, 0)
    for month in Q1:
        read(rt, publish(rt, team, 1, due_at=month.start() + timedelta(days=25)))
    clock.set(at("2021-01-04 09:00"))
    surveys.add_survey(rt, ASKED, team.kpi_officer)
    enter(rt, team, Q1, 2)
    found = judged(rt)
    assert (found.verdict, str(found.bound), reason(found)) == (Verdict.PASS, "10.00", ["baseline_months"])
