"""Posts as people write them: texts per channel, pictures, review; and every change of state ever made."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from core.errors import IllegalMove
from core.lifecycle import post_may
from core.vocab import Category, Channel, PostKind, PostState, ReplySettings
from models.base import Base, words


class Move(Base):
    """One change of state: who, when, why. Only appended: it proves what was approved before it went out."""

    __tablename__ = "move"
    __table_args__ = (Index(None, "subject", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(10))  # post | delivery
    subject_id: Mapped[int]
    origin: Mapped[str] = mapped_column(String(24))
    target: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(String(300), default="")


class Asset(Base):
    """A picture or file, stored once under its SHA-256."""

    __tablename__ = "asset"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    mime: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200))
    rights: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]


class Post(Base):
    """What the office wants to say, once per channel, at one time."""

    __tablename__ = "post"
    __table_args__ = (Index(None, "due_at"), Index(None, "event_id"), Index(None, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[PostKind] = mapped_column(words(PostKind))
    title: Mapped[str] = mapped_column(String(300))
    link: Mapped[str] = mapped_column(String(500), default="")
    poll: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # {options: [str], minutes: int}
    reply_settings: Mapped[ReplySettings] = mapped_column(
        words(ReplySettings), default=ReplySettings.EVERYONE, server_default=ReplySettings.EVERYONE.value
    )
    first_comment: Mapped[str] = mapped_column(Text, default="", server_default="")  # Facebook's
    due_at: Mapped[datetime | None]
    not_after: Mapped[datetime | None]
    state: Mapped[PostState] = mapped_column(words(PostState), default=PostState.DRAFT)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    approved_revision: Mapped[int | None]
    variants: Mapped[list["PostVariant"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="PostVariant.channel"
    )
    categories: Mapped[list["PostCategory"]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    media: Mapped[list["PostMedia"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="PostMedia.position"
    )
    __mapper_args__ = {"version_id_col": revision, "version_id_generator": False}

    def move(self, target: PostState, at: datetime, person_id: int | None, why: str = "") -> None:
        """Go to a state and append the Move; IllegalMove if the table has no such arrow."""
        if not post_may(self.state, target):
            raise IllegalMove(subject="post", id=self.id, origin=self.state.value, target=target.value)
        session: Session | None = object_session(self)
        if session is None:
            raise IllegalMove("detached", subject="post", id=self.id)
        session.add(
            Move(
                subject="post", subject_id=self.id, origin=self.state.value, target=target.value,
                at=at, person_id=person_id, why=why,
            )
        )  # fmt: skip
        self.state = target


class PostMedia(Base):
    """One picture, GIF or video of a post, in its place, with the words for who cannot see it."""

    __tablename__ = "post_media"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"))
    alt_text: Mapped[str] = mapped_column(String(1000))
    asset: Mapped[Asset] = relationship(lazy="joined")


class PostVariant(Base):
    """The text of a post for one channel; a post goes only to channels it has a variant for."""

    __tablename__ = "post_variant"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    thread: Mapped[list[str]] = mapped_column(
        JSON, default=list, server_default="[]"
    )  # what follows the body


class PostCategory(Base):
    """Which of the eight kinds of level 2 a post serves, and why an officer says so."""

    __tablename__ = "post_category"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    category: Mapped[Category] = mapped_column(words(Category), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    item_id: Mapped[int | None] = mapped_column(ForeignKey("content_item.id"))


class Review(Base):
    """One decision of one approver on one revision."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("post_id", "revision", "decision"),
        CheckConstraint("approver_id <> author_id", name="four_eyes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    revision: Mapped[int]
    decision: Mapped[str] = mapped_column(String(10))  # approved | returned
    approver_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")
    payload_sha256: Mapped[str] = mapped_column(String(64), default="")
