"""More of the port: what people say under our posts, read and hidden; our answers are posts like others.

An answer is published as Message(kind=COMMENT, reply_to=comment id): the same uncertainty, the same read-back
(`Replying.find_replies`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from connectors.base import Access, Connector


@dataclass(frozen=True)
class Comment:
    """One comment as the platform shows it. author: empty where the platform keeps it to itself.

    parent_id: the comment that this one answers; empty: it stands directly under the post. ours: we wrote it.
    """

    remote_id: str
    post_id: str
    text: str
    created_at: datetime
    author: str = ""
    parent_id: str = ""
    ours: bool = False
    hidden: bool = False
    permalink: str = ""
    likes: int | None = None


@dataclass(frozen=True)
class Comments:
    """Comments, newest first; complete: all since were seen.

    The post's own count may be higher: deleted, hidden and private ones cannot be read.
    """

    rows: tuple[Comment, ...]
    complete: bool


@runtime_checkable
class Commenting(Connector, Protocol):
    """A channel whose comments can be read and hidden. Both raise RetryLater or Rejected only."""

    def read_comments(self, access: Access, remote_id: str, since: datetime | None = None) -> Comments:
        """Return the comments under a post and the answers to them; Rejected `not_found` without the post."""
        ...

    def hide_comment(self, access: Access, comment_id: str, *, hidden: bool) -> None:
        """Hide a comment from all but its author and their friends, or show it again; may be repeated."""
        ...


@runtime_checkable
class Telling(Connector, Protocol):
    """A channel that can tell us of comments as they come; reading them from time to time must suffice."""

    def subscribe(self, access: Access) -> None:
        """Ask to be told what happens on this account; may be repeated. RetryLater or Rejected only."""
        ...
