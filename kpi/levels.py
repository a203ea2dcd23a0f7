"""From findings to levels: strictly cumulative, whole levels only, and unknown is neither pass nor fail."""

from collections.abc import Iterable
from decimal import Decimal

from core.vocab import Verdict
from kpi.codes import Headline, Unit
from kpi.criteria import Level, Rules
from kpi.findings import Finding, LevelFinding, Part

SCORABLE = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN})
PENDING = frozenset({Verdict.UNKNOWN, Verdict.NO_DATA})


def weigh(level: Level, findings: tuple[Finding, ...], rules: Rules) -> LevelFinding:
    """Return the verdict of one level from its findings.

    Every check must pass. Where a level has attestations, its gates must pass, of its other scorable measures
    at least rules.pass_share percent, and every attestation must be signed. An undefined level is UNDEFINED,
    whatever is found.
    """
    if level.status == "undefined":
        return LevelFinding(n=level.n, verdict=Verdict.UNDEFINED, scored_by=level.scored_by)
    scored = [finding for finding in findings if finding.scored]
    parts = _attested_parts(scored, rules) if level.attestations else (_all_of("checks", scored),)
    return LevelFinding(
        n=level.n,
        verdict=_together(part.verdict for part in parts),
        scored_by=level.scored_by,
        passed=_count(scored, {Verdict.PASS}),
        total=len(scored),
        parts=parts,
        findings=findings,
    )


def _attested_parts(scored: list[Finding], rules: Rules) -> tuple[Part, ...]:
    signatures = [finding for finding in scored if finding.unit is Unit.SIGNATURE]
    gates = [finding for finding in scored if finding.gate]
    others = [finding for finding in scored if finding not in signatures and not finding.gate]
    return _all_of("gates", gates), _enough_of(others, rules), _all_of("attestations", signatures)


def _all_of(code: str, findings: list[Finding]) -> Part:
    verdict = _together(finding.verdict for finding in findings)
    passed, pending = _count(findings, {Verdict.PASS}), _count(findings, PENDING)
    return Part(code=code, verdict=verdict, passed=passed, total=len(findings), pending=pending)


def _enough_of(findings: list[Finding], rules: Rules) -> Part:
    """Judge the passing share of what can be scored; a measure without data is left out, an open one not."""
    scorable = [finding for finding in findings if finding.verdict in SCORABLE]
    passed, pending = _count(scorable, {Verdict.PASS}), _count(scorable, {Verdict.UNKNOWN})
    needed = rules.pass_share * len(scorable)
    if len(scorable) < rules.min_scorable:
        verdict = Verdict.UNKNOWN
    elif passed * 100 >= needed:
        verdict = Verdict.PASS
    else:
        verdict = Verdict.UNKNOWN if (passed + pending) * 100 >= needed else Verdict.FAIL
    return Part(code="others", verdict=verdict, passed=passed, total=len(scorable), pending=pending)


def _together(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    if Verdict.FAIL in found:
        return Verdict.FAIL
    return Verdict.PASS if found <= {Verdict.PASS} else Verdict.UNKNOWN


def _count(findings: Iterable[Finding], verdicts: Iterable[Verdict]) -> int:
    wanted = set(verdicts)
    return sum(1 for finding in findings if finding.verdict in wanted)


def reached(levels: Iterable[LevelFinding]) -> int:
    """Return the level evidenced: the last of the unbroken row of passed levels from 1 on."""
    top = 0
    for level in levels:
        if level.verdict is not Verdict.PASS:
            break
        top = level.n
    return top


def score_of(level: int) -> Decimal:
    """Return a level as the form prints it: `2.00`. Progress inside a level is never part of it."""
    return Decimal(level).quantize(Decimal("0.00"))


def headline_of(levels: tuple[LevelFinding, ...]) -> tuple[Headline, LevelFinding | None]:
    """Return the sentence for the first level not passed, and that level (None: all are passed)."""
    first = next((level for level in levels if level.verdict is not Verdict.PASS), None)
    if first is None:
        return Headline.ALL_LEVELS, None
    if first.verdict is Verdict.UNDEFINED:
        return Headline.NO_CRITERIA_ABOVE, first
    if first.verdict is Verdict.FAIL:
        return Headline(f"level{first.n}_progress"), first
    return Headline(f"level{first.n}_{_what_is_missing(first)}"), first


def _what_is_missing(level: LevelFinding) -> str:
    if len(level.parts) == 1:
        return "pending"
    missing = {part.code for part in level.parts if part.verdict is not Verdict.PASS}
    return "waiting_attestation" if missing == {"attestations"} else "waiting_evidence"
