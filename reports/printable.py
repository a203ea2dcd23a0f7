"""Text made fit for paper: composed, drawable by the font, with places to break, in the digits asked for."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

BREAK = "\u200b"  # paper may break a line here; text_layer keeps it out of what a reader copies
_UNDRAWABLE = "\x00"
_UNDRAWN = re.compile(f"{_UNDRAWABLE}+")
_LATIN = re.compile(r"[A-Za-z]")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_SARA_AM = (
    (re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32"), "\\1\u0e33"),  # nikhahit, tone?, aa
    (re.compile("([\u0e48-\u0e4b])\u0e4d\u0e32"), "\\1\u0e33"),  # tone, nikhahit, aa
)
# What no dictionary of line breaks can part: long Latin words, addresses, consonants or one letter in a row.
_UNBREAKABLE = re.compile(r"[^\s\u0e00-\u0e7f]{18,}|[ก-ฮ]{16,}|[๐-๙]{16,}|(.)\1{11,}")
_BLANK = re.compile(r"(?:(?!\u00a0)[\s\x00-\x1f\x7f])+")  # a no-break space stays
_BEFORE_A_FIGURE = re.compile("(≥|≤|ร้อยละ|ระดับ|ระดับที่|ลำดับ|ข้อ|หน้า|ฉบับที่|งวดที่|ไตรมาสที่) (?=[0-9≥≤])")
_PIECE = re.compile(r"[^./_?&=:-]{0,7}[./_?&=:-]|.{1,8}")  # addresses part after their signs


class _Marks(dict[int, str | int | None]):
    """What each letter becomes, asked once per letter: texts are long and letters few."""

    def __init__(self, becomes: Callable[[int], str | int | None]) -> None:
        super().__init__()
        self.becomes = becomes

    def __missing__(self, code: int) -> str | int | None:
        self[code] = self.becomes(code)
        return self[code]


_SEEN = _Marks(lambda code: None if unicodedata.category(chr(code)) == "Cf" else code)


@cache
def _drawn_by(coverage: frozenset[int]) -> _Marks:
    return _Marks(lambda code: code if code in coverage else _UNDRAWABLE)


def printable(text: str, coverage: frozenset[int], stand_in: str) -> str:
    """Return text that the font can draw; each run of symbols it lacks (emoji) becomes `stand_in`."""
    drawable = _UNDRAWN.sub(stand_in, compose(text).translate(_drawn_by(coverage)))
    drawable = _BEFORE_A_FIGURE.sub("\\1\u00a0", drawable)
    return _UNBREAKABLE.sub(lambda run: BREAK.join(_PIECE.findall(run[0])), drawable)


def compose(text: str) -> str:
    """Return NFC text, sara am in one letter, white space as single spaces, nothing invisible."""
    seen = unicodedata.normalize("NFC", text).translate(_SEEN)
    for pattern, replacement in _SARA_AM:
        seen = pattern.sub(replacement, seen)
    return _BLANK.sub(" ", seen).strip()


def in_thai_digits(text: str) -> str:
    """Return text with Thai digits; words that hold Latin letters (3b1, SHA-256, addresses) keep theirs."""
    return re.sub(r"\S+", _thai_word, text)


def fitted(
    node: Any,  # noqa: ANN401 -- any JSON value
    coverage: frozenset[int],
    stand_in: str,
    *,
    keep: frozenset[str],
    thai: bool,
) -> Any:  # noqa: ANN401 -- the same shape
    """Return the same tree with each text made printable, but for the values of the keys in `keep`."""

    def fit(inner: Any) -> Any:  # noqa: ANN401 -- any JSON value
        if isinstance(inner, dict):
            return {key: value if key in keep else fit(value) for key, value in inner.items()}
        if isinstance(inner, list | tuple):
            return [fit(value) for value in inner]
        if not isinstance(inner, str):
            return inner
        text = printable(inner, coverage, stand_in)
        return in_thai_digits(text) if thai else text

    return fit(node)


def _thai_word(word: re.Match[str]) -> str:
    return word[0] if _LATIN.search(word[0]) else word[0].translate(_TO_THAI)
