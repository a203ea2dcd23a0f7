"""An evaluation as a page shows it: every check in words, every proof by name, so that it can be opened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from core.vocab import Verdict
from kpi.criteria import Level, Step, Words
from kpi.findings import Evaluation, Finding, LevelFinding, Note, Part, Proof
from kpi.words import say, say_headline
from models import Attestation, EvaluationRun
from services import proof_targets
from services.criteria import criteria_of
from services.proof_targets import Thing, Things
from services.scoring import side_by_side, signed_result


@dataclass(frozen=True)
class ProofLine:
    """One proof: what it is, what it does to the check and why; thing: None if nothing can be opened."""

    kind: str
    id: int | None
    effect: str
    words: str
    thing: Thing | None


@dataclass(frozen=True)
class CheckCard:
    """One check: the finding with its criterion's words, notes and proofs."""

    finding: Finding
    title: str
    formula: str
    clause: str
    notes: Sequence[str]
    proofs: Sequence[ProofLine]


@dataclass(frozen=True)
class LevelCard:
    """One level with its text and its checks; an undefined level has none."""

    n: int
    text: str
    verdict: Verdict
    passed: int
    total: int
    parts: Sequence[Part]
    checks: Sequence[CheckCard]
    scored_by: str

    @property
    def first_proof(self) -> str:
        """Where a page leads who asks for this level's proof: to the proofs that decide it."""
        telling = [one for one in self.checks if any(proof.thing for proof in one.proofs)]
        deciding = [one for one in telling if one.finding.verdict is self.verdict]
        chosen = next(iter(deciding or telling), None)
        return f"proofs-{chosen.finding.id}" if chosen else f"level-{self.n}"


@dataclass(frozen=True)
class Scorecard:
    """Claimed beside evidenced, and everything under it."""

    run_id: int
    indicator: str  # empty: the form's
    name: str
    claimed: Decimal | None
    evidenced: Decimal
    target: Decimal
    headline: str
    as_of: datetime
    start: datetime
    end: datetime
    version: str
    digest: str
    notes: Sequence[str] = ()
    locked: Attestation | None = None  # the signature after which nothing changes
    levels: Sequence[LevelCard] = field(default_factory=tuple)
    steps: Sequence[Step] = ()  # of a percentage on a scale, which has no levels to reach


def scorecard(session: Session, run: EvaluationRun, language: str) -> Scorecard:
    """Return a stored run in words; a fixed number of queries."""
    side, criteria = side_by_side(session, run), criteria_of(session, run.criteria_digest)
    result = side.evaluation
    things = proof_targets.load(session, _proofs(result))
    texts = {level.n: level for level in criteria.levels}
    headline = {"headline": result.headline, "headline_params": result.headline_params}
    return Scorecard(
        run_id=run.id,
        indicator=run.indicator,
        name=getattr(criteria.indicator.name, language),
        claimed=side.claimed,
        evidenced=side.evidenced,
        target=side.target,
        headline=say_headline(headline, language),
        as_of=run.as_of,
        start=run.period_start,
        end=run.period_end,
        version=f"{criteria.fiscal_year}/{criteria.version}",
        digest=run.criteria_digest,
        notes=[_say(note, language) for note in result.notes],
        locked=signed_result(session, run.period_start, run.period_end, run.indicator),
        levels=[_level(level, texts[level.n], things, language) for level in result.levels],
        steps=criteria.scale.steps if criteria.scale else (),
    )


def _level(level: LevelFinding, words: Level, things: Things, language: str) -> LevelCard:
    named = {one.id: (one.title, one.formula, one.clause) for one in words.criteria}
    named |= {one.id: (one.title, one.text, "") for one in words.attestations}
    return LevelCard(
        n=level.n,
        text=getattr(words.text, language),
        verdict=level.verdict,
        passed=level.passed,
        total=level.total,
        parts=level.parts,
        checks=[_check(one, named[one.id], things, language) for one in level.findings],
        scored_by=level.scored_by.value,
    )


def _check(finding: Finding, named: tuple[Words, Words, str], things: Things, language: str) -> CheckCard:
    title, formula, clause = named
    return CheckCard(
        finding=finding,
        title=getattr(title, language),
        formula=getattr(formula, language),
        clause=clause,
        notes=[_say(note, language) for note in finding.notes],
        proofs=[_proof(proof, things, language) for proof in finding.proofs],
    )


def _proof(proof: Proof, things: Things, language: str) -> ProofLine:
    thing = things.get((proof.kind, proof.id)) if proof.id is not None else None
    words = _say(Note(proof.code, proof.params), language)
    return ProofLine(proof.kind, proof.id, proof.effect, words, thing)


def _say(note: Note, language: str) -> str:
    return say({"code": note.code, "params": note.params}, language)


def _proofs(result: Evaluation) -> Iterable[tuple[str, int | None]]:
    for level in result.levels:
        for finding in level.findings:
            yield from ((proof.kind, proof.id) for proof in finding.proofs)
