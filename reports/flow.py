"""A paper as a flow of plain blocks, worded: what is set as PDF and what an office can edit are the same."""

from dataclasses import asdict, dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 begins a section."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Words:
    """One paragraph; `label` stands before it in bold, `note` is small print about the paper itself."""

    text: str
    label: str = ""
    indent: int = 0
    note: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; every row has as many cells as there are heads. `widths`: shares of the line, in parts."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class SignHere:
    """A place to sign: what is printed around the dots; empty name or position leave dots of their own."""

    sign: str
    role: str
    name: str
    position_label: str
    position: str
    note: str = ""


Block: TypeAlias = Heading | Words | Grid | SignHere


def plain(block: Block) -> dict[str, Any]:
    """Return a block as JSON values that name its kind."""
    return {"kind": type(block).__name__.lower(), **asdict(block)}
