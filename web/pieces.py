"""A stored post as people look at it: each channel's texts in the order in which they go out."""

from dataclasses import dataclass, field

from core.vocab import Channel
from models import Delivery, Post
from services.payloads import freeze
from services.posts import PostView
from web.differences import Change, changes


@dataclass(frozen=True)
class Piece:
    """One text as it will be sent; changes: from what was approved last, empty if nothing was."""

    channel: Channel
    text: str
    comment: bool = False
    changes: list[Change] = field(default_factory=list)


def pieces_of(post: Post) -> list[Piece]:
    """Return all texts of a post."""
    return [
        Piece(variant.channel, payload["text"], payload["kind"] == "comment")
        for variant in post.variants
        for payload in freeze(post, variant)
    ]


def compared(view: PostView) -> list[Piece]:
    """Put each text beside what was last approved in its place: the frozen payload says what that was."""
    approved: dict[tuple[Channel, int], str] = {}
    for row in view.deliveries:
        approved[(row.account.channel, row.part)] = str(row.payload["text"])
    found, place = [], dict.fromkeys(Channel, 0)
    for one in pieces_of(view.post):
        place[one.channel] += 1
        before = approved.get((one.channel, place[one.channel]), "")
        found.append(Piece(one.channel, one.text, one.comment, changes(before, one.text) if before else []))
    return found


def chains_of(view: PostView) -> list[list[Delivery]]:
    """Return the deliveries of a post, the parts of a thread together, what was approved last first."""
    found: dict[tuple[int, int], list[Delivery]] = {}
    for row in view.deliveries:
        found.setdefault((-row.approved_revision, row.account_id), []).append(row)
    return [sorted(chain, key=lambda row: row.part) for _, chain in sorted(found.items())]
