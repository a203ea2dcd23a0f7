"""Level 1: there is an approved plan."""

from datetime import date

import pytest

from core.vocab import Verdict
from kpi.codes import Code, Reading
from kpi.facts import PlanItemFact
from tests.kpi.made import LONG_AGO, OCTOBER, codes, found, h, month, plan, reasons


def both_readings(criterion, facts):
    finding = found(criterion, facts, Reading.MINIMUM)
    assert finding.verdict is finding.minimum
    return finding.minimum, finding.target


def planned_item(plan_id: int | None) -> PlanItemFact:
    return PlanItemFact(
        id=5, due_at=OCTOBER + h(5), created_at=LONG_AGO, approved=True, plan_id=plan_id, post_id=None
    )


def test_an_approved_plan_passes_both_readings_and_gives_its_number():
    facts = month(plans=(plan(),))
    assert both_readings("1a", facts) == (Verdict.PASS, Verdict.PASS)
    assert found("1a", facts).proofs[0].params["number"] == plan().number


@pytest.mark.parametrize("criterion", ["1a", "1b"])
def test_no_plan_fails_and_plans_nobody_looked_for_are_no_data(criterion):
    assert both_readings(criterion, month()) == (Verdict.FAIL, Verdict.FAIL)
    unknown = found(criterion, month(plans=None), Reading.MINIMUM)
    assert (unknown.verdict, reasons(unknown)) == (Verdict.NO_DATA, [Code.NOT_COLLECTED])


def test_the_plan_of_another_year_is_no_plan_of_this_one():
    assert both_readings("1a", month(plans=(plan(fiscal_year=2563),))) == (Verdict.FAIL, Verdict.FAIL)


def test_a_plan_approved_after_december_misses_only_the_internal_target():
    finding = found("1a", month(plans=(plan(approved_on=date(2021, 1, 1)),), as_of=OCTOBER + h(24 * 200)))
    assert (finding.minimum, finding.target, codes(finding)) == (
        Verdict.PASS, Verdict.FAIL, [Code.PLAN_LATE],
    )  # fmt: skip


def test_an_approval_dated_in_the_future_is_none_yet():
    assert codes(found("1a", month(plans=(plan(approved_on=date(2020, 12, 1)),)))) == [Code.PLAN_NOT_YET]


@pytest.mark.parametrize("field", ["title", "number", "approver", "approved_on", "file_sha256"])
def test_a_plan_document_names_what_it_lacks(field):
    finding = found("1a", month(plans=(plan(**{field: None}),)))
    assert (codes(finding), finding.proofs[0].params) == ([Code.PLAN_INCOMPLETE], {"fields": [field]})


def test_a_plan_that_leaves_a_topic_out_fails_and_names_it():
    finding = found("1b", month(plans=(plan(covers=("channels", "calendar", "pillars")),)))
    assert (finding.minimum, finding.proofs[0].params) == (Verdict.FAIL, {"fields": ["target_groups"]})


def test_plan_items_must_trace_to_the_plan_for_the_internal_target_only():
    traced = month(plans=(plan(),), plan_items=(planned_item(1),))
    loose = month(plans=(plan(),), plan_items=(planned_item(None),))
    unknown = month(plans=(plan(),), plan_items=None)
    assert both_readings("1b", traced) == (Verdict.PASS, Verdict.PASS)
    assert both_readings("1b", loose) == (Verdict.PASS, Verdict.FAIL)
    assert both_readings("1b", unknown) == (Verdict.PASS, Verdict.UNKNOWN)
    assert codes(found("1b", loose)) == [Code.PLAN_COVERS, Code.PLAN_ITEM_UNTRACED]
