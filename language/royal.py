"""Whether a text speaks of the monarchy: then a specialist in royal language must read it."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from language.letters import DEPENDENT, LEADING_VOWELS, normalise


def royal_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that name the monarchy or speak its language, in order, each once.

    A royal name that is part of the name of a place (a bridge, a road, a hospital) is no such word.
    """
    words, places = _patterns()
    spelled = normalise(text)
    named = [match.span() for match in places.finditer(spelled)]
    found = (
        match.group()
        for match in words.finditer(spelled)
        if not any(start <= match.start() < end for start, end in named)
    )
    return tuple(dict.fromkeys(found))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = tomllib.loads((files("language") / "royal.toml").read_text(encoding="utf-8"))
    words = "|".join(re.escape(word) for word in _longest_first(data["words"]))
    kinds = "|".join(_longest_first(data["places"]))
    return (
        re.compile(f"(?<![{LEADING_VOWELS}])(?:{words})(?![{DEPENDENT}])"),
        re.compile(f"(?:{kinds})[ก-๎]*"),
    )


def _longest_first(words: list[str]) -> list[str]:
    return sorted(map(normalise, words), key=lambda word: (-len(word), word))
