"""Which days a running text speaks of: dates in words or figures, spans of days, with or without a year."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from core.fiscal import to_ce
from language.letters import normalise, western_digits
from language.months import CLIPPED, MONTHS, SHORT_MONTHS, month_number
from language.thai_dates import BadDate, parse

_NAMES = "|".join(
    re.escape(name) for name in sorted({*MONTHS, *SHORT_MONTHS, *CLIPPED}, key=len, reverse=True)
)
_WORDED = re.compile(
    rf"(?<!\d)(?P<first>\d{{1,2}})(?:\s?(?:[-–—]|ถึง|และ|,)\s?(?:วันที่\s?)?(?P<last>\d{{1,2}}))?\s?(?P<month>{_NAMES})"
    r"(?:\s?(?:พ\.\s?ศ\.)?\s?(?P<year>2[4-7]\d\d|19\d\d|2[01]\d\d|[4-9]\d)(?!\d|[.:]\d))?"
)
_NUMERIC = re.compile(r"(?<![\d/.-])(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?![\d/-])")
_JOINT = re.compile(r"\s*(?:[-–—]|ถึง)\s*(?:วันที่\s*)?")
_LONGEST = 62
_SHORT_YEAR, _FIRST_BE, _CENTURY = 2, 2400, 2500


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    first: date
    last: date
    dated: bool = True  # its year is written


def days_in(text: str, around: date) -> frozenset[date]:
    """Return every day a text names, each day of a span included; a missing year is the one nearest `around`.

    What is no date, or no day of any calendar, is passed over; a date of two readings counts for none.
    """
    spelled = western_digits(normalise(text))
    mentions = sorted(_mentions(spelled, around), key=lambda one: one.start)
    joined = [
        _Mention(one.start, other.end, _first_of(one, other), other.last)
        for one, other in pairwise(mentions)
        if _JOINT.fullmatch(spelled[one.end : other.start])
    ]
    apart = [one for one in mentions if not any(two.start <= one.start < two.end for two in joined)]
    return frozenset(day for one in (*apart, *joined) for day in _span(one.first, one.last))


def _mentions(text: str, around: date) -> Iterator[_Mention]:
    for match in _WORDED.finditer(text):
        days = [_day(match[name], match, around) for name in ("first", "last") if match[name]]
        known = [day for day in days if day is not None]
        if len(known) == len(days):
            yield _Mention(*match.span(), known[0], known[-1], dated=bool(match["year"]))
    for match in _NUMERIC.finditer(text):
        try:
            day = parse(match.group())
        except BadDate:
            continue
        yield _Mention(*match.span(), day, day)


def _first_of(one: _Mention, other: _Mention) -> date:
    """Return the first day of a span whose year may stand only at its end."""
    if one.dated:
        return one.first
    here, before = (_in_year(one.first, other.last.year - step) for step in (0, 1))
    return here if here <= other.last else before


def _in_year(day: date, year: int) -> date:
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _day(number: str, match: re.Match[str], around: date) -> date | None:
    month = month_number(match["month"]) or 0
    years = [_year(match["year"])] if match["year"] else [around.year + step for step in (-1, 0, 1)]
    days = []
    for year in years:
        try:
            days.append(date(year, month, int(number)))
        except ValueError:
            continue
    return min(days, key=lambda day: abs(day - around), default=None)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == _SHORT_YEAR:
        return to_ce(_CENTURY + year)
    return to_ce(year) if year >= _FIRST_BE else year


def _span(first: date, last: date) -> Iterator[date]:
    for step in range(min((last - first).days, _LONGEST) + 1):
        yield first + timedelta(days=step)
    if last < first:
        yield from (first, last)
