"""More of the port, for channels where what we said under a post is not on the account's own list."""

from typing import Protocol, runtime_checkable

from connectors.base import Access, Connector, Listing


@runtime_checkable
class Replying(Connector, Protocol):
    """A channel with comments: published as Message(kind=COMMENT, reply_to=...), found under their post."""

    def find_replies(self, access: Access, remote_id: str) -> Listing:
        """Return our own comments under a post, newest first, each with reply_to; complete if all were seen.

        Raises RetryLater or Rejected only; a post that is not there any more has none.
        """
        ...
