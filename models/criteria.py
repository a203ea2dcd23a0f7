"""The sets of criteria a year is judged by, kept for ever, and what the office was like before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CriteriaText(Base):
    """One set of criteria as data, under the digest of its content; approving it is the only change."""

    __tablename__ = "criteria_text"
    __table_args__ = (Index(None, "fiscal_year", "indicator", "applies_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    indicator: Mapped[str] = mapped_column(String(40), default="")  # empty: the office's form
    version: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # the whole file, numbers with a point as text
    applies_from: Mapped[date]  # serves periods that begin on this Bangkok day or later
    document: Mapped[str] = mapped_column(String(200), default="")  # number of the letter that adopts it
    why: Mapped[str] = mapped_column(String(300), default="")
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # null: it came with the program
    kept_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]


class Baseline(Base):
    """What the office's figures were before the year began, frozen: it never moves with later readings."""

    __tablename__ = "baseline"
    __table_args__ = (UniqueConstraint("fiscal_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))  # three_months | first_28_days
    first_day: Mapped[date]
    last_day: Mapped[date]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    frozen_at: Mapped[datetime]
