"""Election and mourning: times in which what is queued is looked at again before it may go out."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import ModeKind
from models.base import Base, words


class Mode(Base):
    """One such time: from when, until when if known, who declared it and why."""

    __tablename__ = "mode"
    __table_args__ = (CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ModeKind] = mapped_column(words(ModeKind))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Clearance(Base):
    """One post let out during a mode, by whom and why."""

    __tablename__ = "clearance"

    mode_id: Mapped[int] = mapped_column(ForeignKey("mode.id"), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(300))
