"""How pages come to be: the template environment, the words, dates and figures that templates use."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from email.utils import format_datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from core.clock import bangkok
from core.fiscal import to_be
from core.i18n import show_date, show_moment, show_time, text
from web.marks import mark_of

FOLDER = Path(__file__).parent
DASH = "–"


@cache
def environment() -> Environment:
    """Return the environment: autoescape always on, an unknown name in a template is an error."""
    env = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {
        "t": words,
        "mark_of": mark_of,
        "url": url_with,
        "why_words": why_words,
        "error_words": error_words,
    }
    env.filters |= _filters()
    return env


def _filters() -> dict[str, Callable[..., object]]:
    """Return what templates write behind a bar."""
    return {
        "day": day,
        "clock": clock,
        "moment": moment,
        "moment_s": moment_s,
        "word": word,
        "figure": figure,
        "month": month,
        "typed_day": typed_day,
        "typed_time": typed_time,
        "weekday": weekday,
        "month_name": month_name,
        "decimal": decimal,
        "rfc822": rfc822,
        "labelled": labelled,
        "reason_words": why_words,
    }


def render(template: str, values: Mapping[str, object]) -> str:
    """Return a page or fragment."""
    return environment().get_template(template).render(values)


@pass_context
def words(context: Context, key: str, /, **params: object) -> str:
    """Return the words of a key in the page's language."""
    return text(key, context["lang"], **params)


@pass_context
def day(context: Context, value: date | None, *, short: bool = False) -> str:
    """Return `31 มีนาคม 2564`."""
    return DASH if value is None else show_date(value, context["lang"], short=short)


@pass_context
def clock(context: Context, value: datetime | None) -> str:
    """Return `09.30 น.`."""
    return DASH if value is None else show_time(value, context["lang"])


@pass_context
def moment(context: Context, value: datetime | None) -> str:
    """Return a day and its time, such as `31 มี.ค. 2564 09.30 น.`."""
    return DASH if value is None else show_moment(value, context["lang"])


@pass_context
def moment_s(context: Context, value: datetime) -> str:
    """Return `31 ต.ค. 2563 09.00.03 น.`: in a history, seconds count."""
    oclock = text("date.oclock", context["lang"])
    return f"{show_date(value, context['lang'], short=True)} {bangkok(value):%H.%M.%S}{oclock}"


@pass_context
def why_words(context: Context, why: str) -> str:
    """Return the sentence of a reason's code; what a person wrote stays as it is."""
    key = f"reason.{why}"
    found = text(key, context["lang"])
    return why if found == key else found


@pass_context
def error_words(context: Context, code: str, params: Mapping[str, object]) -> str:
    """Return the sentence of an error kept from earlier, such as a line of a form that could not be read."""
    return text(f"error.{code}", context["lang"], **params)


@pass_context
def month(context: Context, value: date) -> str:
    """Return a month and its year, such as `มีนาคม 2564`."""
    return f"{text(f'date.long.{value.month}', context['lang'])} {to_be(value.year)}"


@pass_context
def word(context: Context, value: StrEnum | str, table: str) -> str:
    """Return the label of a state, role or kind, found in a locale table such as `post_state`."""
    return text(f"{table}.{value}", context["lang"])


@pass_context
def labelled(context: Context, values: Iterable[StrEnum], table: str) -> list[tuple[str, str]]:
    """Return each word with its label, as choices of a form."""
    return [(value.value, text(f"{table}.{value}", context["lang"])) for value in values]


def figure(value: float | Decimal | None, digits: int = 0) -> str:
    """Return a figure with thousands separated; a missing one is a dash, never a nought."""
    return DASH if value is None else f"{value:,.{digits}f}"


def typed_day(value: date | None) -> str:
    """Return a day as the form fields take it: `31/03/2564`."""
    if value is None:
        return ""
    local = bangkok(value) if isinstance(value, datetime) else value
    return f"{local.day:02d}/{local.month:02d}/{to_be(local.year)}"


def typed_time(value: datetime | None) -> str:
    """Return a time of day as the form fields take it: `09.30`."""
    return "" if value is None else f"{bangkok(value):%H.%M}"


def weekday(value: datetime) -> int:
    """Return the day of the week in Bangkok, Monday 0."""
    return bangkok(value).weekday()


def month_name(value: datetime) -> str:
    """Return the month as addresses name it: `2563-10`."""
    local = bangkok(value)
    return f"{to_be(local.year)}-{local.month:02d}"


def decimal(value: str) -> str:
    """Return a decimal number kept as text with thousands separated, each of its digits shown."""
    whole, point, rest = value.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.lstrip("-").isdigit() else value


def rfc822(value: datetime) -> str:
    """Return a moment as RSS has it."""
    return format_datetime(bangkok(value))


def url_with(path: str, **query: object) -> str:
    """Return a path with those parameters that have a value."""
    kept = "&".join(f"{name}={value}" for name, value in query.items() if value not in (None, ""))
    return f"{path}?{kept}" if kept else path
