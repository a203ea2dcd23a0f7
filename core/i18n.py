"""Words on screen and on paper, Thai first: nested TOML tables in locales/<language>/*.toml, merged."""

import tomllib
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from core.clock import bangkok
from core.fiscal import to_be

LANGUAGES = ("th", "en")
DEFAULT = "th"


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


@cache
def catalogue(language: str) -> dict[str, Any]:
    """Return every word of a language as nested tables."""
    words: dict[str, Any] = {}
    folder = files("locales") / language
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".toml"):
            _merge(words, tomllib.loads(path.read_text(encoding="utf-8")))
    return words


@cache
def _find(language: str, key: str) -> str | None:
    node: Any = catalogue(language)
    for part in key.split("."):
        if not isinstance(node, dict) or part not in node:
            return None
        node = node[part]
    return node if isinstance(node, str) else None


def text(key: str, language: str = DEFAULT, /, **params: object) -> str:
    """Return the words of a key such as `error.not_found`, filled; Thai if missing, else the key."""
    found = _find(language, key)
    if found is None:
        found = _find(DEFAULT, key)
    if found is None:
        return key
    return found.format_map(_Lenient(params)) if params else found


class _Lenient(dict[str, object]):
    """A missing parameter shows its name instead of breaking the page."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def show_date(day: date, language: str = DEFAULT, *, short: bool = False) -> str:
    """Return a day as people read it, Buddhist year in both languages: `31 มีนาคม 2564`."""
    moment = bangkok(day) if isinstance(day, datetime) else day
    month = text(f"date.{'short' if short else 'long'}.{moment.month}", language)
    return f"{moment.day} {month} {to_be(moment.year)}"


def show_time(moment: datetime, language: str = DEFAULT) -> str:
    """Return a time of day as Bangkok reads it: `09.30 น.`, English `09.30`."""
    local = bangkok(moment)
    return f"{local.hour:02d}.{local.minute:02d}{text('date.oclock', language)}"


def show_moment(moment: datetime, language: str = DEFAULT, *, short: bool = True) -> str:
    """Return day and time together."""
    return f"{show_date(moment, language, short=short)} {show_time(moment, language)}"
