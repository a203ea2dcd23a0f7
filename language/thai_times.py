"""Times of day and spans of days as official Thai prints them: `09.30 น.`, `12-14 เมษายน 2564`."""

import re
from datetime import date, datetime, time

from core.clock import bangkok
from core.errors import BadInput
from core.fiscal import to_be
from language.letters import collapse, normalise, thai_digits, western_digits
from language.months import MONTHS, SHORT_MONTHS
from language.thai_dates import BadDate, DateStyle, format_date, parse

_HOURS, _MINUTES = 24, 60
_TIME = re.compile(r"^(?:เวลา)?\s*(\d{1,2})\s?[.:]\s?(\d{2})\s*(?:น\.?|นาฬิกา)?$")
_AROUND_RANGE = re.compile(r"^\(?\s*(?:ระหว่าง)?\s*(?:วันที่)?\s*|\s*\)?$")
# A hyphen parts two dates when it stands free or before a day with its month; else it belongs to 12-04-2564.
_BETWEEN = re.compile(r"\s*(?:[–—]|ถึง(?:วันที่)?|(?<=\s)-(?=\s)|-(?=\s?\d{1,2}\s?[ก-์]))\s*")
_ENDS = 2
_DAY_ONLY = re.compile(r"^\d{1,2}$")
_DAY_MONTH = re.compile(r"^\d{1,2}\s?[ก-์. ]+$")


class BadTime(BadInput):
    """A time of day cannot be read; `raw` in params is what was typed."""

    code = "time_unreadable"


def format_time(moment: time | datetime, *, thai: bool = False) -> str:
    """Return `09.30 น.`; an aware datetime is printed as Bangkok's clock shows it."""
    local = bangkok(moment) if isinstance(moment, datetime) else moment
    text = f"{local.hour:02d}.{local.minute:02d} น."
    return thai_digits(text) if thai else text


def parse_time(raw: str) -> time:
    """Return the time of `09.30 น.`, `9:30`, `เวลา ๐๙.๓๐ น.`; raises BadTime (also for 24.00)."""
    match = _TIME.match(collapse(western_digits(normalise(raw))))
    if match is None:
        raise BadTime(raw=raw)
    hour, minute = int(match[1]), int(match[2])
    if hour >= _HOURS or minute >= _MINUTES:
        raise BadTime("time_impossible", raw=raw)
    return time(hour, minute)


def format_range(first: date, last: date, style: DateStyle = DateStyle.LONG, *, thai: bool = False) -> str:
    """Return `12-14 เมษายน 2564`, saying month and year only once where they are shared.

    Raises BadDate (date_range_reversed) when last lies before first.
    """
    _check_order(first, last)
    if first == last:
        text = format_date(first, style)
    elif style is DateStyle.NUMERIC or first.year != last.year:
        text = f"{format_date(first, style)} - {format_date(last, style)}"
    else:
        text = _within_year(first, last, MONTHS if style is DateStyle.LONG else SHORT_MONTHS)
    return thai_digits(text) if thai else text


def _within_year(first: date, last: date, months: tuple[str, ...]) -> str:
    end = f"{last.day} {months[last.month - 1]} {to_be(last.year)}"
    if first.month == last.month:
        return f"{first.day}-{end}"
    return f"{first.day} {months[first.month - 1]} - {end}"


def parse_range(raw: str) -> tuple[date, date]:
    """Return the first and last day of a span as `format_range` writes it, or of a single date.

    Also reads `ระหว่างวันที่ 12 ถึง 14 เมษายน 2564`. Raises BadDate as
    `thai_dates.read` does, or date_range_reversed.
    """
    ends = _BETWEEN.split(_AROUND_RANGE.sub("", collapse(western_digits(normalise(raw)))))
    if len(ends) > _ENDS:
        raise BadDate(raw=raw)
    last = parse(ends[-1])
    first = parse(_completed(ends[0], last))
    _check_order(first, last)
    return first, last


def _completed(text: str, last: date) -> str:
    """Return the first date of a span with the month and year that it shares with the last."""
    if _DAY_ONLY.match(text):
        return f"{text} {MONTHS[last.month - 1]} {to_be(last.year)}"
    if _DAY_MONTH.match(text):
        return f"{text} {to_be(last.year)}"
    return text


def _check_order(first: date, last: date) -> None:
    if last < first:
        raise BadDate("date_range_reversed", raw=f"{format_date(first)} - {format_date(last)}")
