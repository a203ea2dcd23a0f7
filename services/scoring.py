"""Evaluating a period: facts frozen, engine run, both kept so that a run can be replayed for ever."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.vocab import Role
from kpi.evaluate import evaluate, keep_signed
from kpi.findings import Evaluation
from kpi.freeze import evaluation_from, facts_from, facts_to_dict, to_dict
from models import Attestation, EvaluationRun, FormImport, Person
from services import criteria
from services.facts import gather
from services.people import require
from services.periods import Period, read_span
from services.runtime import Runtime

RESULT = "result"  # the attestation that signs an evaluation itself


@dataclass(frozen=True)
class Side:
    """What is claimed beside what is evidenced; None: nothing claimed."""

    claimed: Decimal | None
    target: Decimal
    evidenced: Decimal
    evaluation: Evaluation
    run_id: int


def period_of(name: str, as_of: datetime) -> Period:
    """Return the period called `2020-10`, `2564-q1` or `2564` (a fiscal year); raises period_unknown."""
    span = read_span(name, "period")
    return Period(span.fiscal_year, span.start(), span.end(), as_of)


def evaluate_period(
    rt: Runtime, name: str, person: Person | None = None, indicator: str = ""
) -> EvaluationRun:
    """Freeze the facts of a period as of now, evaluate them, keep both; raises period_unknown.

    person: who asks; None: the system or the command line.
    """
    if person is not None:
        require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    with rt.sessions.begin() as session:
        row = run(session, period_of(name, rt.clock.now()), rt, indicator)
        row.made_by = person.id if person else None
        return row


def run(session: Session, period: Period, rt: Runtime, indicator: str = "") -> EvaluationRun:
    """Evaluate inside a caller's transaction."""
    facts = gather(session, period, rt.media_dir)
    facts = replace(facts, claimed=None) if indicator else facts  # the imported form claims for its own alone
    judged_by = criteria.in_force(session, period.start, indicator, period.fiscal_year)
    result = evaluate(criteria.criteria_of(session, judged_by.digest), facts)
    row = EvaluationRun(
        fiscal_year=period.fiscal_year, indicator=indicator, period_start=period.start,
        period_end=period.end, as_of=period.as_of, criteria_digest=judged_by.digest,
        facts=facts_to_dict(facts), result=to_dict(result), score=result.score, made_at=period.as_of,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def load_run(session: Session, run_id: int) -> EvaluationRun | None:
    """Return one stored run."""
    return session.get(EvaluationRun, run_id)


def find_run(session: Session, run_id: int) -> EvaluationRun:
    """Return one stored run; raises NotFound."""
    row = session.get(EvaluationRun, run_id)
    if row is None:
        raise NotFound
    return row


def latest_run(session: Session, period: Period, indicator: str = "") -> EvaluationRun | None:
    """Return the newest stored run of a period, signed or not."""
    return session.scalars(
        select(EvaluationRun)
        .where(
            EvaluationRun.fiscal_year == period.fiscal_year,
            EvaluationRun.indicator == indicator,
            EvaluationRun.period_start == period.start,
            EvaluationRun.period_end == period.end,
        )
        .order_by(EvaluationRun.id.desc())
        .limit(1)
    ).one_or_none()


def signed_result(
    session: Session, start: datetime, end: datetime, indicator: str = ""
) -> Attestation | None:
    """Return the signature that locks an indicator's period; None while it is open."""
    return session.scalars(
        select(Attestation)
        .join(EvaluationRun, EvaluationRun.id == Attestation.run_id)
        .where(
            Attestation.period_start == start, Attestation.period_end == end, Attestation.code == RESULT,
            Attestation.confirmed, EvaluationRun.indicator == indicator,
        )
        .order_by(Attestation.id)
        .limit(1)
    ).one_or_none()  # fmt: skip


def run_in_force(session: Session, period: Period, indicator: str = "") -> EvaluationRun | None:
    """Return the run that stands for a period: the signed one for ever, else the newest."""
    signature = signed_result(session, period.start, period.end, indicator)
    if signature is not None and signature.run_id is not None:
        return find_run(session, signature.run_id)
    return latest_run(session, period, indicator)


def evaluation_of(row: EvaluationRun) -> Evaluation:
    """Return a stored run's result as the engine's own values."""
    return evaluation_from(row.result)


def official(session: Session, row: EvaluationRun) -> Evaluation:
    """Return a run's result; a signed one that new data have overtaken gets a note and no other change."""
    mine = evaluation_of(row)
    period = Period(row.fiscal_year, row.period_start, row.period_end, row.as_of)
    signature = signed_result(session, row.period_start, row.period_end, row.indicator)
    newest = latest_run(session, period, row.indicator)
    if signature is None or signature.run_id != row.id or newest is None:
        return mine
    return keep_signed(mine, evaluation_of(newest))


def replay(session: Session, row: EvaluationRun) -> Evaluation:
    """Return what the stored facts give today, judged by the criteria kept under the run's digest."""
    return evaluate(criteria.criteria_of(session, row.criteria_digest), facts_from(row.facts))


def replays(session: Session, row: EvaluationRun) -> bool:
    """Say whether the stored facts, evaluated again by the same criteria, give the stored result."""
    return to_dict(replay(session, row)) == dict(row.result)


def side_by_side(session: Session, row: EvaluationRun) -> Side:
    """Put what the form claims, for its own indicator alone, beside what a run evidences."""
    result = official(session, row)
    if row.indicator:
        return Side(None, result.target, result.score, result, row.id)
    claimed = session.scalar(
        select(FormImport.claimed)
        .where(FormImport.fiscal_year == row.fiscal_year)
        .order_by(FormImport.id.desc())
        .limit(1)
    )
    return Side(claimed, result.target, result.score, result, row.id)
