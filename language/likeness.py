"""How alike two texts are: the share of three-letter pieces they have in common (Dice), 0 to 1."""

from collections import Counter

from language.canonical import canonical_sent

PIECE = 3
Pieces = frozenset[tuple[str, int]]  # a piece and which of its occurrences: a bag, kept as a set


def pieces(text: str) -> Pieces:
    """Return the overlapping three-letter pieces of a text, white space and case left out."""
    plain = "".join(canonical_sent(text).casefold().split())
    met: Counter[str] = Counter()
    found = []
    for start in range(max(len(plain) - PIECE + 1, 1)):
        piece = plain[start : start + PIECE]
        met[piece] += 1
        found.append((piece, met[piece]))
    return frozenset(found)


def likeness(one: Pieces, other: Pieces) -> float:
    """Return twice the common pieces ÷ all pieces of both; every text has at least one piece."""
    return 2 * len(one & other) / (len(one) + len(other))


def could_be_alike(one: Pieces, other: Pieces, least: float) -> bool:
    """Say, from the lengths alone, whether two texts can be that alike at all."""
    return 2 * min(len(one), len(other)) >= least * (len(one) + len(other))
