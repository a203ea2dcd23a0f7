"""Dates as Thai offices write them: read every form of domain.md section 3.5, write the official ones.

Years from 2400 on are Buddhist, 1900 to 2200 common era. A date that can be read in two ways is never
guessed: what other rows show (`Hints`, see language.date_column) decides, or the person is asked.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.clock import bangkok
from core.errors import BadInput
from core.fiscal import to_be, to_ce
from language.letters import collapse, normalise, thai_digits, western_digits
from language.months import MONTHS, SHORT_MONTHS, WEEKDAYS, month_number, weekday_number


class BadDate(BadInput):
    """A date cannot be used; `raw` in params is what was typed."""

    code = "date_unreadable"


class AmbiguousDate(BadDate):
    """A date can be read in two ways; `candidates` holds both days."""

    code = "date_ambiguous"

    def __init__(self, raw: str, candidates: Sequence[date]) -> None:
        first, second = candidates
        super().__init__(raw=raw, first=format_date(first), second=format_date(second))
        self.candidates = (first, second)


class Era(StrEnum):
    """Which years a date was written in."""

    BE = "BE"
    CE = "CE"


class Order(StrEnum):
    """In which order day, month and year stood; a serial is Excel's day number."""

    DMY = "d/m"
    MDY = "m/d"
    YMD = "y-m-d"
    SERIAL = "serial"


class DateStyle(StrEnum):
    """How a date is printed."""

    LONG = "long"
    SHORT = "short"
    NUMERIC = "numeric"


@dataclass(frozen=True)
class ReadDate:
    """A day and the way it was written."""

    day: date
    era: Era
    order: Order


@dataclass(frozen=True)
class Hints:
    """What the rows around a date tell: their era, the order of their CE dates, the days above and below."""

    era: Era | None = None
    order: Order | None = None
    before: date | None = None
    after: date | None = None


NO_HINTS = Hints()
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_BE, _FIRST_CE, _LAST_CE = 2400, 1900, 2200
_BE_CENTURY, _CE_CENTURY = 2500, 2000
_MONTHS_A_YEAR = 12
_SHORT_YEAR = 2

_ERA = r"(?P<era>พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)?"
_FULL_WEEKDAY = r"(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัส|ศุกร์|เสาร์|อาทิตย์)"
_SHORT_WEEKDAY = r"(?:พฤ|อา|[จอพศส])\."
_WEEKDAY = rf"(?:(?P<weekday>{_FULL_WEEKDAY}|{_SHORT_WEEKDAY})\s*(?:ที่)?\s*)?"
_TIME = r"(?:(?:,?\s+|\s*เวลา\s*|(?<=\d)T)(?:เวลา\s*)?\d{1,2}[.:]\d{2}(?::\d{2})?)?\s*(?:น\.?)?"
_SURROUNDED = re.compile(rf"^\(?\s*(?:วันที่)?\s*{_WEEKDAY}(?P<date>.+?){_TIME}\s*\)?$")
_YEAR_LAST = re.compile(rf"^(\d{{1,2}})\s?([/.-])\s?(\d{{1,2}})\s?\2\s?{_ERA}\s?(?P<year>\d{{4}}|\d{{2}})$")
_YEAR_FIRST = re.compile(r"^(?P<year>\d{4})([/.-])(\d{1,2})\2(\d{1,2})$")
_WORDED = re.compile(rf"^(\d{{1,2}})\s?(?P<month>[ก-์. ]+?)\s?{_ERA}\s?(?P<year>\d{{4}}|\d{{2}})$")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")


def read(raw: str, hints: Hints = NO_HINTS) -> ReadDate:
    """Read one date in any accepted form; a time of day behind it is passed over.

    Raises BadDate (unreadable, no such day or month, year out of range, wrong weekday) or AmbiguousDate.
    """
    surrounded = _SURROUNDED.match(collapse(western_digits(normalise(raw))))
    if surrounded is None:
        raise BadDate(raw=raw)
    found = _read_core(raw, surrounded["date"], hints)
    if surrounded["weekday"]:
        _check_weekday(raw, found.day, surrounded["weekday"])
    return found


def parse(raw: str, hints: Hints = NO_HINTS) -> date:
    """Return the day of a date in any accepted form; raises as `read` does."""
    return read(raw, hints).day


def _read_core(raw: str, text: str, hints: Hints) -> ReadDate:
    if worded := _WORDED.match(text):
        return _read_worded(raw, worded)
    if first := _YEAR_FIRST.match(text):
        era, year = _full_year(raw, first["year"])
        return ReadDate(_day(raw, year, int(first[3]), int(first[4])), era, Order.YMD)
    if last := _YEAR_LAST.match(text):
        return _read_numeric(raw, last, hints)
    if serial := _SERIAL.match(text):
        return ReadDate(_EXCEL_EPOCH + timedelta(days=int(serial[1])), Era.CE, Order.SERIAL)
    raise BadDate(raw=raw)


