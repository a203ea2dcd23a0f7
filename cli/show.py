"""What a command prints: JSON with English keys and ISO times, or a table with the locales' words."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from core.clock import bangkok
from core.i18n import text
from core.sentences import spoken

Row = Mapping[str, object]
GAP = "  "
NONE = "–"


def as_json(value: object) -> str:
    """Return a value as indented JSON; moments as Bangkok's clock shows them, with its offset."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def table(rows: Sequence[Row], columns: Sequence[str], language: str) -> str:
    """Return rows under their headings, one column per key; figures stand to the right."""
    heads = [text(f"cli.column.{name}", language) for name in columns]
    cells = [[cell(row.get(name), language) for name in columns] for row in rows]
    right = [all(isinstance(row.get(name), int | Decimal | None) for row in rows) for name in columns]
    widths = [max(map(width, column)) for column in zip(heads, *cells, strict=True)]
    lines = [heads, ["─" * wide for wide in widths], *cells]
    return "\n".join(_line(line, widths, right) for line in lines)


def record(row: Row, columns: Sequence[str], language: str) -> str:
    """Return one thing, a line per key."""
    heads = [text(f"cli.column.{name}", language) for name in columns]
    wide = max(map(width, heads))
    return "\n".join(
        f"{head}{' ' * (wide - width(head))}{GAP}{cell(row.get(name), language)}"
        for head, name in zip(heads, columns, strict=True)
    )


def cell(value: object, language: str) -> str:
    """Return a value in words on one line; what is absent is a dash, never 0."""
    if value is None or value == "":
        return NONE
    if isinstance(value, bool):
        return text("cli.yes" if value else "cli.no", language)
    return " ".join(spoken(value, language).split()) or NONE


def width(words: str) -> int:
    """Return how many places words take in a terminal: Thai vowels above and below take none."""
    return sum(_places(letter) for letter in words)


def _places(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def _line(cells: Iterable[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for words, wide, to_right in zip(cells, widths, right, strict=True):
        blank = " " * (wide - width(words))
        padded.append(blank + words if to_right else words + blank)
    return GAP.join(padded).rstrip()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return bangkok(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(type(value).__name__)
