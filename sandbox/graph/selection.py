"""Graph field selections: `id,shares,comments.limit(0).summary(true),attachments{media_type,target{id}}`."""

import re
from dataclasses import dataclass, field

from sandbox.graph.errors import GraphError, Problem

_NAME = re.compile(r"[a-z_0-9]+", re.IGNORECASE)
_CALL = re.compile(r"\.([a-z_]+)\(([^()]*)\)", re.IGNORECASE)


@dataclass(slots=True)
class Field:
    """One selected field: its modifiers, such as limit(0), and the fields asked inside its braces."""

    name: str
    modifiers: dict[str, str] = field(default_factory=dict)
    inner: list["Field"] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The name under which it is answered: `.as(love)` renames it."""
        return self.modifiers.get("as", self.name)

    @property
    def wants_summary(self) -> bool:
        return self.modifiers.get("summary", "false") not in ("false", "0")


def parse(text: str) -> list[Field]:
    """Return the selected fields in order. Raises GraphError (code 2500) on a malformed selection."""
    fields, end = _list(text, 0)
    if end != len(text):
        raise _syntax(text[end:])
    return fields


def _list(text: str, at: int) -> tuple[list[Field], int]:
    fields = []
    while True:
        one, at = _one(text, at)
        fields.append(one)
        if at >= len(text) or text[at] != ",":
            return fields, at
        at += 1


def _one(text: str, at: int) -> tuple[Field, int]:
    name = _NAME.match(text, at)
    if name is None:
        raise _syntax(text[at:])
    one = Field(name.group())
    at = name.end()
    while modifier := _CALL.match(text, at):
        one.modifiers[modifier[1]] = modifier[2]
        at = modifier.end()
    if at < len(text) and text[at] == "{":
        one.inner, at = _list(text, at + 1)
        if at >= len(text) or text[at] != "}":
            raise _syntax(text[at:])
        at += 1
    return one, at


def _syntax(rest: str) -> GraphError:
    return GraphError(Problem(400, 2500, f'Syntax error "Expected name." at: {rest[:40]!r}'))
