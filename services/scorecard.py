"""An evaluation as a page shows it: every check in words, every proof by name, so that it can be opened."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.vocab import Verdict
from kpi.criteria import Level, Words
from kpi.findings import Evaluation, Finding, LevelFinding, Note, Part, Proof
from kpi.words import say, say_headline
from models import ContentItem, Delivery, EvaluationRun, Event, PlanDocument, Post
from services.criteria import criteria_of
from services.scoring import side_by_side

Things = Mapping[tuple[str, int], "Thing"]


@dataclass(frozen=True)
class Thing:
    """What a proof points at; post_id: where a delivery is shown."""

    title: str
    post_id: int | None = None


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


@dataclass(frozen=True)
class Scorecard:
    """Claimed beside evidenced, and everything under it."""

    run_id: int
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
    levels: Sequence[LevelCard] = field(default_factory=tuple)


def scorecard(session: Session, run: EvaluationRun, language: str) -> Scorecard:
    """Return a stored run in words; a fixed number of queries."""
    side, criteria = side_by_side(session, run), criteria_of(session, run.criteria_digest)
    result = side.evaluation
    things = _things(session, result)
    texts = {level.n: level for level in criteria.levels}
    headline = {"headline": result.headline, "headline_params": result.headline_params}
    return Scorecard(
        run_id=run.id,
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
        levels=[_level(level, texts[level.n], things, language) for level in result.levels],
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


def _things(session: Session, result: Evaluation) -> dict[tuple[str, int], Thing]:
    """Load the titles of everything the proofs name, one query per kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for proof in _proofs(result):
        if proof[1] is not None:
            wanted[proof[0]].add(proof[1])
    found: dict[tuple[str, int], Thing] = {}
    for kind, model in (("event", Event), ("item", ContentItem), ("plan", PlanDocument), ("post", Post)):
        rows = session.execute(select(model.id, model.title).where(model.id.in_(wanted[kind])))
        found |= {(kind, row.id): Thing(row.title, row.id if model is Post else None) for row in rows}
    deliveries = (
        select(Delivery.id, Delivery.post_id, Post.title)
        .join(Post, Post.id == Delivery.post_id)
        .where(Delivery.id.in_(wanted["delivery"]))
    )
    for row in session.execute(deliveries):
        found["delivery", row.id] = Thing(row.title, row.post_id)
    return found


def _proofs(result: Evaluation) -> Iterable[tuple[str, int | None]]:
    for level in result.levels:
        for finding in level.findings:
            yield from ((proof.kind, proof.id) for proof in finding.proofs)
