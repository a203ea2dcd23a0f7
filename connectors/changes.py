"""More of the port: changing and taking away what is public already."""

from typing import Protocol, runtime_checkable

from connectors.base import Access, Connector


@runtime_checkable
class Deleting(Connector, Protocol):
    """A channel from which a post or a comment of ours can be taken away."""

    def delete(self, access: Access, remote_id: str) -> None:
        """Take it away; what is not there any more counts as taken away. RetryLater or Rejected only."""
        ...


@runtime_checkable
class Editing(Connector, Protocol):
    """A channel where a post's words can be put right; its id stays. Safe to repeat: the last text stands."""

    def edit(self, access: Access, remote_id: str, text: str) -> None:
        """Put another text in place of a post's or comment's; RetryLater or Rejected only."""
        ...
