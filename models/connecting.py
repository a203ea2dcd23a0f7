"""How accounts come to us: the office's own app on each platform, and sign-ins under way."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import Channel
from models.base import Base, words


class AppKeys(Base):
    """The app that the office registered with a platform; its secret is sealed and never shown again."""

    __tablename__ = "app_keys"

    channel: Mapped[Channel] = mapped_column(words(Channel), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(100))  # app id, or client id
    key_id: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes]  # {"secret": …, "verify_token": …}, bound to the channel
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Handshake(Base):
    """One sign-in on a platform, asked for by one signed-in browser; its state is good once, for minutes."""

    __tablename__ = "handshake"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    session_sha256: Mapped[str] = mapped_column(String(64))  # the browser that may come back with it
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    key_id: Mapped[str] = mapped_column(String(20))
    sealed: Mapped[bytes]  # the PKCE verifier first, then what the platform granted, until it is chosen from
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # the platform's answer came; the same answer again is refused
    closed_at: Mapped[datetime | None]  # chosen from, or given up: nothing is sealed here any more
