"""What somebody must know and has not been told yet; one open row per kind and subject, not one per time."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import AlertKind
from models.base import Base, words

OPEN = text("closed_at IS NULL")


class Alert(Base):
    """One trouble from its first sight until it is over or seen; the kind says what subject_id counts."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("uq_alert_open", "kind", "subject_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(words(AlertKind))
    subject_id: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(String(80), default="")  # code of locales [reason], empty if none
    count: Mapped[int] = mapped_column(default=1)  # how often, or of how many things, since it opened
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
