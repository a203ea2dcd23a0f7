"""A long text cut into the posts of a thread: each as long as X takes, ending where a reader would pause."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import count

from language.cuts import Cut, Kind, find_cuts
from language.xlength import LIMIT, BadXText, length, written

# How much of a full part must be used for a cut of this kind to be better than a fuller part.
_ENOUGH = {Kind.PARAGRAPH: 0.4, Kind.LINE: 0.5, Kind.SENTENCE: 0.5, Kind.SPACE: 0.6}
_TIERS = (Kind.WORD, Kind.LETTER, Kind.LINK)


def split_thread(text: str, limit: int = LIMIT, *, numbered: bool = False) -> list[str]:
    """Return the parts of a text in order, each at most `limit` long as X counts; none for an empty text.

    The parts are `written(text)` but for the white space at the cuts. numbered: each of several parts ends
    with ` (1/5)`, which counts. Raises BadXText x_text_unsplittable if one letter with all its marks is
    longer than a part.
    """
    whole = written(text).strip()
    if not whole:
        return []
    if length(whole) <= limit:
        return [whole]
    cuts = [*find_cuts(whole), Cut(len(whole), len(whole), Kind.PARAGRAPH)]
    return _numbered(whole, cuts, limit) if numbered else _parts(whole, cuts, limit)


def _numbered(whole: str, cuts: Sequence[Cut], limit: int) -> list[str]:
    """Return numbered parts; how many there are decides how much room their numbers take."""
    for digits in count(1):
        parts = _parts(whole, cuts, limit - len(" (/)") - 2 * digits)
        if len(str(len(parts))) <= digits:
            return [f"{part} ({place}/{len(parts)})" for place, part in enumerate(parts, 1)]
    raise AssertionError  # count() never ends; the type checker cannot know


def _parts(whole: str, cuts: Sequence[Cut], limit: int) -> list[str]:
    parts = []
    start = 0
    while start < len(whole):
        cuts = [cut for cut in cuts if cut.end > start]
        cut = _best(whole, start, cuts, limit)
        parts.append(whole[start : cut.end])
        start = cut.start
    return parts


def _best(whole: str, start: int, cuts: Sequence[Cut], limit: int) -> Cut:
    """Return where the part that begins at `start` ends."""
    for tier in _TIERS:
        allowed = [cut for cut in cuts if cut.kind <= tier]
        fitting = allowed[: _how_many_fit(whole, start, allowed, limit)]
        if fitting:
            return fitting[-1] if fitting[-1].end == len(whole) else _nicest(start, fitting)
    raise BadXText("x_text_unsplittable", limit=limit)


def _how_many_fit(whole: str, start: int, cuts: Sequence[Cut], limit: int) -> int:
    """Return how many cuts leave a part short enough; a longer part is taken to weigh more.

    Looks first where plain Thai would end, then further and further from there: measuring is slow.
    """
    low, high, step = 0, len(cuts) + 1, 1
    probe = bisect_right(cuts, start + limit, key=lambda cut: cut.end)
    while high - low > 1:
        probe = min(max(probe, low + 1), high - 1)
        if length(whole[start : cuts[probe - 1].end]) <= limit:
            low, probe = probe, probe + step
        else:
            high, probe = probe, probe - step
        step *= 2
        if low > 0 and high <= len(cuts):
            probe = (low + high) // 2
    return low


def _nicest(start: int, fitting: Sequence[Cut]) -> Cut:
    last = fitting[-1]
    for kind, enough in _ENOUGH.items():
        least = start + enough * (last.end - start)
        found = next((cut for cut in reversed(fitting) if cut.kind == kind and cut.end >= least), None)
        if found:
            return found
    return last
