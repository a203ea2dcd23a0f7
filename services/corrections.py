"""3e2: posts corrected or withdrawn for a wrong fact or name, and the word that a month's list is whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput, NotFound
from core.fiscal import Month
from core.vocab import Role
from models import Correction, NoCorrection, Person, Post
from services import audit
from services.people import require
from services.typed import line

KEEPERS = (Role.OFFICER, Role.KPI_OFFICER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class CorrectionForm:
    """What was wrong, when somebody noticed, when it was right again (None: not known)."""

    post_id: int
    wrong: str
    noticed_at: datetime
    corrected_at: datetime | None = None


def add_correction(session: Session, form: CorrectionForm, person: Person, now: datetime) -> Correction:
    """Keep a correction; raises post_unknown, wrong_empty, corrected_before_noticed, day_in_future."""
    require(person, *KEEPERS)
    if session.get(Post, form.post_id) is None:
        raise NotFound("post_unknown", field="post_id")
    if form.noticed_at > now:
        raise BadInput("day_in_future", field="noticed_day", day=form.noticed_at)
    if form.corrected_at is not None and form.corrected_at < form.noticed_at:
        raise BadInput("corrected_before_noticed", field="corrected_day")
    row = Correction(
        post_id=form.post_id, wrong=line(form.wrong, "wrong", 300, needed="wrong_empty"),
        noticed_at=form.noticed_at, corrected_at=form.corrected_at, recorded_by=person.id, recorded_at=now,
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "correction.add", row, now, post_id=form.post_id)
    return row


def say_whole(session: Session, month: Month, person: Person, now: datetime) -> NoCorrection:
    """Say that a month had no corrections but those listed; raises month_not_over."""
    require(person, *KEEPERS)
    if month.end() > now:
        raise BadInput("month_not_over", field="month")
    row = NoCorrection(month=str(month), said_by=person.id, said_at=now)
    session.add(row)
    audit.record(session, person.id, "correction.whole", row, now, month=str(month))
    return row


def list_corrections(session: Session, limit: int = 200) -> Sequence[tuple[Correction, str]]:
    """Return corrections with their posts' titles, newest first."""
    rows = session.execute(
        select(Correction, Post.title)
        .join(Post, Post.id == Correction.post_id)
        .order_by(Correction.id.desc())
        .limit(limit)
    )
    return [(row, title) for row, title in rows]


def whole_months(session: Session) -> list[str]:
    """Return the months of which somebody said that the list is whole."""
    return sorted(set(session.scalars(select(NoCorrection.month))))
