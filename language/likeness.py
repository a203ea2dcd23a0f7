"""How alike two texts are: the share of three-letter pieces they have in common (Dice), 0 to 1."""

from collections import Counter

from language.canonical import canonical_sent

PIECE = 3


def pieces(text: str) -> Counter[str]:
    """Return the overlapping three-letter pieces of a text, white space and case left out."""
    plain = "".join(canonical_sent(text).casefold().split())
    return Counter(plain[start : start + PIECE] for start in range(max(len(plain) - PIECE + 1, 1)))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return twice the common pieces ÷ all pieces of both."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def could_be_alike(one: Counter[str], other: Counter[str], least: float) -> bool:
    """Say, from the lengths alone, whether two texts can be that alike at all."""
    short, long = sorted((one.total(), other.total()))
    return 2 * short >= least * (short + long)
