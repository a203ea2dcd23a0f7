"""Days and moments as people type them on one line: ISO, or the way Thai offices write them."""

import re
from datetime import UTC, date, datetime, timedelta

from core.clock import from_bangkok
from core.errors import BadInput
from core.fiscal import day_start
from language.letters import western_digits
from language.thai_dates import BadDate, parse
from language.thai_times import BadTime, parse_time

LAST_MINUTE = timedelta(days=1) - timedelta(minutes=1)
_ZONED = re.compile(r"T.*(?:Z|[+-]\d\d:?\d\d)$")
_PARTS = re.compile(
    r"^(?P<day>.+?)(?:T|\s+)(?P<time>(?:เวลา\s*)?\d{1,2}\s?[.:]\s?\d{2}(?::00)?(?:\s*น\.?)?)$"
)


def read_moment(raw: str, field: str) -> datetime:
    """Return the UTC moment of `2026-11-25T09:00`, `25/11/2569 09.00 น.` or ISO with a zone.

    Without a zone it is Bangkok's clock. Raises time_missing, time_unreadable and what read_day raises.
    """
    typed = western_digits(raw.strip())
    if _ZONED.search(typed):
        return _zoned(typed, field)
    parts = _PARTS.match(typed)
    day = read_day(parts["day"] if parts else typed, field)
    if parts is None:
        raise BadInput("time_missing", field=field)
    try:
        clock = parse_time(re.sub(r"(:\d\d):00$", r"\1", parts["time"]))
    except BadTime as exc:
        raise BadInput(exc.key, **{**exc.params, "field": field}) from exc
    return from_bangkok(datetime.combine(day, clock))


def read_day(raw: str, field: str) -> date:
    """Return a day written `2026-11-25`, `25/11/2569` or `25 พ.ย. 2569`; raises date_* naming the field."""
    try:
        return parse(raw)
    except BadDate as exc:
        raise BadInput(exc.key, **{**exc.params, "field": field}) from exc


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first and the last minute of a Bangkok day."""
    return day_start(day), day_start(day) + LAST_MINUTE


def _zoned(typed: str, field: str) -> datetime:
    try:
        return datetime.fromisoformat(typed).astimezone(UTC)
    except ValueError as exc:
        raise BadInput("date_unreadable", field=field, raw=typed) from exc
