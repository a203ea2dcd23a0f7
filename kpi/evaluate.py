"""Facts in, evaluation out: the same facts and criteria always give the same result."""

from dataclasses import replace
from decimal import Decimal

from core.vocab import Verdict
from kpi.codes import Code, Headline
from kpi.criteria import CriteriaSet
from kpi.facts import PeriodFacts
from kpi.findings import Details, Evaluation, LevelFinding, Note
from kpi.judging import findings_of
from kpi.levels import headline_of, reached, score_of, weigh
from kpi.scale import score_on


def evaluate(criteria: CriteriaSet, facts: PeriodFacts) -> Evaluation:
    """Return what the facts evidence, level by level; nothing is read, nothing is written."""
    levels = tuple(
        weigh(level, findings_of(criteria, level, facts), criteria.rules) for level in criteria.levels
    )
    score, headline, details = _judged(criteria, levels)
    return Evaluation(
        fiscal_year=facts.fiscal_year,
        start=facts.start,
        end=facts.end,
        as_of=facts.as_of,
        criteria_version=criteria.version,
        criteria_digest=criteria.digest,
        target=criteria.indicator.target,
        claimed=facts.claimed,
        score=score,
        highest_defined=criteria.highest_defined,
        headline=headline,
        headline_params=details,
        levels=levels,
    )


def _judged(criteria: CriteriaSet, levels: tuple[LevelFinding, ...]) -> tuple[Decimal, Headline, Details]:
    """Return score, headline and its figures: whole levels, or points on a scale."""
    if criteria.scale is None:
        headline, first = headline_of(levels)
        return score_of(reached(levels)), headline, _details(criteria, levels, first)
    finding = next(one for level in levels for one in level.findings if one.scored)
    score, headline = score_on(criteria.scale, finding)
    details: dict[str, str | int | list[str]] = {
        "score": str(score), "target": str(criteria.indicator.target), "value": str(finding.value or ""),
        "unknown": finding.unknown,
    }  # fmt: skip
    return score, headline, details


def _details(criteria: CriteriaSet, levels: tuple[LevelFinding, ...], first: LevelFinding | None) -> Details:
    """Return the figures a headline may need: the score, and where the first level not passed stands."""
    missing = [level.n for level in levels if level.verdict is Verdict.UNDEFINED]
    details: dict[str, str | int | list[str]] = {
        "score": str(score_of(reached(levels))),
        "target": str(criteria.indicator.target),
        "highest": criteria.highest_defined,
        "undefined": "–".join(str(n) for n in sorted({min(missing), max(missing)})) if missing else "",
    }
    if first is None:
        return details
    details |= {"level": first.n, "passed": first.passed, "total": first.total}
    for part in first.parts:
        details |= {
            f"{part.code}_passed": part.passed,
            f"{part.code}_total": part.total,
            f"{part.code}_pending": part.pending,
        }
    return details


def keep_signed(signed: Evaluation, fresh: Evaluation) -> Evaluation:
    """Return the signed evaluation; if a new run found otherwise, with a note and nothing else changed."""
    if fresh.levels == signed.levels:
        return signed
    note = Note(Code.NEW_DATA_AFTER_SIGNING, {"as_of": fresh.as_of.isoformat()})
    return replace(signed, notes=(*signed.notes, note))
