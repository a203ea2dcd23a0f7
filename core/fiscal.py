"""Fiscal years, quarters and Buddhist years: the fiscal year runs 1 October to 30 September."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from core.clock import BANGKOK

BE_OFFSET = 543
YEARS = range(2400, 3000)  # the Buddhist years a page can mean; dates near year 1 cannot even be computed
FIRST_MONTH = 10
DECEMBER = 12


def to_be(year: int) -> int:
    """Return the Buddhist year of a common-era year."""
    return year + BE_OFFSET


def to_ce(year: int) -> int:
    """Return the common-era year of a Buddhist year."""
    return year - BE_OFFSET


def fiscal_year(day: date) -> int:
    """Return the fiscal year (Buddhist) that holds this day."""
    return to_be(day.year) + (1 if day.month >= FIRST_MONTH else 0)


def quarter(day: date) -> int:
    """Return the quarter, 1 to 4, of the fiscal year that holds this day."""
    return ((day.month + 2) % 12) // 3 + 1


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month in common-era years."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month that holds this day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Return the month of `2020-10` (or Buddhist `2563-10`); ValueError for anything else."""
        year, month = (int(part) for part in text.split("-"))
        ce = to_ce(year) if year >= YEARS.start else year  # domain.md 3.5: from 2400 on it is Buddhist
        if fiscal_year(date(ce, month, 1)) not in YEARS:
            raise ValueError(text)
        return cls(ce, month)

    def next(self) -> "Month":
        """Return the month after this one."""
        return Month(self.year + self.month // DECEMBER, self.month % DECEMBER + 1)

    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    def start(self) -> datetime:
        """Return the moment the month begins in Bangkok, in UTC."""
        return day_start(self.first_day())

    def end(self) -> datetime:
        """Return the moment the next month begins in Bangkok, in UTC."""
        return self.next().start()

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months_of(year: int) -> list[Month]:
    """Return the twelve months of a fiscal year (Buddhist), October first."""
    ce = to_ce(year)
    return [Month(ce - 1, month) for month in range(10, 13)] + [Month(ce, month) for month in range(1, 10)]


def day_start(day: date) -> datetime:
    """Return the moment a Bangkok day begins, in UTC."""
    return datetime.combine(day, time(), tzinfo=BANGKOK).astimezone(UTC)


QUARTER = re.compile(r"(2[4-9]\d{2})-q([1-4])")
YEAR = re.compile(r"2[4-9]\d{2}")


@dataclass(frozen=True)
class Span:
    """A month, a quarter or a fiscal year. `quarter` 0: it is none; a year has twelve months."""

    fiscal_year: int
    months: tuple[Month, ...]
    quarter: int = 0

    @classmethod
    def parse(cls, name: str) -> "Span":
        """Return the span called `2020-10`, `2563-10`, `2564-q1` or `2564`; ValueError for anything else."""
        if found := QUARTER.fullmatch(name):
            year, number = int(found[1]), int(found[2])
            return cls(year, tuple(months_of(year)[number * 3 - 3 : number * 3]), number)
        if YEAR.fullmatch(name):
            return cls(int(name), tuple(months_of(int(name))))
        month = Month.parse(name)
        return cls(fiscal_year(month.first_day()), (month,))

    @property
    def is_year(self) -> bool:
        return len(self.months) == DECEMBER

    def start(self) -> datetime:
        return self.months[0].start()

    def end(self) -> datetime:
        return self.months[-1].end()

    def __str__(self) -> str:
        if self.is_year:
            return str(self.fiscal_year)
        return f"{self.fiscal_year}-q{self.quarter}" if self.quarter else str(self.months[0])


def spans_of(year: int) -> list[Span]:
    """Return a fiscal year's spans as they close: three months, their quarter, and so on, then the year."""
    found = []
    for number in range(1, 5):
        quarter_span = Span.parse(f"{year}-q{number}")
        found += [*(Span(year, (month,)) for month in quarter_span.months), quarter_span]
    return [*found, Span.parse(str(year))]
