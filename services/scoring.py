"""Evaluating a period: facts frozen, engine run, both kept so that a run can be replayed for ever."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput
from core.fiscal import Month, fiscal_year, months_of
from kpi.criteria import CriteriaSet, load_criteria, packaged_criteria
from kpi.evaluate import evaluate
from kpi.findings import Evaluation
from kpi.freeze import evaluation_from, facts_from, facts_to_dict, to_dict
from models import EvaluationRun, FormImport
from services.facts import Period, gather
from services.runtime import Runtime

QUARTER = re.compile(r"(\d{4})-q([1-4])")
YEAR = re.compile(r"\d{4}")
ONLY_CRITERIA = 2564  # until another year's set is adopted, its criteria serve every year


@dataclass(frozen=True)
class Side:
    """What is claimed beside what is evidenced; None: nothing claimed."""

    claimed: Decimal | None
    target: Decimal
    evidenced: Decimal
    evaluation: Evaluation
    run_id: int


def criteria_of(year: int) -> CriteriaSet:
    """Return the criteria of a fiscal year; a year without a set of its own uses the last one there is."""
    try:
        return load_criteria(packaged_criteria(year))
    except BadInput:
        return load_criteria(packaged_criteria(ONLY_CRITERIA))


def period_of(name: str, as_of: datetime) -> Period:
    """Return the period called `2020-10` (a month), `2564-q1` (a quarter) or `2564` (a fiscal year)."""
    quarter = QUARTER.fullmatch(name)
    if quarter:
        year, number = int(quarter[1]), int(quarter[2])
        months = months_of(year)[(number - 1) * 3 : number * 3]
    elif YEAR.fullmatch(name):
        year = int(name)
        months = months_of(year)
    else:
        months = [_month(name)]
        year = fiscal_year(months[0].first_day())
    return Period(year, months[0].start(), months[-1].end(), as_of)


def _month(name: str) -> Month:
    try:
        return Month.parse(name)
    except ValueError as exc:
        raise BadInput("period_unknown", field="period", period=name) from exc


def evaluate_period(rt: Runtime, name: str) -> EvaluationRun:
    """Freeze the facts of a period as of now, evaluate them, keep both; raises period_unknown."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        return run(session, period_of(name, now), rt)


def run(session: Session, period: Period, rt: Runtime) -> EvaluationRun:
    """Evaluate inside a caller's transaction."""
    facts = gather(session, period, rt.media_dir)
    criteria = criteria_of(period.fiscal_year)
    result = evaluate(criteria, facts)
    row = EvaluationRun(
        fiscal_year=period.fiscal_year, period_start=period.start, period_end=period.end, as_of=period.as_of,
        criteria_digest=criteria.digest, facts=facts_to_dict(facts), result=to_dict(result),
        score=result.score, made_at=period.as_of,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def load_run(session: Session, run_id: int) -> EvaluationRun | None:
    """Return one stored run."""
    return session.get(EvaluationRun, run_id)


def latest_run(session: Session, period: Period) -> EvaluationRun | None:
    """Return the newest stored run of a period."""
    return session.scalars(
        select(EvaluationRun)
        .where(
            EvaluationRun.fiscal_year == period.fiscal_year,
            EvaluationRun.period_start == period.start,
            EvaluationRun.period_end == period.end,
        )
        .order_by(EvaluationRun.id.desc())
        .limit(1)
    ).one_or_none()


def evaluation_of(row: EvaluationRun) -> Evaluation:
    """Return a stored run's result as the engine's own values."""
    return evaluation_from(row.result)


def replay(row: EvaluationRun) -> bool:
    """Say whether the stored facts, evaluated again by the same criteria, give the stored result."""
    criteria = criteria_of(row.fiscal_year)
    return criteria.digest == row.criteria_digest and to_dict(
        evaluate(criteria, facts_from(row.facts))
    ) == dict(row.result)


def side_by_side(session: Session, row: EvaluationRun) -> Side:
    """Put what the office's form claims beside what a run evidences."""
    result = evaluation_of(row)
    claimed = session.scalar(
        select(FormImport.claimed)
        .where(FormImport.fiscal_year == row.fiscal_year)
        .order_by(FormImport.id.desc())
        .limit(1)
    )
    return Side(claimed, result.target, result.score, result, row.id)
