"""The checks of a paper: what was found, what the form asks at least, what the office aims at."""

from collections.abc import Iterable
from decimal import Decimal

from core.i18n import text
from core.vocab import Verdict
from kpi.codes import Op, Unit
from kpi.criteria import Attestation, CriteriaSet, Criterion
from kpi.findings import Finding, LevelFinding
from reports.document import Check, Level
from services.evidence_narrative import said
from services.evidence_sources import TH

SHOWN_PROOFS = 6  # what fits a column
SIGNS = {Op.AT_LEAST: "≥", Op.AT_MOST: "≤"}


def level_of(level: LevelFinding, criteria: CriteriaSet) -> Level:
    """Return one level with its checks; the line under it says which reading scores."""
    wanted = next(one for one in criteria.levels if one.n == level.n)
    known: dict[str, Criterion | Attestation] = {one.id: one for one in wanted.criteria}
    known |= {one.id: one for one in wanted.attestations}
    reading = text(f"kpi.reading.{level.scored_by}", TH)
    return Level(
        number=level.n,
        title=wanted.text.th,
        verdict=level.verdict,
        progress=text("evidence.scored", TH, passed=level.passed, total=level.total, reading=reading)
        if level.total
        else "",
        checks=tuple(_check(finding, known[finding.id]) for finding in level.findings),
    )


def unit_of(unit: Unit) -> str:
    """Return what stands behind a figure."""
    return "%" if unit is Unit.PERCENT else text(f"kpi.unit.{unit}", TH)


def _check(finding: Finding, criterion: Criterion | Attestation) -> Check:
    count = f" ({finding.numerator}/{finding.denominator})" if finding.denominator is not None else ""
    proofs = sorted({f"{one.kind[0].upper()}{one.id}" for one in finding.proofs if one.effect == "proves"})
    clause = criterion.clause if isinstance(criterion, Criterion) else criterion.id[0]
    return Check(
        key=finding.id,
        title=criterion.title.th,
        verdict=finding.verdict,
        group=text(f"kpi.clause.{clause}", TH),
        measured="" if finding.value is None else f"{_amount(finding.value, finding.unit)}{count}",
        required=" · ".join(_readings(finding, criterion)) if isinstance(criterion, Criterion) else "",
        strength=finding.strength,
        proof=", ".join(proofs[:SHOWN_PROOFS]) + (" …" if len(proofs) > SHOWN_PROOFS else ""),
        note=" · ".join(said(note.code, note.params) for note in finding.notes),
    )


def _readings(finding: Finding, criterion: Criterion) -> Iterable[str]:
    """Yield both readings, each with its own verdict: one check may meet the form and miss the target."""
    asked = "" if criterion.minimum is None else _bound(finding.op, criterion.minimum, finding.unit)
    yield _reading("minimum", asked, finding.minimum)
    aimed = "" if finding.bound is None else _bound(finding.op, finding.bound, finding.target_unit)
    yield _reading("target", aimed, finding.target)


def _reading(name: str, bound: str, verdict: Verdict) -> str:
    asked = " ".join(part for part in (text(f"evidence.reading.{name}", TH), bound) if part)
    return f"{asked}: {text(f'verdict.{verdict}', TH)}"


def _bound(op: Op, value: Decimal, unit: Unit) -> str:
    return f"{SIGNS[op]} {_amount(value, unit)}"


def _amount(value: Decimal, unit: Unit) -> str:
    return f"{value.normalize():f} {unit_of(unit)}"
