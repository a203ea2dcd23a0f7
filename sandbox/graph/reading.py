"""Reading fields of whatever has an id: what is known of it, and the refusal of what is not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.accounts import Account, Token
from sandbox.graph.call import GraphCall
from sandbox.graph.errors import bad_parameter
from sandbox.graph.selection import Field
from sandbox.things import Comment, Media, Post

ABSENT = object()  # the field exists but has nothing to say: it is left out of the answer


@dataclass(frozen=True, slots=True)
class Reading:
    """A token reading one field."""

    call: GraphCall
    token: Token
    field: Field


T = TypeVar("T", Account, Post, Media, Comment)
Reader = Callable[[T, Reading], object]


def read_fields(
    kind: str, known: Mapping[str, Reader[T]], thing: T, readings: list[Reading]
) -> dict[str, Any]:
    """Return the chosen fields and always the id; one unknown field refuses the whole call."""
    for reading in readings:
        if reading.field.name not in known:
            told = f"Tried accessing nonexisting field ({reading.field.name}) on node type ({kind})"
            raise bad_parameter(told)
    answer = {reading.field.key: known[reading.field.name](thing, reading) for reading in readings}
    return {name: value for name, value in answer.items() if value is not ABSENT} | {"id": thing.id}
