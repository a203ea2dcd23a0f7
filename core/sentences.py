"""An error as a sentence in the reader's language: words for states and roles, Buddhist dates, no codes."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum

from core.errors import RukonError
from core.i18n import DEFAULT, show_date, show_moment, text

_STATES = ("origin", "target")


def sentence(error: RukonError, language: str = DEFAULT) -> str:
    """Return what happened and what to do next, as the locales' [error] table says it."""
    subject = error.params.get("subject")
    shown = {name: _param(name, value, subject, language) for name, value in error.params.items()}
    return text(f"error.{error.key}", language, **shown)


def spoken(value: object, language: str = DEFAULT) -> str:
    """Return a parameter as people say it: enums by their word, moments and days as Bangkok writes them."""
    if isinstance(value, Enum):
        return text(f"{_table(type(value))}.{value.value}", language)
    if isinstance(value, datetime):
        return show_moment(value, language)
    if isinstance(value, date):
        return show_date(value, language, short=True)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return ", ".join(spoken(part, language) for part in value)
    return str(value)


def _param(name: str, value: object, subject: object, language: str) -> str:
    if name == "field":
        return text(f"field.{value}", language)
    if subject and name in _STATES:
        return text(f"{subject}_state.{value}", language)
    return spoken(value, language)


def _table(kind: type[Enum]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()
