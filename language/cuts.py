"""Where a text may be cut in two, and how good each place is: best between paragraphs, last inside a link."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain

from language.letters import DEPENDENT, LEADING_VOWELS
from language.months import MONTHS, SHORT_MONTHS
from language.thai_words import word_starts
from language.xlength import find_links

_JOINER = "\u200d"
_ZERO_WIDTH_SPACE = "\u200b"
_NO_BREAK = "\u00a0\u202f\u2060\ufeff"
_SKIN = range(0x1F3FB, 0x1F400)
_FLAG = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
# Signs that belong to what stands before them, also over a space (ต่าง ๆ), and to what follows.
_CLINGS_BACK = frozenset("ๆฯ,.;:!?%)]}”’»…")
_CLINGS_ON = frozenset("([{“‘«#@$฿+-/")
_SENTENCE_END = re.compile(r"(?:ครับ|ค่ะ|คะ|[!?…]|[A-Za-z]{3,}\.)[)”’\"']*$")
_THAI = re.compile(r"[ก-ู็-๎เ-ๅ]")
_MONTH = "|".join(re.escape(name) for name in (*MONTHS, *SHORT_MONTHS))
# What stays in one piece: tags and names, e-mail addresses, telephone numbers, dates, times, numbers.
_WHOLE = re.compile(
    rf"""[#＃@＠$][\w\u0e00-\u0e7f]+
    | [\w.+-]+@[\w.-]+
    | (?:โทร\.?\s?|โทรศัพท์\s?)?0\d?[ -]?\d{{3,4}}[ -]?\d{{4}}
    | (?:วันที่\s?)?\d{{1,2}}\s?(?:{_MONTH})(?:\s?(?:พ\.ศ\.\s?)?\d{{2,4}})?
    | (?:โทร\.|พ\.ศ\.|เวลา)\s?\d[\d.,:/–-]*(?:\s?น\.)?
    | \d+(?:[.,:/–-]\d+)*(?:\s?(?:-|–|ถึง)\s?\d+(?:[.:]\d+)*)?\s?น\.
    | \d+(?:[.,:/–-]\d+)*%?
    """,
    re.VERBOSE,
)


class Kind(IntEnum):
    """What a cut comes between, the best first; LETTER tears a word or a number, LINK an address."""

    PARAGRAPH = 0
    LINE = 1
    SENTENCE = 2
    SPACE = 3
    WORD = 4
    LETTER = 5
    LINK = 6


@dataclass(frozen=True)
class Cut:
    """One place: a part may end before `end`, the next begins at `start`; only white space lies between."""

    end: int
    start: int
    kind: Kind


def find_cuts(text: str) -> list[Cut]:
    """Return every place at which a text may be cut, in order; none separates a letter from its marks."""
    links = find_links(text)
    inside = {
        place: Kind.LETTER
        for whole in _WHOLE.finditer(text)
        for place in range(whole.start() + 1, whole.end())
    }
    inside |= {place: Kind.LINK for link in links for place in range(link.start + 1, link.end)}
    # a link is read with the words that lead to it, so the space between is no better than any word's end
    inside |= {link.start: Kind.WORD for link in links}
    return [
        Cut(cut.end, cut.start, max(cut.kind, inside.get(cut.end, cut.kind), inside.get(cut.start, cut.kind)))
        for cut in _places(text)
    ]


def _places(text: str) -> Iterator[Cut]:
    words = frozenset(word_starts(text))
    joined = _joined(text)
    place = 1
    while place < len(text):
        start = place
        while start < len(text) and text[start].isspace():
            start += 1
        if start < len(text) and place not in joined and start not in joined:
            yield Cut(place, start, _kind(text, place, start, words))
        place = start + 1


def _kind(text: str, end: int, start: int, words: frozenset[int]) -> Kind:
    before, gap, after = text[end - 1], text[end:start], text[start]
    if "\n" in gap:
        return Kind.PARAGRAPH if gap.count("\n") > 1 else Kind.LINE
    if after in _CLINGS_BACK or before in _CLINGS_ON or set(gap) & set(_NO_BREAK):
        return Kind.LETTER
    if gap and (before.isdigit() or after.isdigit()):
        return Kind.WORD  # a figure is read with what it counts
    if gap:
        return Kind.SENTENCE if _SENTENCE_END.search(text, max(0, end - 12), end) else Kind.SPACE
    if before == _ZERO_WIDTH_SPACE or (end in words and _between_words(before, after)):
        return Kind.WORD
    return Kind.LETTER


def _between_words(before: str, after: str) -> bool:
    """Tell whether two letters that touch belong to different words; a number stays with its unit."""
    if before.isdigit() or after.isdigit() or after in _NO_BREAK or before in _NO_BREAK:
        return False
    return bool(_THAI.match(before) or _THAI.match(after))


def _joined(text: str) -> frozenset[int]:
    """Return the positions before which no cut may come: the letter there hangs on the one before it."""
    flags = chain.from_iterable(range(run.start() + 1, run.end(), 2) for run in _FLAGS.finditer(text))
    return frozenset(flags) | {
        place
        for place in range(1, len(text))
        if hangs(text[place])
        or text[place - 1] == _JOINER
        or (text[place - 1] in LEADING_VOWELS and _THAI.match(text[place]))
    }


def hangs(letter: str) -> bool:
    """Tell whether a character cannot begin a part: a mark, a dependent vowel, the rest of an emoji."""
    code = ord(letter)
    return (
        letter in DEPENDENT
        or letter in (_JOINER, _ZERO_WIDTH_SPACE, "\u200c")
        or code in _SKIN
        or code in _TAGS
        or unicodedata.category(letter).startswith("M")
    )


_FLAGS = re.compile(f"[{chr(_FLAG.start)}-{chr(_FLAG.stop - 1)}]+")
