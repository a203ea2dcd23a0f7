"""What citizens say under our posts: counts and times for long, words only until they are dealt with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.vocab import Channel, CommentState, ReplyState
from models.base import Base, words
from models.deliveries import Delivery


class Comment(Base):
    """One comment of a citizen; body and author go when it was dealt with, at the latest after 90 days."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("account_id", "remote_id"),
        Index(None, "state", "written_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))  # the post it stands under
    remote_id: Mapped[str] = mapped_column(String(80))  # a keyed hash once the words are gone
    author_hash: Mapped[str] = mapped_column(
        String(64), default=""
    )  # keyed; empty: the platform does not say
    body: Mapped[str | None] = mapped_column(Text)
    state: Mapped[CommentState] = mapped_column(words(CommentState), default=CommentState.WAITING)
    written_at: Mapped[datetime]
    read_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # our first answer, by the platform's clock
    settled_at: Mapped[datetime | None]
    delivery: Mapped[Delivery] = relationship(lazy="raise")

    def settle(self, state: CommentState, now: datetime, answered_at: datetime | None = None) -> None:
        """Deal with a comment: its words go, its times stay."""
        self.state, self.settled_at, self.body = state, now, None
        self.answered_at = answered_at


class Reply(Base):
    """An answer of the office to one comment: written by one person, let out by another, then a delivery."""

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[ReplyState] = mapped_column(words(ReplyState), default=ReplyState.WAITING)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), unique=True)
    comment: Mapped[Comment] = relationship(lazy="raise")
    delivery: Mapped[Delivery | None] = relationship(lazy="raise")

    def rewrite(self, body: str, author_id: int, now: datetime) -> None:
        """Wait for an approver anew, with other words."""
        self.body, self.author_id, self.written_at = body, author_id, now
        self.state, self.reason, self.decided_by, self.decided_at = ReplyState.WAITING, "", None, None

    def decide(self, state: ReplyState, person_id: int, now: datetime, reason: str = "") -> None:
        """Keep what an approver decided."""
        self.state, self.decided_by, self.decided_at, self.reason = state, person_id, now, reason


class CommentLook(Base):
    """When the comments under a live post are read next; a webhook only brings the moment forward."""

    __tablename__ = "comment_look"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # null: the post is too old
    read_at: Mapped[datetime | None]


class WebhookNote(Base):
    """A platform's word that something happened, without names or words; a worker then reads what."""

    __tablename__ = "webhook_note"
    __table_args__ = (Index(None, "done_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # the same word twice is one row
    external_id: Mapped[str] = mapped_column(String(40))  # the account it came for
    post_id: Mapped[str] = mapped_column(String(80), default="")
    told_at: Mapped[datetime]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
