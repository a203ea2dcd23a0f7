"""The office's accounts on the platforms, and the switches that stop publishing."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import Channel, Health
from models.base import Base, words


class Account(Base):
    """One Facebook Page or one X account, with its tokens encrypted."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    name: Mapped[str] = mapped_column(String(200))
    external_id: Mapped[str] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=True)
    key_id: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes]  # AES-256-GCM over the JSON of tokens, bound to channel and external id
    health: Mapped[Health] = mapped_column(words(Health), default=Health.UNCHECKED)
    health_reason: Mapped[str] = mapped_column(String(200), default="")
    checked_at: Mapped[datetime | None]
    blocked_until: Mapped[datetime | None]
    probe_at: Mapped[datetime | None]  # when to ask next whether it can publish
    # when posts were last seen able to go out here; after a gap, what was due before late_before is paced
    open_at: Mapped[datetime | None]
    late_before: Mapped[datetime | None]
    paced_at: Mapped[datetime | None]
    two_phase: Mapped[bool] = mapped_column(default=False)
    probed_at: Mapped[datetime | None]  # when it was last asked, whether it answered or not
    # OAuth 2.0: the stored token is used until then; from refresh_at on, one worker fetches the next
    access_until: Mapped[datetime | None]
    refresh_at: Mapped[datetime | None]
    refreshing_until: Mapped[datetime | None]
    refreshed_at: Mapped[datetime | None]
    # as the platform told; null: never, or not told
    token_ends_at: Mapped[datetime | None]
    data_access_ends_at: Mapped[datetime | None]
    ending_told: Mapped[int | None]  # the smallest of 14, 7 and 1 days for which an alert was raised
    disconnected_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Switch(Base):
    """A stop: of everything, of one account, or of one event's posts. Read in the claim's own statement."""

    __tablename__ = "switch"
    __table_args__ = (UniqueConstraint("scope", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(12))  # all | account | event
    subject_id: Mapped[int] = mapped_column(default=0)
    stopped: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(300), default="")
