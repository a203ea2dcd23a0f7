"""What the product ships of names that change: agencies, districts, hotlines, message pillars.

Each is a data file with source and days of validity; people correct entries in the database
(services.reference), never in these files.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Kind(StrEnum):
    """What an entry names."""

    AGENCY = "agency"
    DISTRICT = "district"
    HOTLINE = "hotline"
    PILLAR = "pillar"


@dataclass(frozen=True)
class Entry:
    """One name; it holds from valid_from to valid_to, both included, without limit where None."""

    kind: Kind
    code: str
    name: str
    source: str
    name_en: str = ""
    short: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    corrected: bool = False

    def holds(self, on: date) -> bool:
        """Say whether the name is in use on a day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


@cache
def shipped(kind: Kind) -> Mapping[str, Entry]:
    """Return the entries of a kind by code, in the order of the file; ValueError if a code stands twice."""
    data = tomllib.loads((files("language.reference") / f"{kind}.toml").read_text(encoding="utf-8"))
    entries = [_entry(kind, row, data["source"]) for row in data["entry"]]
    by_code = {entry.code: entry for entry in entries}
    if len(by_code) != len(entries):
        raise ValueError(f"{kind}.toml names a code twice")
    return by_code


def district_names() -> tuple[str, ...]:
    """Return the 50 districts' names, in the order of their codes."""
    return tuple(entry.name for entry in shipped(Kind.DISTRICT).values())


def _entry(kind: Kind, row: Mapping[str, Any], source: str) -> Entry:
    values = {name: value for name, value in row.items() if name != "kind"}
    return Entry(kind=kind, **{"source": source, **values})
