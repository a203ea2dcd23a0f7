"""Section 6 of the year's form: one line a month, generated, imported or typed; the officer's word stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict
from core.fiscal import Month, Span, fiscal_year, months_of, quarter
from core.vocab import BundleState, Role
from language.stages import Question, questions
from models import EvidenceBundle, Person, ProgressEntry, ReportLine
from reports.document import EvidenceDocument
from services import audit
from services.evidence_files import document_of
from services.evidence_narrative import last_day
from services.importing import accepted_text, latest_import, load_import
from services.people import require
from services.scoring import signed_result
from services.typed import line

LONGEST = 2000
IMPORTED, GENERATED, TYPED = "imported", "generated", "typed"


@dataclass(frozen=True)
class Written:
    """One line as it stands; source: imported, generated or typed."""

    on: date
    text: str
    source: str


@dataclass(frozen=True)
class MonthLines:
    """A month's lines: what stands, and what the month's file generated (None: there is no file yet)."""

    month: Month
    lines: tuple[Written, ...]
    generated: Written | None
    locked: bool


def year_lines(session: Session, year: int) -> list[MonthLines]:
    """Return the twelve months of a fiscal year with their lines; a fixed number of queries."""
    typed = _typed(session, year)
    imported = _imported(session, year)
    generated = _generated(session, year)
    locked = {number: _locked(session, year, number) for number in range(1, 5)}
    return [
        MonthLines(
            month, _standing(typed.get(month), imported.get(month), generated.get(month)),
            generated.get(month), locked[quarter(month.first_day())],
        )
        for month in months_of(year)
    ]  # fmt: skip


def claimed_lines(session: Session, span: Span) -> list[Written]:
    """Return what the office itself says of a span's months, typed before imported, in the order of time."""
    typed, imported = _typed(session, span.fiscal_year), _imported(session, span.fiscal_year)
    return [one for month in span.months for one in _standing(typed.get(month), imported.get(month), None)]


def open_questions(months: Sequence[MonthLines]) -> list[Question]:
    """Return what a reader of the year's lines would ask; places count from 0, October."""
    return questions([" ".join(one.text for one in month.lines) for month in months])


def write_line(
    session: Session, month: Month, text: str, person: Person, now: datetime, on: date | None = None
) -> ReportLine:
    """Put an officer's line in the place of what stands; what stood there stays in the books.

    on: the day it is dated, within the month; None: the month's last. Raises line_empty, line_day_outside,
    month_in_future, period_locked.
    """
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    words = line(text, "line", LONGEST, needed="line_empty")
    day = on or last_day(month)
    if Month.of(day) != month:
        raise BadInput("line_day_outside", field="on")
    if month.start() > now:
        raise BadInput("month_in_future", field="month")
    year = fiscal_year(month.first_day())
    before = next(one for one in year_lines(session, year) if one.month == month)
    if before.locked:
        raise Conflict("period_locked")
    row = ReportLine(
        fiscal_year=year, month=str(month), entry_date=day, body=words,
        instead_of="\n".join(one.text for one in before.lines), written_by=person.id, written_at=now,
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "line.write", row, now, month=str(month))
    return row


def _standing(
    typed: Written | None, imported: tuple[Written, ...] | None, generated: Written | None
) -> tuple[Written, ...]:
    if typed is not None:
        return (typed,)
    return imported or ((generated,) if generated else ())


def _typed(session: Session, year: int) -> dict[Month, Written]:
    newest = select(func.max(ReportLine.id)).where(ReportLine.fiscal_year == year).group_by(ReportLine.month)
    rows = session.scalars(select(ReportLine).where(ReportLine.id.in_(newest)))
    return {Month.parse(row.month): Written(row.entry_date, row.body, TYPED) for row in rows}


def _imported(session: Session, year: int) -> dict[Month, tuple[Written, ...]]:
    form = latest_import(session, year)
    if form is None:
        return {}
    view = load_import(session, form.id)
    found: dict[Month, tuple[Written, ...]] = {}
    for entry in view.entries:
        written = _as_written(entry, accepted_text(entry, view.suggestions))
        month = Month.of(entry.entry_date)
        found[month] = (*found.get(month, ()), written)
    return found


def _as_written(entry: ProgressEntry, text: str) -> Written:
    return Written(entry.entry_date, text, IMPORTED)


def _generated(session: Session, year: int) -> dict[Month, Written]:
    """Return the line of each month's newest ready file."""
    rows = session.scalars(
        select(EvidenceBundle)
        .where(EvidenceBundle.fiscal_year == year, EvidenceBundle.state == BundleState.READY)
        .order_by(EvidenceBundle.version)
    )
    found = {}
    for row in rows:
        span = Span.parse(row.period)
        document = document_of(row) if len(span.months) == 1 else None
        if isinstance(document, EvidenceDocument):
            for told in document.narrative:
                if told.source == GENERATED:
                    found[span.months[0]] = Written(told.on, told.text, GENERATED)
    return found


def _locked(session: Session, year: int, number: int) -> bool:
    span = Span.parse(f"{year}-q{number}")
    return signed_result(session, span.start(), span.end()) is not None
