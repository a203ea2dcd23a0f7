"""The office's plan: events, holidays and the approved plan document."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from core.errors import IllegalMove
from core.lifecycle import event_may
from core.vocab import EventState
from models.base import Base, words


class Event(Base):
    """Something that will happen and that people should know of beforehand."""

    __tablename__ = "event"
    __table_args__ = (CheckConstraint("ends_at >= starts_at", name="order"), Index(None, "starts_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    all_day: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(String(300), default="")
    host: Mapped[str] = mapped_column(String(200), default="")
    target_group: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[EventState] = mapped_column(words(EventState), default=EventState.SCHEDULED)
    public: Mapped[bool] = mapped_column(default=True)
    unplanned: Mapped[bool] = mapped_column(default=False)
    unplanned_reason: Mapped[str] = mapped_column(String(300), default="")
    royal: Mapped[bool] = mapped_column(default=False)
    minors: Mapped[bool] = mapped_column(default=False)
    flagship: Mapped[bool] = mapped_column(default=False, server_default=false())  # photos within two days
    source: Mapped[str] = mapped_column(String(300), default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    revision: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime | None]  # since when citizens see it; null: they do not
    search_key: Mapped[str | None] = mapped_column(Text)  # language.collation.search_key of its words

    def move(self, target: EventState) -> None:
        """Go to a state; IllegalMove if the table has no such arrow. The audit row says who and when."""
        if not event_may(self.state, target):
            raise IllegalMove(subject="event", id=self.id, origin=self.state.value, target=target.value)
        self.state = target


class Holiday(Base):
    """A day the office does not work, with where that is written; the cabinet changes them."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(300))


class PlanDocument(Base):
    """The approved plan of a fiscal year: the whole proof of level 1."""

    __tablename__ = "plan_document"
    __table_args__ = (UniqueConstraint("fiscal_year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(100))
    approver: Mapped[str] = mapped_column(String(200))
    approved_on: Mapped[date]
    covers: Mapped[str] = mapped_column(String(200), default="")  # channels,target_groups,calendar,pillars
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
