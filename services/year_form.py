"""Composing a year's form: the office's words, its lines, what is claimed beside what is proved."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.fiscal import Span
from core.i18n import text
from core.vocab import Verdict
from kpi.criteria import CriteriaSet
from kpi.findings import Evaluation
from kpi.words import say_headline
from models import EvaluationRun, EvidenceBundle, FormImport, Person, Suggestion
from reports.document import Previous
from reports.frozen import to_dict
from reports.wording import form_date
from reports.year_form import Aim, LevelText, MonthLine, Term, YearForm
from services import form_texts
from services.criteria import criteria_of
from services.evidence_signatures import attested, signed_rows
from services.evidence_sources import TH, number_of
from services.importing import latest_import, load_import
from services.incidents import obstacles_of, proofs_of
from services.report_lines import MonthLines, open_questions, year_lines
from services.scoring import official

RESULT_TYPES = ("output", "outcome")


def compose(
    session: Session, row: EvidenceBundle, run: EvaluationRun, previous: EvidenceBundle | None, now: datetime
) -> dict[str, Any]:
    """Return the frozen form of a fiscal year, in Thai, as JSON values."""
    span = Span.parse(row.period)
    criteria, result = criteria_of(session, run.criteria_digest), official(session, run)
    form = latest_import(session, span.fiscal_year)
    accepted = _accepted(session, form)
    months = year_lines(session, span.fiscal_year)
    written = form_texts.texts_of(session, span.fiscal_year)
    told = YearForm(
        **_label(session, row, run, previous),
        **_words(criteria, form, accepted, written),
        made_at=now,
        criteria=f"{criteria.fiscal_year} {criteria.version}",
        levels=tuple(_levels(criteria, result)),
        target=result.target,
        claimed=form.claimed if form else None,
        evidenced=result.score,
        headline=say_headline({"headline": result.headline, "headline_params": result.headline_params}, TH),
        lines=tuple(
            MonthLine(on=one.on, text=one.text, source=one.source) for month in months for one in month.lines
        ),
        obstacles=_rows(written, "obstacles") or tuple(obstacles_of(session, span)),
        evidence=_rows(written, "evidence") or (*_imported(form, "evidence"), *proofs_of(session, span)),
        attested=attested(signed_rows(session, span, now), span, criteria, now),
        remarks=tuple(remarks(form, accepted, months)),
    )
    return to_dict(told)


def _label(
    session: Session, row: EvidenceBundle, run: EvaluationRun, previous: EvidenceBundle | None
) -> dict[str, Any]:
    """Return what the paper says of itself."""
    maker = session.get(Person, row.requested_by) if row.requested_by else None
    before = (
        Previous(number=number_of(previous), manifest_sha256=previous.manifest_sha256) if previous else None
    )
    return {
        "office": text("evidence.office", TH), "fiscal_year": row.fiscal_year, "number": number_of(row),
        "version": row.version, "reason": row.reason, "made_by": maker.name if maker else "",
        "as_of": run.as_of, "criteria_digest": run.criteria_digest, "previous": before,
    }  # fmt: skip


def _words(
    criteria: CriteriaSet, form: FormImport | None, accepted: Sequence[Suggestion], written: Mapping[str, str]
) -> dict[str, Any]:
    """Return the office's own words, with the corrections that somebody accepted."""
    told = criteria.indicator
    return {
        "name": told.name.th,
        "result_types": tuple(text(f"year_form.{one}", TH) for one in RESULT_TYPES),
        "result_type": _result_type(written, form),
        "aims": tuple(Aim(label=one.term, text=_mended(one.text, accepted)) for one in told.alignment),
        "terms": tuple(Term(term=one.term, text=_mended(one.text, accepted)) for one in told.definitions),
        "factors": _rows(written, "factors") or _imported(form, "supporting_factors"),
        "owner": written.get("owner", ""),
        "position": written.get("position", ""),
    }  # fmt: skip


def remarks(
    form: FormImport | None, accepted: Sequence[Suggestion], months: Sequence[MonthLines]
) -> Iterable[str]:
    """Yield why this paper differs from the imported form, and what a reader would ask."""
    if form is not None:
        yield text("year_form.tick_lost", TH)
        for one in form.parsed["variances"]:
            yield text("year_form.variance", TH, day=form_date(date.fromisoformat(one)))
        if form.parsed["common_era_days"]:
            yield text("year_form.common_era", TH, n=len(form.parsed["common_era_days"]))
    for slip in accepted:
        yield text("year_form.corrected", TH, line=slip.line, found=slip.found, suggest=slip.suggest)
    for asked in open_questions(months):
        names = [text(f"date.long.{months[place].month.month}", TH) for place in (asked.since, asked.line)]
        yield text(f"year_form.asked_{asked.code}", TH, since=names[0], month=names[1])


def _levels(criteria: CriteriaSet, result: Evaluation) -> Iterable[LevelText]:
    verdicts = {level.n: level.verdict for level in result.levels}
    for level in criteria.levels:
        verdict = verdicts.get(level.n, Verdict.UNDEFINED)
        told = "" if verdict is Verdict.UNDEFINED else text(f"verdict.{verdict}", TH)  # its text says so
        yield LevelText(number=level.n, text=level.text.th, verdict=told)


def _result_type(written: Mapping[str, str], form: FormImport | None) -> str:
    """Return the ticked choice in words; empty while nobody has said: the tick was lost in print."""
    chosen = written.get("result_type") or (str(form.parsed["result_type"]) if form else "")
    return text(f"year_form.{chosen}", TH) if chosen in RESULT_TYPES else ""


def _accepted(session: Session, form: FormImport | None) -> list[Suggestion]:
    if form is None:
        return []
    return [one for one in load_import(session, form.id).suggestions if one.decision == "accepted"]


def _mended(words: str, accepted: Sequence[Suggestion]) -> str:
    """Return a text of the form with the corrections that somebody accepted."""
    for one in accepted:
        for found in (one.found, " ".join(one.found.split())):  # the form breaks a name over two lines
            words = words.replace(found, one.suggest)
    return words


def _rows(written: Mapping[str, str], section: str) -> tuple[str, ...]:
    return tuple(row for row in written.get(section, "").split("\n") if row.strip())


def _imported(form: FormImport | None, name: str) -> tuple[str, ...]:
    return tuple(form.parsed[name]) if form else ()
