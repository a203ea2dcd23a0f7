"""How alike two texts are: the share of three-letter pieces they have in common (Dice), 0 to 1."""

from collections import Counter

from language.canonical import canonical_sent

PIECE = 3
Pieces = frozenset[str | tuple[str, int]]  # a bag, kept as a set: each piece, and which time it came again


def pieces(text: str) -> Pieces:
    """Return the overlapping three-letter pieces of a text, white space and case left out."""
    plain = "".join(canonical_sent(text).casefold().split())
    met = Counter(plain[start : start + PIECE] for start in range(max(len(plain) - PIECE + 1, 1)))
    again = ((piece, time) for piece, times in met.items() for time in range(2, times + 1))
    return frozenset((*met, *again))


def likeness(one: Pieces, other: Pieces) -> float:
    """Return twice the common pieces ÷ all pieces of both; every text has at least one piece."""
    return 2 * len(one & other) / (len(one) + len(other))


def could_be_alike(one: Pieces, other: Pieces, least: float) -> bool:
    """Say, from the lengths alone, whether two texts can be that alike at all."""
    return 2 * min(len(one), len(other)) >= least * (len(one) + len(other))
