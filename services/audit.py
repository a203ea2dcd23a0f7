"""Who did what, and who tried: appended in the same transaction as the deed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.base import Base


def record(
    session: Session, person_id: int | None, action: str, about: Base | None, now: datetime, **detail: object
) -> None:
    """Append one deed.

    person_id: None for the system or the command line. action: `noun.verb`, a key of the locales' [audit].
    about: the row it was done to, flushed if it has no id yet. detail: plain JSON values, never a secret.
    """
    session.add(
        AuditEvent(
            at=now,
            person_id=person_id,
            action=action,
            subject=about.__tablename__ if about is not None else "",
            subject_id=_id_of(session, about),
            detail=detail,
        )
    )


def trail(session: Session, about: Base) -> Sequence[AuditEvent]:
    """Return every deed done to a row, oldest first."""
    return session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject == about.__tablename__, AuditEvent.subject_id == _id_of(session, about))
        .order_by(AuditEvent.id)
    ).all()


def recent(session: Session, limit: int = 100, before_id: int | None = None) -> Sequence[AuditEvent]:
    """Return the newest deeds; before_id pages backwards."""
    rows = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    return session.scalars(rows.where(AuditEvent.id < before_id) if before_id else rows).all()


def _id_of(session: Session, about: Base | None) -> int | None:
    if about is None:
        return None
    if getattr(about, "id", None) is None:
        session.flush()
    identity: int | None = getattr(about, "id", None)
    return identity
