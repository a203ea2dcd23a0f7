"""What people put right in the reference data that the product ships: names, numbers, days of validity."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ReferenceEntry(Base):
    """One entry as somebody corrected or added it; the newest of a kind and code is the one that holds."""

    __tablename__ = "reference_entry"
    __table_args__ = (Index(None, "kind", "code", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # agency | district | hotline | pillar
    code: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict[str, str]] = mapped_column(JSON)  # name, name_en, short, note
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
