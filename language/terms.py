"""Official wording: finds names and words an office of Bangkok must not publish, and offers the right ones.

The rules are data (terms.toml, language.term_rules). The longest wording that the rules know wins (กทม in
กทม. is no finding), and a match begins and ends where Thai words do: it splits no syllable and no longer
word of the dictionary. Quotations, titles in quotation marks and addresses are left alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from core.errors import Conflict
from language.letters import DEPENDENT, LEADING_VOWELS, Folded, fold, normalise
from language.term_rules import Rule, Severity, TermKind, official_rules
from language.thai_words import word_starts

__all__ = [
    "Finding",
    "Rule",
    "Severity",
    "TermKind",
    "Terminology",
    "TextMoved",
    "apply",
    "check",
    "official",
]

# quotations, titles in quotation marks of any kind, web and mail addresses, names of accounts
_EXEMPT = re.compile(
    r"“[^”]*”|‘[^’\n]*’|«[^»]*»|\"[^\"\n]*\"|https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+|(?<!\w)@\w+"
)
_THAI = re.compile("[ก-๎]")


class TextMoved(Conflict):
    """A finding no longer fits the text it was made for."""

    code = "term_text_moved"


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
        self._known = accepted | self._by_wording.keys()
        self._pattern = _compile(self._known)

    def check(self, text: str, on: date) -> tuple[Finding, ...]:
        """Return what breaks a rule that holds on a day, in the order of the text."""
        plain = normalise(text)
        if not any(wrong in plain for wrong in self._by_wording):
            return ()  # most texts: no need to remember where each letter stood
        folded = fold(text)
        known = [match.span(1) for match in self._pattern.finditer(folded.text)]
        covers = [*known, *(match.span() for match in _EXEMPT.finditer(folded.text))]
        wrong = [span for span in known if folded.text[slice(*span)] in self._by_wording]
        alone = (span for span in wrong if not any(_lies_inside(span, cover) for cover in covers))
        found = (self._finding(text, folded, span, on) for span in alone if self._is_whole(folded.text, span))
        return tuple(finding for finding in found if finding)

    def _is_whole(self, text: str, span: tuple[int, int]) -> bool:
        """Say whether a match splits no word, with the Thai letters around it cut into words.

        It may split a longer wording of ours: two that overlap are both found.
        """
        first, last = _thai_around(text, span)
        if (first, last) == span:
            return True
        cuts = [first, *(first + place for place in word_starts(text[first:last])), last]
        words = {text[one:next_] for one, next_ in pairwise(cuts) if any(one < edge < next_ for edge in span)}
        return words <= self._known

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


def _thai_around(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return the run of Thai letters in which a match stands."""
    start, end = span
    while start > 0 and _THAI.match(text[start - 1]):
        start -= 1
    while end < len(text) and _THAI.match(text[end]):
        end += 1
    return start, end


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


@cache
def official() -> Terminology:
    """Return the built-in rules, compiled."""
    return Terminology(official_rules())
