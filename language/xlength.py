"""How long a text is on X, what its links cost, and where a link would break (platforms/x.md section 9).

The count is twitter-text's, configuration 3: Thai letters, vowels and tone marks weigh 1 each, a link 23, an
emoji 2.
"""

import re
import unicodedata
import warnings
from dataclasses import dataclass
from urllib.parse import quote

from core.errors import BadInput

with warnings.catch_warnings():
    # The library reads its emoji list through pkg_resources, which warns about itself on import.
    warnings.simplefilter("ignore")
    from twitter_text import extract_urls_with_indices, parse_tweet
    from twitter_text.has_invalid_characters import has_invalid_characters

LIMIT = 280

_LINE_END = re.compile(r"\r\n?")
# From the first Thai letter (or bracket after _, as encyclopedias write) to where the address ends.
_THAI_TAIL = re.compile(r"(?:[\u0e01-\u0e5b]|(?<=_)\([^\s()]*\))(?:[^\s“”\"'()<>]|\([^\s()]*\))*")
_HAS_PATH = re.compile(r"^(?:https?://)?[^/?:]+(?::\d+)?[/?]", re.IGNORECASE)
# Characters that a path may carry as they are; everything else in a Thai tail is percent-encoded.
_PATH_SAFE = "/?&=#%:@!$*+,;~.-_"


class BadXText(BadInput):
    """X would refuse this text."""

    code = "x_text_too_long"


@dataclass(frozen=True)
class Link:
    """One link that X will shorten; start and end are positions in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class BrokenLink:
    """A link that stops before Thai letters; `suggestion`, percent-encoded, is to stand for start:end."""

    link: str
    suggestion: str
    start: int
    end: int


@dataclass(frozen=True)
class Measured:
    """A text as X counts it; `problem` is the code of the error of X's refusal, None if it fits."""

    length: int
    links: tuple[Link, ...]
    broken_links: tuple[BrokenLink, ...]
    problem: str | None

    @property
    def fits(self) -> bool:
        return self.problem is None

    @property
    def remaining(self) -> int:
        """Return how much may still be added; negative when too long."""
        return LIMIT - self.length


def measure(text: str) -> Measured:
    """Measure a text; positions are those of `written(text)`, the text as it will be sent."""
    sent = written(text)
    weight = length(sent)
    links = find_links(sent)
    broken = tuple(found for link in links if (found := _broken(sent, link)))
    return Measured(weight, links, broken, _problem(sent, weight))


def length(text: str) -> int:
    """Return how long X takes a text to be."""
    return int(parse_tweet(written(text)).weightedLength)


def require_fit(text: str) -> Measured:
    """Return the measure of a text that X will take; raises BadXText with the problem as its code."""
    found = measure(text)
    if found.problem is not None:
        raise BadXText(found.problem, length=found.length, limit=LIMIT, over=max(0, -found.remaining))
    return found


def written(text: str) -> str:
    """Return the text as X stores it: NFC, lines ended by LF."""
    return unicodedata.normalize("NFC", _LINE_END.sub("\n", text))


def find_links(text: str) -> tuple[Link, ...]:
    """Return the links that X will shorten, also those without a scheme or glued to Thai letters."""
    return tuple(
        Link(found["url"], found["indices"][0], found["indices"][1])
        for found in extract_urls_with_indices(text)
    )


def _problem(text: str, weight: int) -> str | None:
    if not text.strip():
        return "x_text_empty"
    if has_invalid_characters(text):
        return "x_text_characters"
    return BadXText.code if weight > LIMIT else None


def _broken(text: str, link: Link) -> BrokenLink | None:
    """Return what is wrong when Thai follows a link with a path or a query: X ends the link before it."""
    tail = _THAI_TAIL.match(text, link.end)
    if tail is None or not _HAS_PATH.match(link.text):
        return None
    whole = link.text + quote(tail.group(), safe=_PATH_SAFE)
    return BrokenLink(link.text, whole, link.start, tail.end())
