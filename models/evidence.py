"""The office's imported form, evaluation runs and the months' evidence files."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import BundleState
from models.base import Base, words


class FormImport(Base):
    """The office's form as it came: raw text for ever, and the figures it claims."""

    __tablename__ = "form_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    raw_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    raw_text: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(300))
    target: Mapped[Decimal | None] = mapped_column(Numeric(4, 2))
    claimed: Mapped[Decimal | None] = mapped_column(Numeric(4, 2))
    parsed: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime]


class ProgressEntry(Base):
    """One dated line of the year, once; the raw spans it came from are kept beside it."""

    __tablename__ = "progress_entry"
    __table_args__ = (
        UniqueConstraint("import_id", "entry_date", "quarter"),
        Index(None, "fiscal_year", "entry_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("form_import.id"))
    fiscal_year: Mapped[int]
    quarter: Mapped[int]
    entry_date: Mapped[date]
    date_style: Mapped[str] = mapped_column(String(2))  # BE | CE
    raw_date: Mapped[str] = mapped_column(String(60))
    raw_text: Mapped[str] = mapped_column(Text)
    spans: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    variance: Mapped[bool] = mapped_column(default=False)


class Suggestion(Base):
    """A typo somebody may accept; the raw text never changes."""

    __tablename__ = "suggestion"
    __table_args__ = (Index(None, "import_id", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("form_import.id"))
    rule: Mapped[str] = mapped_column(String(60))
    line: Mapped[int]
    found: Mapped[str] = mapped_column(String(300))
    suggest: Mapped[str] = mapped_column(String(300))
    decision: Mapped[str] = mapped_column(String(10), default="")  # "" | accepted | rejected
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class ReportLine(Base):
    """A month's line for section 6 as an officer wrote it; the newest counts, all stay."""

    __tablename__ = "report_line"
    __table_args__ = (Index(None, "fiscal_year", "month", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    month: Mapped[str] = mapped_column(String(7))  # 2020-10
    entry_date: Mapped[date]
    body: Mapped[str] = mapped_column(Text)
    instead_of: Mapped[str] = mapped_column(Text, default="")  # the line that stood there before
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class FormText(Base):
    """What an officer puts into one section of the year's form; the newest counts, all stay."""

    __tablename__ = "form_text"
    __table_args__ = (Index(None, "fiscal_year", "section", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    section: Mapped[str] = mapped_column(String(20))  # see services.form_texts
    body: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class EvaluationRun(Base):
    """One evaluation with the frozen facts it saw: it can be replayed for ever."""

    __tablename__ = "evaluation_run"
    __table_args__ = (Index(None, "fiscal_year", "period_end", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    indicator: Mapped[str] = mapped_column(String(40), default="", server_default="")  # empty: the form's
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    as_of: Mapped[datetime]
    criteria_digest: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    score: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # null: the system itself


class EvidenceBundle(Base):
    """A period's evidence file: the frozen document, its hash, and the hash of the one before it."""

    __tablename__ = "evidence_bundle"
    __table_args__ = (UniqueConstraint("period", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(7))  # a month 2020-10, a quarter 2564-q1, a fiscal year 2564
    fiscal_year: Mapped[int]
    version: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[BundleState] = mapped_column(words(BundleState), default=BundleState.REQUESTED)
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # null: by the calendar
    requested_at: Mapped[datetime]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation_run.id"))
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    manifest_sha256: Mapped[str] = mapped_column(String(64), default="")
    previous_sha256: Mapped[str] = mapped_column(String(64), default="")
    ready_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(String(300), default="")
