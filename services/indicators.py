"""The indicators of a year: the form's, and any the office added as a set of criteria without code."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import NotFound
from kpi.criteria_files import packaged_names
from kpi.words import say_headline
from models import Attestation, CriteriaText, EvaluationRun
from reports import manifest
from reports.wording import form_date
from services.criteria import in_force
from services.periods import Period
from services.runtime import Runtime
from services.scoring import run, run_in_force, signed_result

FORM = ""  # the code of the form's own indicator


def indicators(session: Session, period: Period) -> dict[str, dict[str, str]]:
    """Return the names, by language, of the indicators that judge a period; the form's comes first."""
    adopted = session.scalars(
        select(CriteriaText.indicator)
        .where(
            CriteriaText.approved_at.is_not(None), CriteriaText.applies_from <= bangkok(period.start).date()
        )
        .distinct()
    ).all()  # fmt: skip
    shipped = [code for year, code in packaged_names() if year <= period.fiscal_year]
    return {code: _name(session, period, code) for code in sorted({FORM, *adopted, *shipped})}


def is_known(session: Session, code: str) -> bool:
    """Say whether an indicator judges any period."""
    approved = CriteriaText.approved_at.is_not(None)
    adopted = session.scalar(select(CriteriaText.id).where(approved, CriteriaText.indicator == code).limit(1))
    return code == FORM or adopted is not None or code in {shipped for _, shipped in packaged_names()}


def must_judge(session: Session, period: Period, code: str) -> None:
    """Refuse an indicator that does not judge a period; raises NotFound."""
    if code not in indicators(session, period):
        raise NotFound


def line_of(row: EvaluationRun) -> str:
    """Return what a run came to as the office files it: `31/10/2563 : …`; words only from the kept result."""
    day = bangkok(row.period_end - timedelta(seconds=1)).date()
    return f"{form_date(day)} : {say_headline(row.result, 'th')}"


def other_files(session: Session, rt: Runtime, period: Period) -> dict[str, bytes]:
    """Return what a period's file holds of each further indicator: facts, evaluation, line, what was signed.

    A signed run stands; otherwise the period is evaluated as of now, as it is for the form's own.
    """
    files = {}
    for code in filter(None, indicators(session, period)):
        row = _standing(session, rt, period, code)
        folder = f"indicators/{code}"
        files[f"{folder}/facts.json"] = manifest.canonical(row.facts)
        files[f"{folder}/evaluation.json"] = manifest.canonical(row.result)
        files[f"{folder}/line.txt"] = f"{line_of(row)}\n".encode()
        for signed in _signatures(session, period, code):
            files[f"{folder}/signed-{signed.id}.json"] = manifest.canonical(signed.statement)
    return files


def _standing(session: Session, rt: Runtime, period: Period, code: str) -> EvaluationRun:
    signed = signed_result(session, period.start, period.end, code)
    found = run_in_force(session, period, code) if signed else None
    return found or run(session, period, rt, code)


def _signatures(session: Session, period: Period, code: str) -> Sequence[Attestation]:
    return session.scalars(
        select(Attestation)
        .join(EvaluationRun, EvaluationRun.id == Attestation.run_id)
        .where(
            EvaluationRun.indicator == code, Attestation.signed_at <= period.as_of,
            Attestation.period_start == period.start, Attestation.period_end == period.end,
        )
        .order_by(Attestation.id)
    ).all()  # fmt: skip


def _name(session: Session, period: Period, code: str) -> dict[str, str]:
    names: dict[str, str] = in_force(session, period.start, code, period.fiscal_year).content["indicator"][
        "name"
    ]
    return names
