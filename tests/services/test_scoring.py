from decimal import Decimal

import pytest

from core.errors import BadInput
from core.fiscal import Month
from kpi.freeze import evaluation_from
from models import EvaluationRun
from services import importing, plans, scoring
from services.media import Upload
from services.plans import PlanForm
from tests.builders import START, make_approved
from tests.services.test_importing import FORM

PLAN = "แผนพัฒนาสื่อสังคมออนไลน์ ปีงบประมาณ 2564"


@pytest.fixture
def planned(rt, team):
    form = PlanForm(2564, PLAN, "กท 0411/1", "ผู้อำนวยการ", START.date(), Upload("plan.txt", PLAN.encode()))
    return plans.add_plan_document(rt, form, team.administrator)


def scored(rt, period="2564"):
    return scoring.evaluation_of(scoring.evaluate_period(rt, period))


def test_an_empty_office_evidences_nothing_and_says_so(rt, team):
    result = scored(rt)
    assert result.score == Decimal("0.00")
    assert [level.n for level in result.levels] == [1, 2, 3, 4, 5]
    assert result.claimed is None


def test_an_approved_plan_gives_level_one_and_no_more(rt, planned):
    assert scored(rt).score == Decimal("1.00")


def test_what_the_form_claims_stands_beside_what_is_evidenced(rt, team, planned):
    with rt.sessions.begin() as session:
        importing.import_form(session, "form.txt", FORM, team.kpi_officer, START)
    run = scoring.evaluate_period(rt, "2564")
    with rt.sessions.begin() as session:
        side = scoring.side_by_side(session, run)
    assert (side.claimed, side.evidenced, side.target) == (5, Decimal("1.00"), 5)


def test_a_run_is_kept_with_its_facts_and_replays_to_the_same_result(rt, planned):
    run = scoring.evaluate_period(rt, "2564-q1")
    with rt.sessions.begin() as session:
        assert scoring.replays(session, run)
    with rt.sessions.begin() as session:
        period = scoring.period_of("2564-q1", START)
        assert scoring.latest_run(session, period).id == run.id
        kept = session.get_one(EvaluationRun, run.id)
        assert evaluation_from(kept.result) == scoring.evaluation_of(run)
        assert scoring.load_run(session, run.id) is kept


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2563-10", Month(2020, 10), Month(2020, 10)),
        ("2020-10", Month(2020, 10), Month(2020, 10)),
        ("2564-q1", Month(2020, 10), Month(2020, 12)),
        ("2564-q4", Month(2021, 7), Month(2021, 9)),
        ("2564", Month(2020, 10), Month(2021, 9)),
    ],
)
def test_a_period_is_named_by_month_quarter_or_fiscal_year(name, first, last):
    period = scoring.period_of(name, START)
    assert (period.fiscal_year, period.start, period.end) == (2564, first.start(), last.end())


@pytest.mark.parametrize("name", ["", "october", "2564-q5", "1999-q1", "2563-13", "25641", "1999", "0001-01"])
def test_a_period_that_does_not_exist_is_refused_with_examples(name):
    with pytest.raises(BadInput, match="period_unknown"):
        scoring.period_of(name, START)


def test_facts_take_the_same_number_of_queries_for_one_post_as_for_thirty(rt, team, accounts, queries):
    scoring.evaluate_period(rt, "2563-10")  # the criteria are copied once
    counts = []
    for number in (1, 29):
        for _ in range(number):
            make_approved(rt, team.officer, team.approver)
        with queries() as seen:
            scoring.evaluate_period(rt, "2563-10")
        counts.append(len(seen))
    assert counts[0] == counts[1] < 45
