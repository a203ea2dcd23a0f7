"""What changed between two texts, in pieces a person can read: whole Thai clusters, never a lone mark."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from re import compile as pattern

# words of Latin letters and figures, white space, and Thai letters with the marks that hang on them
PIECE = pattern(r"[A-Za-z0-9]+|\s+|.[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*", flags=16)
ISLAND = 3


@dataclass(frozen=True)
class Change:
    """A stretch of text: kept, or taken out (`old`) and put in (`new`)."""

    kept: str = ""
    old: str = ""
    new: str = ""


def changes(before: str, after: str) -> list[Change]:
    """Return the stretches from one text to the other; a short island between two changes joins them."""
    first, second = PIECE.findall(before), PIECE.findall(after)
    found: list[Change] = []
    for what, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        old, new = "".join(first[a:b]), "".join(second[c:d])
        island = what == "equal" and b - a < ISLAND and found and b < len(first) and d < len(second)
        if what == "equal" and not island:
            found.append(Change(kept=old))
        elif found and not found[-1].kept:
            found[-1] = Change(old=found[-1].old + old, new=found[-1].new + new)
        else:
            found.append(Change(old=old, new=new))
    return found
