"""From a figure to a finding: both readings, and the one that scores."""

from dataclasses import replace
from fractions import Fraction

from core.vocab import Verdict
from kpi.codes import Code, Effect, Op, ProofKind, Reading, Unit
from kpi.counting import VERDICT_OF, both, effect_of, judge, shown
from kpi.criteria import Attestation, CriteriaSet, Criterion, Level
from kpi.facts import AttestationFact, PeriodFacts
from kpi.findings import Finding, Measured, Note, Proof
from kpi.measures import MEASURES

MONTHS = {"month": 1, "quarter": 3}


def findings_of(criteria: CriteriaSet, level: Level, facts: PeriodFacts) -> tuple[Finding, ...]:
    """Return the findings of one level: its criteria, then its attestations."""
    small = criteria.rules.small_base
    judged = [find(criterion, level.scored_by, facts, small) for criterion in level.criteria]
    return (*judged, *(_attested(one, level.n, facts) for one in level.attestations))


def find(criterion: Criterion, scored_by: Reading, facts: PeriodFacts, small_base: int) -> Finding:
    """Measure one criterion and judge it on both readings."""
    measured = MEASURES[criterion.measure].run(facts, criterion.params)
    bound = _bound(criterion, measured, facts)
    blank = _blank(criterion, measured, bound)
    if measured.low is None or measured.high is None:
        return replace(blank, notes=(measured.reason,) if measured.reason else ())
    minimum = _minimum(criterion, measured, measured.low, measured.high)
    strict = measured.strict or (measured.low, measured.high)
    target, remarks = _target(criterion, measured, strict, bound, facts)
    worst, best = _by_side(criterion.op, (measured.low, measured.high))
    return replace(
        blank,
        verdict=minimum if scored_by is Reading.MINIMUM else target,
        minimum=minimum,
        target=target,
        value=shown(worst),
        best=shown(best) if best != worst else None,
        target_value=shown(_by_side(criterion.op, strict)[0]),
        small_base=measured.denominator is not None and measured.denominator < small_base,
        notes=(*measured.notes, *remarks),
    )


def _bound(criterion: Criterion, measured: Measured, facts: PeriodFacts) -> Fraction | None:
    """Return the internal target for this period: one meant for a month is tripled in a quarter."""
    bound = measured.bound if measured.bound is not None else criterion.target
    return None if bound is None else Fraction(bound) * max(_times(criterion, facts), 1)


def _times(criterion: Criterion, facts: PeriodFacts) -> int:
    return facts.months // MONTHS[criterion.per] if criterion.per in MONTHS else 1


def _by_side(op: Op, span: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    """Return the worst and the best figure: for "at most" the higher one is the worse."""
    low, high = span
    return (low, high) if op is Op.AT_LEAST else (high, low)


def _blank(criterion: Criterion, measured: Measured, bound: Fraction | None) -> Finding:
    return Finding(
        id=criterion.id,
        level=criterion.level,
        verdict=Verdict.NO_DATA,
        minimum=Verdict.NO_DATA,
        target=Verdict.NO_DATA,
        unit=criterion.unit,
        target_unit=criterion.target_unit or criterion.unit,
        op=criterion.op,
        strength=criterion.strength,
        gate=criterion.gate,
        scored=criterion.scored,
        bound=None if bound is None else shown(bound),
        numerator=measured.numerator,
        denominator=measured.denominator,
        unknown=measured.unknown,
        proofs=measured.proofs,
    )


def _minimum(criterion: Criterion, measured: Measured, low: Fraction, high: Fraction) -> Verdict:
    """Judge the form's own wording: it asks that a thing exists, so one proved case is enough."""
    if criterion.minimum is not None:
        return judge(criterion.op, low, high, Fraction(criterion.minimum))
    if criterion.op is Op.AT_MOST or measured.numerator is None:
        return Verdict.PASS
    proved = Fraction(measured.numerator)
    return judge(Op.AT_LEAST, proved, proved + measured.unknown, Fraction(1))


def _target(
    criterion: Criterion,
    measured: Measured,
    strict: tuple[Fraction, Fraction],
    bound: Fraction | None,
    facts: PeriodFacts,
) -> tuple[Verdict, list[Note]]:
    """Judge the internal target; one that is meant for a longer or unfinished time cannot be missed yet."""
    remarks = [Note(Code.UNPROVEN_CASES, {"count": measured.unknown})] if measured.unknown else []
    if bound is None:
        return Verdict.NO_DATA, [*remarks, Note(Code.NO_TARGET)]
    figure = judge(criterion.op, *strict, bound)
    better = Verdict.FAIL if criterion.op is Op.AT_LEAST else Verdict.PASS
    if measured.at_least and figure is better:
        figure = Verdict.UNKNOWN  # more of what is missing could turn it
    verdict = both(figure, measured.also)
    early = criterion.per in MONTHS and (facts.open or not _times(criterion, facts))
    if verdict is Verdict.FAIL and early:
        return Verdict.UNKNOWN, [*remarks, Note(Code.PERIOD_OPEN if facts.open else Code.PERIOD_SHORT)]
    return verdict, remarks


def _attested(attestation: Attestation, level: int, facts: PeriodFacts) -> Finding:
    """Return the finding of one attestation: the last word signed by as_of; none: open, not failed."""
    effect = effect_of(word.confirmed if (word := _last_word(attestation.id, facts)) else None)
    codes = {Effect.PROVES: Code.SIGNED, Effect.BREAKS: Code.SIGNED_AGAINST, Effect.OPEN: Code.NOT_SIGNED}
    proof = Proof(ProofKind.ATTESTATION, word.id if word else None, effect, codes[effect])
    verdict = VERDICT_OF[effect]
    return Finding(
        id=attestation.id,
        level=level,
        verdict=verdict,
        minimum=verdict,
        target=verdict,
        unit=Unit.SIGNATURE,
        target_unit=Unit.SIGNATURE,
        op=Op.AT_LEAST,
        strength=attestation.strength,
        proofs=(proof,),
    )


def _last_word(code: str, facts: PeriodFacts) -> AttestationFact | None:
    signed = [
        (one.signed_at, one.id, one)
        for one in facts.attestations
        if one.code == code and one.signed_at is not None and one.signed_at <= facts.as_of
    ]
    return max(signed)[2] if signed else None
