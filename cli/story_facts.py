"""What a step of the story shows: a named figure, and whether it is the right one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One line under a step; `name` is a key of the locales' [story.fact]."""

    name: str
    value: str
    holds: bool = True


def equal(name: str, found: object, wanted: object) -> Fact:
    """Return a fact that holds if what was found is what was wanted, and shows both if not."""
    same = found == wanted
    return Fact(name, str(found) if same else f"{found} ≠ {wanted}", holds=same)


def shown(name: str, found: object, *, holds: bool = True) -> Fact:
    """Return a fact that holds on a condition of its own."""
    return Fact(name, str(found), holds=holds)
