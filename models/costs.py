"""What the platforms bill the office for, as it was spent; only ever appended."""

from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import Channel
from models.base import Base, words

NAMED = text("resource <> ''")


class Charge(Base):
    """One billed thing: a request, or a post or user read, which the platform bills once in a UTC day."""

    __tablename__ = "charge"
    __table_args__ = (
        Index(
            "uq_charge_once_a_day", "channel", "operation", "resource", "day",
            unique=True, sqlite_where=NAMED, postgresql_where=NAMED,
        ),
        Index(None, "day"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    day: Mapped[date]  # UTC, as the platform counts
    channel: Mapped[Channel] = mapped_column(words(Channel))
    operation: Mapped[str] = mapped_column(String(24))  # a name of services/prices.toml
    resource: Mapped[str] = mapped_column(String(80), default="")  # remote id; empty: billed by request
    units: Mapped[int] = mapped_column(default=1)
    micro_usd: Mapped[int]  # the price of all units at that time, in millionths of a dollar
