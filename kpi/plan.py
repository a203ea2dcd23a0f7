"""Level 1: there is an approved plan."""

from datetime import date
from fractions import Fraction

from core.clock import bangkok
from core.fiscal import to_ce
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import absent, tally
from kpi.facts import PeriodFacts, PlanFact
from kpi.findings import Measured, Proof
from kpi.params import Params, words

NEEDED = ("title", "number", "approver", "approved_on", "file_sha256")


def plan_document(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many complete, approved plan documents of the fiscal year are on file.

    Internal target: approved by the day `by` (month-day) of the fiscal year's first quarter.
    """
    if facts.plans is None:
        return absent(Code.NOT_COLLECTED)
    month, day = (int(part) for part in str(params["by"]).split("-"))
    by = date(to_ce(facts.fiscal_year) - 1, month, day)
    proofs = [_document_proof(plan, facts, by) for plan in _of_year(facts)]
    in_time = Fraction(sum(1 for proof in proofs if proof.code is Code.PLAN_OK))
    return tally(proofs, strict=(in_time, in_time))


def _of_year(facts: PeriodFacts) -> list[PlanFact]:
    return [plan for plan in facts.plans or () if plan.fiscal_year == facts.fiscal_year]


def _document_proof(plan: PlanFact, facts: PeriodFacts, by: date) -> Proof:
    lacking = [name for name in NEEDED if not getattr(plan, name)]
    if lacking or plan.approved_on is None:
        return Proof(ProofKind.PLAN, plan.id, Effect.BREAKS, Code.PLAN_INCOMPLETE, {"fields": lacking})
    details = {"number": plan.number, "approved_on": plan.approved_on.isoformat()}
    if plan.approved_on > bangkok(facts.as_of).date():
        return Proof(ProofKind.PLAN, plan.id, Effect.BREAKS, Code.PLAN_NOT_YET, details)
    code = Code.PLAN_OK if plan.approved_on <= by else Code.PLAN_LATE
    return Proof(ProofKind.PLAN, plan.id, Effect.PROVES, code, details)


def plan_scope(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many plan documents of the year cover all `topics`.

    Internal target: besides, every plan item of the period traces to a plan document.
    """
    if facts.plans is None:
        return absent(Code.NOT_COLLECTED)
    proofs = [_scope_proof(plan, words(params, "topics")) for plan in _of_year(facts)]
    good = Fraction(sum(1 for proof in proofs if proof.effect is Effect.PROVES))
    loose = [
        Proof(ProofKind.PLAN_ITEM, item.id, Effect.LISTED, Code.PLAN_ITEM_UNTRACED)
        for item in facts.plan_items or ()
        if facts.holds(item.due_at) and item.plan_id is None
    ]
    traced = Fraction(0) if loose else good
    strict = (Fraction(0), good) if facts.plan_items is None else (traced, traced)
    return tally([*proofs, *loose], strict=strict)


def _scope_proof(plan: PlanFact, topics: list[str]) -> Proof:
    lacking = [topic for topic in topics if topic not in plan.covers]
    if lacking:
        return Proof(ProofKind.PLAN, plan.id, Effect.BREAKS, Code.PLAN_GAPS, {"fields": lacking})
    return Proof(ProofKind.PLAN, plan.id, Effect.PROVES, Code.PLAN_COVERS)
