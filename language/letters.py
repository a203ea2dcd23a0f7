"""Thai letters below the level of words: digits, sara am, invisible characters, clusters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
TONE_MARKS = "่้๊๋"
LEADING_VOWELS = "เแโใไ"
# Vowels and marks that hang on the consonant before them: after a match, they mean that it cut a syllable.
DEPENDENT = "ะัาำิีึืฺุูๅ็่้๊๋์ํ๎"

_TO_WESTERN = str.maketrans(THAI_DIGITS, "0123456789")
_TO_THAI = str.maketrans("0123456789", THAI_DIGITS)
# Zero-width space and joiners, soft hyphen, direction marks, word joiner, byte order mark.
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]+")
# Sara am taken apart into nikhahit and sara aa, with tone marks between them or not.
_APART = re.compile(f"ํ([{TONE_MARKS}]*)า")
# Sara am and tone marks in any order; a tone mark belongs before sara am.
_MARKS_WITH_AM = re.compile(f"[ำ{TONE_MARKS}]{{2,}}")
_CLUSTER = re.compile(f".[{DEPENDENT}{_INVISIBLE}]*", re.DOTALL)


def western_digits(text: str) -> str:
    """Return the text with Thai digits as 0-9."""
    return text.translate(_TO_WESTERN)


def thai_digits(text: str) -> str:
    """Return the text with 0-9 as Thai digits."""
    return text.translate(_TO_THAI)


def normalise(text: str) -> str:
    """Return the one spelling that every way of typing the same visible text shares.

    NFC, invisible characters gone, sara am composed and standing after its tone mark. Idempotent.
    """
    composed = unicodedata.normalize("NFC", _INVISIBLE_RUN.sub("", text))
    return _MARKS_WITH_AM.sub(_am_last, _APART.sub(r"\1ำ", composed))


def _am_last(marks: re.Match[str]) -> str:
    return "".join(sorted(marks.group(), key=lambda mark: mark == "ำ"))


def collapse(text: str) -> str:
    """Return the text with every run of white space as one space and none at the ends."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Folded:
    """A normalised text that remembers where each of its letters stood in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original for the span start:end (not empty) of the normalised text."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=4096)
def _spelled(cluster: str) -> str:
    """Return one cluster normalised; a language has few of them, a month of posts a hundred thousand."""
    return normalise(cluster)


def fold(text: str) -> Folded:
    """Normalise a text cluster by cluster, so that a match in it can be shown in the original."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        spelled = _spelled(cluster.group())
        letters.append(spelled)
        starts.extend([cluster.start()] * len(spelled))
        ends.extend([cluster.end()] * len(spelled))
    return Folded("".join(letters), tuple(starts), tuple(ends))
