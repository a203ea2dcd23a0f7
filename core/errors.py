"""The errors a person may meet: a code and parameters, which the locales turn into a sentence.

RukonError
|-- BadInput       what was typed cannot be used; nothing was changed
|-- NotFound       no such thing, or not for this person
|-- Forbidden      this person may not do that
|-- Conflict       the thing is no longer in the state this needs
`-- Unavailable    something outside did not answer; try again later

Codes are keys of the table [error] in locales/; the words say what happened and what to do next.
"""

from typing import ClassVar


class RukonError(Exception):
    """Something a person must know; the sentence is in the locales under `code`."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, code: str | None = None, /, **params: object) -> None:
        """Keep the parameters of the sentence; `code` overrides the class's own."""
        self.key = code or self.code
        self.params = params
        super().__init__(self.key, params)

    def __str__(self) -> str:
        listed = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.key} ({listed})" if listed else self.key


class BadInput(RukonError):
    """What was typed cannot be used; `field` in params names the field."""

    code = "bad_input"
    status = 422


class NotFound(RukonError):
    """No such thing."""

    code = "not_found"
    status = 404


class Forbidden(RukonError):
    """This person may not do that."""

    code = "forbidden"
    status = 403


class Conflict(RukonError):
    """The thing is not in the state that this needs."""

    code = "conflict"
    status = 409


class IllegalMove(Conflict):
    """A post or delivery cannot go from its present state to the one asked for."""

    code = "illegal_move"


class Unavailable(RukonError):
    """Something outside did not answer."""

    code = "unavailable"
    status = 503
