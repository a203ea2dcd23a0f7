"""The rules of official wording as data (terms.toml): what is wrong, what is right, why, and since when."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from language.letters import normalise
from language.reference import district_names

_NEVER = re.compile(r"(?!)")
_ALWAYS = re.compile("")


class Severity(StrEnum):
    """An error blocks publishing; a warning asks the writer to look again."""

    ERROR = "E"
    WARNING = "W"


class TermKind(StrEnum):
    """What a rule is about; a royal finding always goes to a specialist."""

    AGENCY = "agency"
    PLACE = "place"
    LOAN_WORD = "loan_word"
    SPELLING = "spelling"
    ROYAL = "royal"


@dataclass(frozen=True)
class Rule:
    """One rule: each wrong wording with its right one, and when it holds.

    `near` and `unless` are patterns searched in the line of the match. `first_only`: the wording is wrong
    only until the right one has been used. `reason` is a key of the locales' table [term_reason]; `source`
    says where the right wording is written, `owner` who keeps the rule.
    """

    id: str
    kind: TermKind
    severity: Severity
    right: Mapping[str, str]
    reason: str
    source: str
    owner: str = ""
    accept: tuple[str, ...] = ()
    near: re.Pattern[str] = _ALWAYS
    unless: re.Pattern[str] = _NEVER
    first_only: bool = False
    valid_from: date = date.min
    valid_to: date = date.max


@cache
def official_rules() -> tuple[Rule, ...]:
    """Return the built-in rules; ValueError or KeyError when terms.toml is not well formed."""
    return tuple(_load(tomllib.loads((files("language") / "terms.toml").read_text(encoding="utf-8"))))


def official_names() -> tuple[str, ...]:
    """Return the right wordings and the districts: names that each count as one word."""
    districts = district_names()
    wordings = (word for rule in official_rules() for word in (*rule.accept, *rule.right.values()))
    return (*districts, *(f"เขต{district}" for district in districts), *wordings)


def wrong_names() -> tuple[str, ...]:
    """Return every wrong wording that the rules know."""
    return tuple(wrong for rule in official_rules() for wrong in rule.right)


def _load(tables: Mapping[str, Any]) -> Iterator[Rule]:
    for table in tables["rule"]:
        wrong = [
            wording.replace("{district}", district)
            for wording in table["wrong"]
            for district in (district_names() if "{district}" in wording else [""])
            if wording.replace("{district}", district) not in table.get("accept", ())
        ]
        yield Rule(
            id=table["id"],
            kind=TermKind(table["kind"]),
            severity=Severity(table["severity"]),
            right={normalise(wording): _right(wording, table) for wording in wrong},
            reason=table["reason"],
            source=table["source"],
            owner=table.get("owner", tables["owner"]),
            **_conditions(table),
        )


def _right(wrong: str, table: Mapping[str, Any]) -> str:
    """Return the rule's one right wording, or the wrong one with only its wrong part exchanged."""
    if "right" in table:
        return str(table["right"])
    part, instead = table["exchange"]
    return wrong.replace(part, instead)


def _conditions(table: Mapping[str, Any]) -> dict[str, Any]:
    given = {key: table[key] for key in ("first_only", "valid_from", "valid_to") if key in table}
    patterns = {key: re.compile(normalise(table[key])) for key in ("near", "unless") if key in table}
    return {**given, **patterns, "accept": tuple(table.get("accept", ()))}
