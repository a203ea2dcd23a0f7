"""A stretch of time as it was known at one moment."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import bangkok
from core.fiscal import Month


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
