"""Where Thai words begin: maximal matching over PyThaiNLP's dictionary and the names of our office.

Everything is read from the installed wheel. The dictionary is built at the first question (half a second).
"""

import os
from functools import cache
from itertools import accumulate

# Else the library makes a folder in the home of whoever imports it, and fails where there is none.
os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
os.environ.setdefault("PYTHAINLP_OFFLINE", "1")

from pythainlp.corpus.common import thai_words
from pythainlp.tokenize.newmm import segment
from pythainlp.util.trie import Trie

from language.term_rules import official_names, wrong_names


def word_starts(text: str) -> tuple[int, ...]:
    """Return the positions inside a text at which a word, a number or a run of spaces begins; 0 is none."""
    pieces = segment(text, custom_dict=_dictionary(), safe_mode=True)
    return tuple(accumulate(len(piece) for piece in pieces[:-1]))


@cache
def _dictionary() -> Trie:
    return Trie([*thai_words(), *official_names(), *wrong_names()])
