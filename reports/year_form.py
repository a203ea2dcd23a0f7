"""The office's own form for a year as plain values, sections 1 to 9: frozen, then set to the same bytes.

Whoever builds it decides every word. None is "nothing claimed" or "nothing can be said", never 0. Fields
added later need defaults, so that forms frozen before still load. Source: domain.md section 1.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from reports.document import Attested, Previous


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """One dated line of section 6; `source`: imported, generated or typed."""

    on: date
    text: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Aim:
    """One line of the alignment with the city's plan: `label` as the form prints it."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Term:
    """One definition."""

    term: str
    text: str


@dataclass(frozen=True, kw_only=True)
class LevelText:
    """One level; an undefined one has no text in the form and its verdict says so."""

    number: int
    text: str
    verdict: str  # what stands beside it: worded


@dataclass(frozen=True, kw_only=True)
class YearForm:
    """Everything that one year's form prints."""

    office: str
    fiscal_year: int  # Buddhist
    number: str
    version: int
    reason: str = ""
    made_at: datetime
    made_by: str = ""
    as_of: datetime
    criteria: str
    criteria_digest: str
    name: str
    result_types: tuple[str, ...]  # the choices as printed
    result_type: str = ""  # the one that is ticked; empty: the tick is lost
    aims: tuple[Aim, ...] = ()
    terms: tuple[Term, ...] = ()
    levels: tuple[LevelText, ...] = ()
    target: Decimal
    claimed: Decimal | None
    evidenced: Decimal | None
    headline: str
    lines: tuple[MonthLine, ...] = ()  # section 6.1 to 6.4; 6.5 is composed of them
    factors: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    attested: tuple[Attested, ...] = ()  # of each quarter
    owner: str = ""
    position: str = ""
    remarks: tuple[str, ...] = ()  # what differs from the imported form, and open questions
    previous: Previous | None = None
    language: Literal["th", "en"] = "th"
    digits: Literal["thai", "arabic"] = "arabic"
