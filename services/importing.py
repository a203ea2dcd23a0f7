"""The office's own form comes in: raw text kept for ever, entries read out, slips only suggested."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, NotFound
from core.i18n import text
from core.vocab import Role
from language.form_report import Entry, Problem
from language.kpi_form import ParsedForm, decode_form, parse_form
from models import FormImport, Person, ProgressEntry, Suggestion
from services import audit
from services.people import require

LARGEST = 2 * 1024 * 1024
DECISIONS = ("accepted", "rejected")


@dataclass(frozen=True)
class ImportView:
    """One imported form as a page shows it."""

    form: FormImport
    entries: Sequence[ProgressEntry]
    suggestions: Sequence[Suggestion]


def import_form(session: Session, name: str, data: bytes, person: Person, now: datetime) -> FormImport:
    """Read a form and keep it whole; importing the same file again changes nothing.

    Raises file_too_big, form_not_text, form_empty, form_no_report, form_no_dates, form_imported.
    """
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    if len(data) > LARGEST:
        raise BadInput("file_too_big", field="file", limit_mb=LARGEST // 1024**2)
    raw = decode_form(data)
    parsed = parse_form(raw)
    digest = hashlib.sha256(data).hexdigest()
    if session.scalar(select(FormImport.id).where(FormImport.raw_sha256 == digest)):
        raise Conflict("form_imported")
    form = FormImport(
        fiscal_year=parsed.fiscal_year or 0, file_name=name[:200], raw_sha256=digest, raw_text=raw,
        name=parsed.name[:300], target=parsed.aimed.target, claimed=parsed.aimed.claimed,
        parsed=_summary(parsed), imported_by=person.id, imported_at=now,
    )  # fmt: skip
    session.add(form)
    session.flush()
    session.add_all(_entry(form, entry) for entry in parsed.report.entries)
    session.add_all(
        Suggestion(
            import_id=form.id, rule=one.rule_id, line=one.first_line, found=one.found, suggest=one.suggestion
        )
        for one in parsed.suggestions
    )
    audit.record(session, person.id, "form.import", form, now, name=name, sha256=digest)
    return form


def list_imports(session: Session) -> Sequence[FormImport]:
    """Return the imported forms, newest first."""
    return session.scalars(select(FormImport).order_by(FormImport.id.desc())).all()


def latest_import(session: Session, fiscal_year: int | None = None) -> FormImport | None:
    """Return the newest form (of a fiscal year), None if there is none."""
    rows = select(FormImport).order_by(FormImport.id.desc()).limit(1)
    return session.scalars(rows.where(FormImport.fiscal_year == fiscal_year) if fiscal_year else rows).first()


def load_import(session: Session, import_id: int) -> ImportView:
    """Return a form with its entries and suggestions; raises NotFound."""
    form = session.get(FormImport, import_id)
    if form is None:
        raise NotFound
    entries = select(ProgressEntry).where(ProgressEntry.import_id == import_id)
    slips = select(Suggestion).where(Suggestion.import_id == import_id)
    return ImportView(
        form=form,
        entries=session.scalars(entries.order_by(ProgressEntry.entry_date, ProgressEntry.id)).all(),
        suggestions=session.scalars(slips.order_by(Suggestion.line, Suggestion.id)).all(),
    )


def decide_suggestion(
    session: Session, suggestion_id: int, decision: str, person: Person, now: datetime
) -> Suggestion:
    """Accept or reject a slip's correction; the raw text stays as it is either way."""
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    if decision not in DECISIONS:
        raise BadInput("choice_unknown", field="decision")
    row = session.get(Suggestion, suggestion_id, with_for_update=True)
    if row is None:
        raise NotFound
    row.decision, row.decided_by, row.decided_at = decision, person.id, now
    audit.record(session, person.id, f"suggestion.{decision}", row, now, rule=row.rule, line=row.line)
    return row


def accepted_text(entry: ProgressEntry, suggestions: Sequence[Suggestion]) -> str:
    """Return an entry's text with the accepted corrections; the entry itself is not changed."""
    shown = " ".join(entry.raw_text.split())
    lines = {number for span in entry.spans for number in range(span["first_line"], span["last_line"] + 1)}
    for one in suggestions:
        if one.decision == "accepted" and one.line in lines:
            shown = shown.replace(one.found, one.suggest)
    return shown


def _entry(form: FormImport, entry: Entry) -> ProgressEntry:
    first = entry.lines[0]
    return ProgressEntry(
        import_id=form.id, fiscal_year=entry.fiscal_year, quarter=entry.quarter, entry_date=entry.day,
        date_style=first.read.era, raw_date=first.raw_date, raw_text=first.raw_text,
        spans=[
            {
                "section": line.section, "first_line": line.first_line, "last_line": line.last_line,
                "raw_date": line.raw_date, "raw_text": line.raw_text, "style": line.style,
            }
            for line in entry.lines
        ],
        variance=entry.differs,
    )  # fmt: skip


def _summary(parsed: ParsedForm) -> dict[str, Any]:
    """Return the counts and passages that a page shows beside the entries."""
    report = parsed.report
    return {
        "dated_lines": len(report.lines),
        "entries": len(report.entries),
        "common_era_days": [day.isoformat() for day in parsed.common_era_days],
        "variances": [entry.day.isoformat() for entry in parsed.variances],
        "result_type": parsed.result_type,
        "alignment": [{"kind": aim.kind, "code": aim.code, "title": aim.title} for aim in parsed.alignment],
        "definitions": [{"term": one.term, "text": one.text} for one in parsed.definitions],
        "levels": [{"number": one.number, "text": one.text} for one in parsed.levels],
        "supporting_factors": [one.text for one in parsed.supporting_factors],
        "obstacles": [one.text for one in parsed.obstacles],
        "evidence": [one.text for one in parsed.evidence],
        "problems": [_problem(problem) for problem in report.problems],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.first_line,
        "raw_date": problem.raw_date,
        "raw_text": problem.raw_text,
        "code": problem.error.key,
        "params": {name: str(value) for name, value in problem.error.params.items()},
        "kept": problem.kept,
        "message": text(f"error.{problem.error.key}", "th", **problem.error.params),
    }
