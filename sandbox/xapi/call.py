"""One call to the X API: the caller, its query checked against what the endpoint knows."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sandbox.accounts import Account, X
from sandbox.incoming import Incoming
from sandbox.state import World
from sandbox.xapi.auth import Caller
from sandbox.xapi.errors import XError, invalid, not_found

POSTS_READ = "x posts read"  # how the world counts them


@dataclass(slots=True)
class XCall:
    """A call after its credentials were checked; `ids` are the path's parameters."""

    world: World
    incoming: Incoming
    caller: Caller
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        return self.incoming.query

    def allow(self, names: Collection[str]) -> None:
        """Refuse any query parameter the endpoint does not know."""
        for name in self.query:
            if name not in names:
                told = ",".join(sorted(names))
                raise invalid(f"The query parameter [{name}] is not one of [{told}]", name, self.query[name])

    def listed(self, name: str, known: Collection[str]) -> list[str]:
        """Return a comma list whose every value must be known."""
        values = [value for value in self.query.get(name, "").split(",") if value]
        for value in values:
            if value not in known:
                told = ",".join(sorted(known))
                message = f"The `{name}` query parameter value [{value}] is not one of [{told}]"
                raise invalid(message, name, self.query[name])
        return values

    def number(self, name: str, default: int, span: tuple[int, int]) -> int:
        text = self.query.get(name, str(default))
        low, high = span
        if not text.isdigit() or not low <= int(text) <= high:
            message = f"The `{name}` query parameter value [{text}] is not between {low} and {high}"
            raise invalid(message, name, text)
        return int(text)

    def body(self) -> dict[str, Any]:
        """Return the JSON object sent; {} for none. Raises XError 400 when it is none."""
        if self.incoming.broken_json or not isinstance(self.incoming.json, dict | None):
            raise invalid("The request body is not valid JSON.")
        return self.incoming.json or {}

    def named_user(self) -> Account:
        """Return the user the path names. Raises XError 404-like 200 body when unknown."""
        account = self.world.books.accounts.get((X, self.ids["id"]))
        if account is None:
            raise XError(200, {"errors": [not_found(self.ids["id"], "id", "user")]})
        return account
