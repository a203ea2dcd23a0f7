"""Readings of counts, only ever appended."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import Metric, ReadingState
from models.base import Base, words


class Reading(Base):
    """One metric as it stood at one moment; value is null unless the state says it was read."""

    __tablename__ = "reading"
    __table_args__ = (
        Index(None, "delivery_id", "metric", "read_at"),
        Index(None, "account_id", "metric", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))  # null: the account itself
    metric: Mapped[Metric] = mapped_column(words(Metric))
    state: Mapped[ReadingState] = mapped_column(words(ReadingState))
    value: Mapped[int | None] = mapped_column(BigInteger)
    read_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(80))  # the platform's own name of the figure
