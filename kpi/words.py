"""Findings as people read them: codes and parameters become sentences of the locales."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.i18n import show_date, text

DATES = frozenset({"from", "to", "approved_on"})


def say(plain: Mapping[str, Any], language: str) -> str:
    """Return the sentence of a note or proof as `to_dict` gives it: {"code": …, "params": {…}}."""
    return text(f"kpi.code.{plain['code']}", language, **_worded(plain["params"], language))


def say_headline(plain: Mapping[str, Any], language: str) -> str:
    """Return the sentence over an evaluation as `to_dict` gives it."""
    return text(f"kpi.headline.{plain['headline']}", language, **plain["headline_params"])


def _worded(params: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {name: _word(name, value, language) for name, value in params.items()}


def _word(name: str, value: Any, language: str) -> Any:  # noqa: ANN401 -- text, number or list, as Details says
    """Turn lists of field codes, dates and channels into words; everything else stays as it is."""
    if isinstance(value, list):
        return ", ".join(text(f"kpi.field.{one}", language) for one in value)
    if name in DATES:
        return show_date(date.fromisoformat(value), language, short=True)
    return text(f"channel.{value}", language) if name == "channel" else value
