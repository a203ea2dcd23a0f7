"""What a live probe of an account found; only ever appended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class ProbeRecord(Base):
    """One try of draft and flip on the real platform: the only thing that may switch two-phase sending on."""

    __tablename__ = "probe_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    api_version: Mapped[str] = mapped_column(String(20))
    held: Mapped[bool]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # [{step, held, detail}] in order
