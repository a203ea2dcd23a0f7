"""One post on one account: what is sent, who sends it now, every call made, what the platform shows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from core.errors import IllegalMove
from core.lifecycle import delivery_may
from core.vocab import AttemptOutcome, AttemptPhase, DeliveryState
from models.accounts import Account
from models.base import Base, words
from models.posts import Move, Post

STATES = ", ".join(f"'{state.value}'" for state in DeliveryState)


class Delivery(Base):
    """A frozen payload on its way to one account, at most once."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id", "occurrence"),
        UniqueConstraint("account_id", "remote_id"),
        CheckConstraint(f"state IN ({STATES})", name="known_state"),
        # whole, not of the scheduled alone: SQLite sees in a parameter no reason to use a part
        Index("ix_delivery_claim", "state", "due_at", "id"),
        Index("ix_delivery_next", "state", "next_at"),
        Index("ix_delivery_watch", "state", "lease_until"),
        Index("ix_delivery_due_at", "due_at"),
        Index("ix_delivery_follows", "follows_id", sqlite_where=text("follows_id IS NOT NULL"),
              postgresql_where=text("follows_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    occurrence: Mapped[int] = mapped_column(default=1)  # counts on when a post is approved anew
    # a thread or a first comment is a chain: part 1 follows nothing, each later part the one before it
    part: Mapped[int] = mapped_column(default=1, server_default="1")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    approved_revision: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)  # services.payloads
    payload_sha256: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    not_after: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState), default=DeliveryState.SCHEDULED)
    fence: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None]
    next_at: Mapped[datetime]  # scheduled: earliest next claim; uncertain: next read-back
    absent_reads: Mapped[int] = mapped_column(default=0)
    resends: Mapped[int] = mapped_column(default=0)
    # the one draft that may be made public: written once, under the fence
    draft_id: Mapped[str | None] = mapped_column(String(80))
    # the time before a restore in which it may have gone out without these books knowing; null: they know
    lost_from: Mapped[datetime | None]
    lost_until: Mapped[datetime | None]
    remote_id: Mapped[str | None] = mapped_column(String(80))
    permalink: Mapped[str | None] = mapped_column(String(500))
    published_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    metrics_next_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(80), default="")  # code of locales [reason]
    detail: Mapped[str] = mapped_column(String(500), default="")  # the platform's own words, redacted
    post: Mapped[Post] = relationship(lazy="raise")
    account: Mapped[Account] = relationship(lazy="raise")
    follows: Mapped["Delivery | None"] = relationship(lazy="raise", remote_side="Delivery.id")

    def move(self, target: DeliveryState, at: datetime, person_id: int | None = None, why: str = "") -> None:
        """Go to a state and append the Move; IllegalMove if the table has no such arrow."""
        if not delivery_may(self.state, target):
            raise IllegalMove(subject="delivery", id=self.id, origin=self.state.value, target=target.value)
        session: Session | None = object_session(self)
        if session is None:
            raise IllegalMove("detached", subject="delivery", id=self.id)
        session.add(
            Move(
                subject="delivery", subject_id=self.id, origin=self.state.value, target=target.value,
                at=at, person_id=person_id, why=why,
            )
        )  # fmt: skip
        self.state = target


class Attempt(Base):
    """One call, written down before it is made. No row, no call."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("delivery_id", "fence", "phase"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    fence: Mapped[int]
    phase: Mapped[AttemptPhase] = mapped_column(words(AttemptPhase))
    owner: Mapped[str] = mapped_column(String(36))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[AttemptOutcome] = mapped_column(words(AttemptOutcome), default=AttemptOutcome.OPEN)
    http_status: Mapped[int | None]
    request_sha256: Mapped[str] = mapped_column(String(64))
    remote_id: Mapped[str | None] = mapped_column(String(80))
    trace_id: Mapped[str] = mapped_column(String(80), default="")
    code: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[str] = mapped_column(String(500), default="")


class StagedMedia(Base):
    """A file uploaded for a delivery, or being uploaded; repeating an upload has no public effect.

    Kept per delivery: a Facebook photo that has been attached to one post cannot be attached to another.
    """

    __tablename__ = "staged_media"
    __table_args__ = (UniqueConstraint("delivery_id", "sha256", "alt_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    alt_sha256: Mapped[str] = mapped_column(String(64))
    remote_id: Mapped[str | None] = mapped_column(String(80))  # null: not ready yet
    expires_at: Mapped[datetime]
    resume: Mapped[str] = mapped_column(String(500), default="", server_default="")  # how an upload goes on
    busy_until: Mapped[datetime | None]  # somebody uploads it now


class Incarnation(Base):
    """One life of one process; its lock file proves whether it still lives."""

    __tablename__ = "incarnation"

    uuid: Mapped[str] = mapped_column(String(36), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    host: Mapped[str] = mapped_column(String(100))
    pid: Mapped[int]
    # tells a process from another that has the same number later
    pid_mark: Mapped[str] = mapped_column(String(40), server_default="")
    lock_path: Mapped[str] = mapped_column(String(500))
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Snapshot(Base):
    """What the platform itself showed when we read a post back: the strongest proof there is."""

    __tablename__ = "snapshot"
    __table_args__ = (Index(None, "delivery_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    read_at: Mapped[datetime]
    live: Mapped[bool]
    remote_id: Mapped[str] = mapped_column(String(80))
    permalink: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime | None]
    body: Mapped[str] = mapped_column(Text, default="")
    raw: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
