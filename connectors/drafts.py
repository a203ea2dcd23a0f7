"""More of the port, for channels that can hold a post back: a draft that nobody sees, then made public."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from connectors.base import Access, Connector, Line, Message, Receipt, RemotePost


@dataclass(frozen=True)
class Draft:
    """A post read by its id, with whether citizens can see it."""

    post: RemotePost
    public: bool


class DraftLine(Line, Protocol):
    """One connection, opened now, for one call of the two."""

    def draft(self, message: Message) -> Receipt:
        """Make an invisible draft; the receipt's remote_id is its id. Raises PlatformTrouble.

        OutcomeUnknown leaves at most an orphan that nobody sees: making another is harmless.
        """
        ...

    def flip(self, draft_id: str) -> Receipt:
        """Make a draft public; a second time is the same post. Raises PlatformTrouble."""
        ...


@runtime_checkable
class Drafting(Connector, Protocol):
    """A channel with drafts. Reads and `delete` raise RetryLater or Rejected only."""

    api_version: str

    def open(self, access: Access) -> AbstractContextManager[DraftLine]:
        """Connect now; RetryLater if that fails, and then nothing was sent."""
        ...

    def read_draft(self, access: Access, draft_id: str) -> Draft | None:
        """Return a draft, public by now or not, or None if the platform says that it is not there."""
        ...

    def delete(self, access: Access, remote_id: str) -> None:
        """Take a post or draft away; one that is not there any more counts as taken away."""
        ...
