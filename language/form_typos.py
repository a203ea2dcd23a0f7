"""Slips in the KPI form: recognised and suggested, never corrected silently; rules in form_typos.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class TypoRule:
    """A pattern over the whole text and what to write instead; `reason`: a key of [form_typo]."""

    id: str
    pattern: re.Pattern[str]
    suggestion: str
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """One slip: text[start:end] is `found`, on first_line to last_line of the form."""

    rule_id: str
    first_line: int
    last_line: int
    start: int
    end: int
    found: str
    suggestion: str
    reason: str


def suggest(text: str) -> tuple[Suggestion, ...]:
    """Return the slips of a form's text (lines ended by LF), from the first to the last."""
    found = [_suggestion(text, rule, match) for rule in typo_rules() for match in rule.pattern.finditer(text)]
    return tuple(sorted(found, key=lambda each: each.start))


@cache
def typo_rules() -> tuple[TypoRule, ...]:
    """Return the rules of form_typos.toml."""
    tables = tomllib.loads((files("language") / "form_typos.toml").read_text(encoding="utf-8"))
    return tuple(
        TypoRule(table["id"], re.compile(table["pattern"]), table["suggestion"], table["reason"])
        for table in tables["typo"]
    )


def _suggestion(text: str, rule: TypoRule, match: re.Match[str]) -> Suggestion:
    first_line = text.count("\n", 0, match.start()) + 1
    return Suggestion(
        rule_id=rule.id,
        first_line=first_line,
        last_line=first_line + match.group().count("\n"),
        start=match.start(),
        end=match.end(),
        found=match.group(),
        suggestion=match.expand(rule.suggestion),
        reason=rule.reason,
    )
