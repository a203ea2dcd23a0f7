"""How far this database has come: a count that a file beside it knows too, to recognise an older copy."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Epoch(Base):
    """One row: which database this is, how many heartbeats it has seen, and when the last one was."""

    __tablename__ = "epoch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    database: Mapped[str] = mapped_column(String(36))
    beats: Mapped[int] = mapped_column(BigInteger, default=0)
    beat_at: Mapped[datetime]
