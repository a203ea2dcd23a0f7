"""Draft first, then make it public (Facebook's two calls): a second, smaller machine of model.py's kind.

Making the same draft public twice is one post. Nothing here waits: after any doubt the row is due at once.
"""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

ATTEMPTS = 3


class Hand(NamedTuple):
    """step: idle, claimed (no draft in hand), holding (made one), flipping (about to make public)."""

    step: str = "idle"
    fence: int = 0
    draft: int = 0


class Stage(NamedTuple):
    """The row (its draft is written once), the hands, drafts made public, and calls that land late."""

    row: str = "due"
    fence: int = 0
    draft: int = 0
    hands: tuple[Hand, Hand] = (Hand(), Hand())
    made: int = 0
    public: frozenset[int] = frozenset()
    late: frozenset[int] = frozenset()


def explore_two_phase(*, stored_only: bool) -> tuple[int, bool]:
    """Visit every state; return their number and whether two drafts became public in one of them."""
    seen, queue = {Stage()}, deque([Stage()])
    doubled = False
    while queue:
        stage = queue.popleft()
        doubled = doubled or len(stage.public) > 1
        for following in _following(stage, stored_only=stored_only):
            if following not in seen:
                seen.add(following)
                queue.append(following)
    return len(seen), doubled


def _following(stage: Stage, *, stored_only: bool) -> Iterator[Stage]:
    for number, hand in enumerate(stage.hands):
        yield from _step(stage, number, hand, stored_only=stored_only)
        if hand.step != "idle":
            yield _with(stage, number, Hand())  # killed here
    if stage.row == "sending":
        yield stage._replace(row="due")  # the lease is over, whoever still works on it
    for draft in stage.late:
        yield stage._replace(public=stage.public | {draft}, late=stage.late - {draft})


def _step(stage: Stage, number: int, hand: Hand, *, stored_only: bool) -> Iterator[Stage]:
    match hand.step:
        case "idle" if stage.row == "due" and stage.fence < ATTEMPTS:
            fence = stage.fence + 1
            step = "flipping" if stage.draft and stored_only else "claimed"
            taken = stage._replace(row="sending", fence=fence)
            yield _with(taken, number, Hand(step, fence, stage.draft))
        case "claimed":
            made = stage.made + 1
            yield _with(stage._replace(made=made), number, hand._replace(step="holding", draft=made))
            yield _with(stage._replace(made=made, row="due"), number, Hand())  # the answer was lost
        case "holding":
            yield _store(stage, number, hand, stored_only=stored_only)
        case "flipping":
            yield from _flip(stage, number, hand)


def _store(stage: Stage, number: int, hand: Hand, *, stored_only: bool) -> Stage:
    """Write the draft's id down if the fence is ours and none stands there; then use what stands there."""
    if not stored_only:
        return _with(stage, number, hand._replace(step="flipping"))
    if stage.fence == hand.fence and not stage.draft:
        stage = stage._replace(draft=hand.draft)
    if not stage.draft:
        return _with(stage, number, Hand())
    return _with(stage, number, hand._replace(step="flipping", draft=stage.draft))


def _flip(stage: Stage, number: int, hand: Hand) -> Iterator[Stage]:
    rest = _with(stage, number, Hand())
    public = stage.public | {hand.draft}
    yield rest._replace(row="done" if stage.fence == hand.fence else stage.row, public=public)
    yield rest._replace(row="due", public=public)
    yield rest._replace(row="due")
    yield rest._replace(row="due", late=stage.late | {hand.draft})


def _with(stage: Stage, number: int, hand: Hand) -> Stage:
    first, second = stage.hands
    return stage._replace(hands=(hand, second) if number == 0 else (first, hand))
