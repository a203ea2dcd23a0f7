"""How old a program may be that runs on this schema."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SchemaFloor(Base):
    """One row, written by whoever migrates: the oldest version whose programs this schema still serves."""

    __tablename__ = "schema_floor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[str] = mapped_column(String(32))
