"""What is put before a signer: plain values, the same for everybody, hashed as they are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.vocab import Verdict
from kpi.counting import shown
from kpi.findings import Evaluation
from models import Attestation, EvaluationRun, Event, Survey
from reports.manifest import canonical, sha256
from services import criteria
from services.office_facts import survey
from services.periods import Period
from services.sample_view import SampleView, Scored, view
from services.sampling import ASPECTS, sample_of
from services.scoring import RESULT, evaluation_of, latest_run

WORDS = ("H1", "H2", "H3", "H4")
LEADS = "3b1"


@dataclass(frozen=True)
class Statement:
    """One statement as it would be signed now.

    lacking: codes of what it still needs before anybody may sign for it; makers: people who made what it
    speaks of, who may not sign it.
    """

    code: str
    content: Mapping[str, Any]
    lacking: tuple[str, ...]
    makers: frozenset[int]
    run_id: int | None = None

    @property
    def sha256(self) -> str:
        return hash_of(self.content)


def hash_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a statement, keys in order."""
    return sha256(canonical(content))


def codes_of(indicator: str) -> tuple[str, ...]:
    """Return what is signed of an indicator: its result; of the form's, four words of people before it."""
    return (RESULT,) if indicator else (*WORDS, RESULT)


def statement(session: Session, period: Period, code: str, indicator: str = "") -> Statement:
    """Return what would be signed for a period now."""
    said = _result(session, period, indicator) if code == RESULT else SPEAKERS[code](session, period)
    content, lacking, makers, run_id = said
    open_ = ("period_still_open",) if period.as_of < period.end else ()
    whole = {**_head(session, period, code, indicator), **content}
    return Statement(code, whole, (*open_, *lacking), frozenset(makers), run_id)


Spoken = tuple[dict[str, Any], list[str], set[int], int | None]


def _head(session: Session, period: Period, code: str, indicator: str) -> dict[str, Any]:
    judged_by = criteria.in_force(session, period.start, indicator, period.fiscal_year)
    known = criteria.criteria_of(session, judged_by.digest)
    texts = {one.id: {"th": one.text.th, "en": one.text.en} for one in known.attestations}
    return {
        "code": code, "fiscal_year": period.fiscal_year, "criteria": judged_by.digest,
        "from": bangkok(period.start).date().isoformat(), "until": str(period.months[-1]),
        "text": texts.get(code, {"th": known.indicator.name.th, "en": known.indicator.name.en}),
    }  # fmt: skip


def _image(session: Session, period: Period) -> Spoken:
    """H1: the sample, everybody's marks, the mean, what was said where reviewers differ."""
    sample = sample_of(session, period)
    if sample is None:
        return {}, ["no_sample"], set(), None
    seen = view(session, sample)
    lacking = []
    if len(seen.finished) < int(seen.rubric["reviewers"]):
        lacking.append("reviewers_missing")
    elif seen.mean is not None and seen.mean < Fraction(seen.rubric["mean"]):
        lacking.append("mean_low")
    if seen.untalked:
        lacking.append("talk_missing")
    content = {
        "seed": sample.seed, "population": len(sample.population),
        "posts": [_marked(one, seen) for one in seen.posts],
        "mean": None if seen.mean is None else str(shown(seen.mean)),
        "reviewers": [seen.reviewers[number].name for number in seen.finished],
    }  # fmt: skip
    return content, lacking, {sample.drawn_by, *seen.reviewers}, None


def _marked(one: Scored, seen: SampleView) -> dict[str, Any]:
    marks = {
        seen.reviewers[number].name: [getattr(score, aspect) for aspect in ASPECTS]
        for number, score in sorted(one.scores.items())
    }
    return {
        "id": one.post.id, "title": one.post.title, "marks": marks, "apart": one.apart,
        "said": [talk.words for talk in one.talks],
    }  # fmt: skip


