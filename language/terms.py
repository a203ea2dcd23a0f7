"""Official wording: finds names and words an office of Bangkok must not publish, and offers the right ones.

The rules are data (terms.toml). A wrong wording inside a longer one that the rules know is no finding (กทม in
กทม.), and no match splits a syllable. Quotations and addresses are left alone.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from core.errors import Conflict
from language.letters import DEPENDENT, LEADING_VOWELS, Folded, fold, normalise

_EXEMPT = re.compile(r"“[^”]*”|\"[^\"\n]*\"|https?://\S+")
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


class TextMoved(Conflict):
    """A finding no longer fits the text it was made for."""

    code = "term_text_moved"


@dataclass(frozen=True)
class Rule:
    """One rule: each wrong wording with its right one, and when it holds.

    `near` and `unless` are patterns searched in the line of the match. `first_only`: the wording is wrong
    only until the right one has been used. `reason` is a key of the locales' table [term_reason].
    """

    id: str
    kind: TermKind
    severity: Severity
    right: Mapping[str, str]
    reason: str
    source: str
    accept: tuple[str, ...] = ()
    near: re.Pattern[str] = _ALWAYS
    unless: re.Pattern[str] = _NEVER
    first_only: bool = False
    valid_from: date = date.min
    valid_to: date = date.max


@dataclass(frozen=True)
class Finding:
    """One place of a text that breaks a rule; text[start:end] is `found`."""

    rule_id: str
    kind: TermKind
    severity: Severity
    start: int
    end: int
    found: str
    suggestion: str
    reason: str


def check(text: str, on: date) -> tuple[Finding, ...]:
    """Return what breaks the built-in rules that hold on a day, in the order of the text."""
    return official().check(text, on)


def apply(text: str, finding: Finding) -> str:
    """Return the text with one finding put right; raises TextMoved if the text has changed since."""
    if text[finding.start : finding.end] != finding.found:
        raise TextMoved(found=finding.found)
    return text[: finding.start] + finding.suggestion + text[finding.end :]


class Terminology:
    """A set of rules, compiled; the built-in one is `official()`."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_wording: dict[str, list[Rule]] = {}
        accepted: set[str] = set()
        for rule in self.rules:
            accepted.update(normalise(word) for word in (*rule.accept, *rule.right.values()))
            for wrong in rule.right:
                self._by_wording.setdefault(normalise(wrong), []).append(rule)
        self._pattern = _compile(accepted | self._by_wording.keys())

    def check(self, text: str, on: date) -> tuple[Finding, ...]:
        """Return what breaks a rule that holds on a day, in the order of the text."""
        folded = fold(text)
        known = [match.span(1) for match in self._pattern.finditer(folded.text)]
        covers = [*known, *(match.span() for match in _EXEMPT.finditer(folded.text))]
        alone = (span for span in known if not any(_lies_inside(span, cover) for cover in covers))
        found = (self._finding(text, folded, span, on) for span in alone)
        return tuple(finding for finding in found if finding)

    def _finding(self, text: str, folded: Folded, span: tuple[int, int], on: date) -> Finding | None:
        wrong = folded.text[slice(*span)]
        for rule in self._by_wording.get(wrong, ()):
            if _holds(rule, folded.text, span, on):
                start, end = folded.original(*span)
                found, right = text[start:end], rule.right[wrong]
                return Finding(rule.id, rule.kind, rule.severity, start, end, found, right, rule.reason)
        return None


def _compile(wordings: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern whose group 1 is the longest wording at every place, so that matches may overlap."""
    longest_first = sorted(wordings, key=lambda wording: (-len(wording), wording))
    either = "|".join(re.escape(wording) for wording in longest_first)
    return re.compile(f"(?<![{LEADING_VOWELS}])(?=({either})(?![{DEPENDENT}]))")


def _lies_inside(span: tuple[int, int], cover: tuple[int, int]) -> bool:
    return span != cover and cover[0] <= span[0] and span[1] <= cover[1]


def _holds(rule: Rule, text: str, span: tuple[int, int], on: date) -> bool:
    if not rule.valid_from <= on <= rule.valid_to:
        return False
    start, end = span
    if rule.first_only and normalise(rule.right[text[start:end]]) in text[:start]:
        return False
    line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
    return bool(rule.near.search(line)) and not rule.unless.search(line)


def official_names() -> tuple[str, ...]:
    """Return the right wordings and the districts: names that each count as one word."""
    districts: list[str] = _tables()["districts"]
    wordings = (word for rule in official().rules for word in (*rule.accept, *rule.right.values()))
    return (*districts, *(f"เขต{district}" for district in districts), *wordings)


@cache
def official() -> Terminology:
    """Return the built-in rules; ValueError or KeyError when terms.toml is not well formed."""
    return Terminology(_load(_tables()))


def _tables() -> dict[str, Any]:
    return tomllib.loads((files("language") / "terms.toml").read_text(encoding="utf-8"))


def _load(tables: Mapping[str, Any]) -> Iterator[Rule]:
    for table in tables["rule"]:
        wrong = [
            wording.replace("{district}", district)
            for wording in table["wrong"]
            for district in (tables["districts"] if "{district}" in wording else [""])
            if wording.replace("{district}", district) not in table.get("accept", ())
        ]
        yield Rule(
            id=table["id"],
            kind=TermKind(table["kind"]),
            severity=Severity(table["severity"]),
            right={normalise(wording): _right(wording, table) for wording in wrong},
            reason=table["reason"],
            source=table["source"],
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
