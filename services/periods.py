"""A stretch of time as it was known at one moment, and the names people type for one."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import bangkok
from core.errors import BadInput
from core.fiscal import Month, Span


@dataclass(frozen=True)
class Period:
    """From a moment to another, within one fiscal year, as known at a third."""

    fiscal_year: int
    start: datetime
    end: datetime
    as_of: datetime

    @property
    def until(self) -> datetime:
        """Return the last moment looked at: an open period ends at as_of."""
        return min(self.end, self.as_of)

    @property
    def months(self) -> list[Month]:
        """Return the months of the period."""
        found = [Month.of(bangkok(self.start).date())]
        while found[-1].end() < self.end:
            found.append(found[-1].next())
        return found


def read_span(text: str, field: str) -> Span:
    """Return the month, quarter or year called so; raises period_unknown."""
    try:
        return Span.parse(text)
    except ValueError as exc:
        raise BadInput("period_unknown", field=field, period=text) from exc


def read_month(text: str, field: str) -> Month:
    """Return the month called so; raises period_unknown, for a quarter or a year too."""
    span = read_span(text, field)
    if len(span.months) != 1:
        raise BadInput("period_unknown", field=field, period=text)
    return span.months[0]


def read_year(year: int) -> int:
    """Return a fiscal year that can be meant; raises period_unknown."""
    return read_span(str(year), "year").fiscal_year
