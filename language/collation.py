"""Thai order for lists and forgiving search.

Order as in the dictionary: a vowel written before its consonant sorts after it; tone marks and other signs
decide only between words that are otherwise equal. Thai digits stand where 0-9 stand.
"""

import re

from language.letters import LEADING_VOWELS, TONE_MARKS, collapse, normalise, western_digits

# Maitaikhu, the four tone marks and thanthakhat: the signs that dictionaries look at last.
_LIGHT = f"็{TONE_MARKS}์"
_LIGHT_RUN = re.compile(f"[{_LIGHT}]+")
_LEADING = re.compile(f"([{LEADING_VOWELS}])([ก-ฮ])")
_LETTER_AND_SIGNS = re.compile(f"(.)([{_LIGHT}]*)", re.DOTALL)


def sort_key(text: str) -> tuple[str, tuple[str, ...], str]:
    """Return what to sort by: letters in dictionary order, then their signs, then the text itself."""
    spelled = _LEADING.sub(r"\2\1", western_digits(normalise(text)).casefold())
    letters = _LIGHT_RUN.sub("", spelled)
    signs = tuple(match[2] for match in _LETTER_AND_SIGNS.finditer(spelled))
    return letters, signs, text


def search_key(text: str) -> str:
    """Return the text as search compares it: no tone marks, Thai digits as 0-9, case and spaces folded."""
    return _LIGHT_RUN.sub("", collapse(western_digits(normalise(text)).casefold()))


def matches(query: str, text: str) -> bool:
    """Tell whether every word of a query occurs somewhere in the text."""
    found_in = search_key(text)
    return all(word in found_in for word in search_key(query).split())