def _read_worded(raw: str, match: re.Match[str]) -> ReadDate:
    month = month_number(match["month"])
    if month is None:
        raise BadDate(raw=raw)
    if len(match["year"]) == _SHORT_YEAR:
        era, year = _long_year(int(match["year"]), _era_word(match["era"]) or Era.BE)
    else:
        era, year = _full_year(raw, match["year"], _era_word(match["era"]))
    return ReadDate(_day(raw, year, month, int(match[1])), era, Order.DMY)


def _read_numeric(raw: str, match: re.Match[str], hints: Hints) -> ReadDate:
    numbers, word = (int(match[1]), int(match[3])), _era_word(match["era"])
    if len(match["year"]) == _SHORT_YEAR:
        era, year = _long_year(
            int(match["year"]), word or hints.era or _only_era(raw, numbers, match["year"])
        )
    else:
        era, year = _full_year(raw, match["year"], word)
    first, second = numbers
    if first > _MONTHS_A_YEAR or (era is Era.BE and second <= _MONTHS_A_YEAR):
        return ReadDate(_day(raw, year, second, first), era, Order.DMY)
    if second > _MONTHS_A_YEAR:
        return ReadDate(_day(raw, year, first, second), era, Order.MDY)
    return _choose(raw, era, year, numbers, hints)


def _era_word(word: str | None) -> Era | None:
    if word is None:
        return None
    return Era.BE if word.startswith("พ") else Era.CE


def _only_era(raw: str, numbers: tuple[int, int], short_year: str) -> Era:
    """Return the era in which a date with an unexplained short year exists; ask when it exists in both."""
    day, month = numbers if numbers[1] <= _MONTHS_A_YEAR else (numbers[1], numbers[0])
    possible: dict[Era, date] = {}
    for era in Era:
        with suppress(BadDate):
            possible[era] = _day(raw, _long_year(int(short_year), era)[1], month, day)
    if len(possible) == len(Era):
        raise AmbiguousDate(raw, list(possible.values()))
    return next(iter(possible), Era.BE)


def _long_year(short_year: int, era: Era) -> tuple[Era, int]:
    """Return the era and the common-era year of a two-digit year."""
    return era, to_ce(_BE_CENTURY + short_year) if era is Era.BE else _CE_CENTURY + short_year


def _full_year(raw: str, digits: str, word: Era | None = None) -> tuple[Era, int]:
    """Return the era and the common-era year of a four-digit year that พ.ศ. or ค.ศ. does not contradict."""
    year = int(digits)
    if _FIRST_BE <= year <= to_be(_LAST_CE) and word is not Era.CE:
        return Era.BE, to_ce(year)
    if _FIRST_CE <= year <= _LAST_CE and word is not Era.BE:
        return Era.CE, year
    raise BadDate("date_year", raw=raw, year=year)


def _day(raw: str, year: int, month: int, day: int) -> date:
    if not 1 <= month <= _MONTHS_A_YEAR:
        raise BadDate("date_no_month", raw=raw, month=month)
    last_day = monthrange(year, month)[1]
    if not 1 <= day <= last_day:
        raise BadDate("date_impossible", raw=raw, last_day=last_day)
    return date(year, month, day)


def _choose(raw: str, era: Era, year: int, numbers: tuple[int, int], hints: Hints) -> ReadDate:
    """Decide between day/month and month/day by the months around, then by the order other rows show."""
    first, second = numbers
    options = [
        ReadDate(_day(raw, year, second, first), era, Order.DMY),
        ReadDate(_day(raw, year, first, second), era, Order.MDY),
    ]
    if first == second:
        return options[0]
    fitting = [option for option in options if _in_sequence(option.day, hints)] or options
    chosen = [option for option in fitting if hints.order in (None, option.order)]
    if len(chosen) != 1:
        raise AmbiguousDate(raw, [option.day for option in options])
    return chosen[0]


def _in_sequence(day: date, hints: Hints) -> bool:
    """Tell whether the month lies strictly between the months of the neighbours that are known."""
    month = (day.year, day.month)
    late_enough = hints.before is None or (hints.before.year, hints.before.month) < month
    early_enough = hints.after is None or month < (hints.after.year, hints.after.month)
    return late_enough and early_enough


def _check_weekday(raw: str, day: date, weekday: str) -> None:
    if weekday_number(weekday) != day.weekday():
        raise BadDate("date_weekday", raw=raw, weekday=WEEKDAYS[day.weekday()])


def format_date(day: date, style: DateStyle = DateStyle.LONG, *, thai: bool = False) -> str:
    """Return `31 มีนาคม 2564`, `31 มี.ค. 2564` or `31/03/2564`; thai=True prints Thai digits.

    A moment (aware datetime) is printed as the day it is in Bangkok.
    """
    local = bangkok(day) if isinstance(day, datetime) else day
    if style is DateStyle.NUMERIC:
        text = f"{local.day:02d}/{local.month:02d}/{to_be(local.year)}"
    else:
        months = MONTHS if style is DateStyle.LONG else SHORT_MONTHS
        text = f"{local.day} {months[local.month - 1]} {to_be(local.year)}"
    return thai_digits(text) if thai else text
