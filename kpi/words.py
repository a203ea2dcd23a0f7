"""Findings as people read them: codes and parameters become sentences of the locales."""

from collections.abc import Mapping
from typing import Any

from core.i18n import text


def say(plain: Mapping[str, Any], language: str) -> str:
    """Return the sentence of a note or proof as `to_dict` gives it: {"code": …, "params": {…}}."""
    return text(f"kpi.code.{plain['code']}", language, **_worded(plain["params"], language))


def say_headline(plain: Mapping[str, Any], language: str) -> str:
    """Return the sentence over an evaluation as `to_dict` gives it."""
    return text(f"kpi.headline.{plain['headline']}", language, **plain["headline_params"])


def _worded(params: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Turn lists of field codes into words; everything else stays as it is."""
    return {
        name: ", ".join(text(f"kpi.field.{one}", language) for one in value)
        if isinstance(value, list)
        else value
        for name, value in params.items()
    }