def _memory(session: Session, period: Period) -> Spoken:
    """H2: the recall survey, its file by hash."""
    found = survey(session, period)
    if found is None:
        return {}, ["no_survey"], set(), None
    row = session.get_one(Survey, found.id)
    content = {
        "survey": row.id, "title": row.title, "method": row.method, "respondents": row.respondents,
        "recalling": row.recalling, "file": row.file_name, "file_sha256": row.file_sha256,
        "summary": row.summary, "fielded": [row.fielded_from.isoformat(), row.fielded_until.isoformat()],
    }  # fmt: skip
    return content, [], {row.recorded_by}, None


def _duties(session: Session, period: Period) -> Spoken:
    """H3: what agencies said of drawn posts on their missions; also what they said against."""
    sample = sample_of(session, period)
    if sample is None:
        return {}, ["no_sample"], set(), None
    seen = view(session, sample)
    words = [(one, word) for one in seen.posts for word in one.confirmations]
    wanted = min(int(seen.rubric["confirmations"]), len(seen.posts))
    content = {
        "confirmed": seen.confirmed,
        "words": [
            {
                "post": one.post.id, "title": one.post.title, "agency": word.agency,
                "by": word.confirmed_by, "correct": word.correct, "remark": word.remark,
            }
            for one, word in words
        ],
    }  # fmt: skip
    lacking = ["confirmations_missing"] if seen.confirmed < wanted else []
    return content, lacking, {word.recorded_by for _, word in words}, None


def _directly(session: Session, period: Period) -> Spoken:
    """H4: each event of the newest run with its target group, and how long before it was told."""
    run = latest_run(session, period)
    if run is None:
        return {}, ["no_run"], set(), None
    finding = next(one for level in evaluation_of(run).levels for one in level.findings if one.id == LEADS)
    told = {
        proof.id: proof.params["hours"]
        for proof in finding.proofs
        if proof.kind == "event" and "hours" in proof.params
    }
    events = session.scalars(select(Event).where(Event.id.in_(told)).order_by(Event.starts_at, Event.id))
    content = {
        "told": f"{finding.numerator or 0}/{finding.denominator or 0}",
        "events": [
            {"id": one.id, "title": one.title, "target_group": one.target_group, "hours": told[one.id]}
            for one in events
        ],
    }
    return content, [], {run.made_by} if run.made_by else set(), None


def _result(session: Session, period: Period, indicator: str) -> Spoken:
    """Return the evaluation itself, with the hashes of its frozen facts and of what came out."""
    run = latest_run(session, period, indicator)
    if run is None:
        return {}, ["no_run"], set(), None
    result = evaluation_of(run)
    content = {
        "run": run.id, "as_of": run.as_of.isoformat(), "score": str(run.score), "target": str(result.target),
        "levels": [[one.n, str(one.verdict), one.passed, one.total] for one in result.levels],
        "facts_sha256": hash_of(run.facts), "result_sha256": hash_of(run.result),
    }  # fmt: skip
    makers = {run.made_by} if run.made_by else set()
    return content, _unready(session, period, run, result), makers, run.id


def _unready(session: Session, period: Period, run: EvaluationRun, result: Evaluation) -> list[str]:
    signed = session.scalars(
        select(Attestation.signed_at).where(
            Attestation.period_start == period.start, Attestation.period_end == period.end,
            Attestation.code.in_(WORDS),
        )
    ).all()  # fmt: skip
    lacking = []
    words = [one for level in result.levels for one in level.findings if one.id in WORDS]
    if any(one.verdict is Verdict.UNKNOWN for one in words):
        lacking.append("words_missing")
    if run.as_of < period.end or (words and any(moment > run.as_of for moment in signed)):
        lacking.append("run_outdated")
    return lacking


SPEAKERS: Mapping[str, Callable[[Session, Period], Spoken]] = {
    "H1": _image, "H2": _memory, "H3": _duties, "H4": _directly,
}  # fmt: skip
