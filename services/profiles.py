"""3a5: a look at a channel's profile, point by point; a month without a look is not known, not wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput
from core.vocab import Channel, Role
from models import Person, ProfileCheck
from services import audit
from services.people import require
from services.typed import line

POINTS: Final = ("name", "seal", "cover", "about", "contact", "site", "pinned", "privacy")


def look(
    session: Session, channel: Channel, points: Mapping[str, bool], note: str, person: Person, now: datetime
) -> list[ProfileCheck]:  # fmt: skip
    """Keep one look at a channel: each point right or wrong; raises points_missing if one was left out."""
    require(person, Role.OFFICER, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    if set(points) != set(POINTS):
        raise BadInput("points_missing", field="points")
    words = line(note, "note", 300)
    rows = [
        ProfileCheck(
            channel=channel, point=point, ok=points[point], note=words, checked_by=person.id, checked_at=now
        )
        for point in POINTS
    ]
    session.add_all(rows)
    right = sum(points.values())
    audit.record(session, person.id, "profile.look", rows[0], now, channel=channel, right=right)
    return rows


def recent_looks(session: Session, limit: int = 200) -> Sequence[ProfileCheck]:
    """Return the newest looks, point by point."""
    return session.scalars(select(ProfileCheck).order_by(ProfileCheck.id.desc()).limit(limit)).all()
