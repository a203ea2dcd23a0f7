"""3d2: figures of a month that no interface gives, read by a person off the platform's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput
from core.fiscal import Month
from core.vocab import Role
from models import MonthCount, Person
from services import audit
from services.media import Upload, store_file
from services.people import require
from services.runtime import Runtime
from services.typed import line

NAMES: Final = ("saves", "hashtag_uses")


@dataclass(frozen=True)
class CountForm:
    """One figure of one month: where it was read, with the page's own export if there is one."""

    month: Month
    name: str
    value: int | None
    source: str
    upload: Upload | None = None


def add_count(rt: Runtime, form: CountForm, person: Person) -> MonthCount:
    """Keep a figure; the newest of a month counts. Raises choose_one, value_missing, source_empty, file_*."""
    require(person, Role.OFFICER, Role.KPI_OFFICER)
    now = rt.clock.now()
    if form.name not in NAMES:
        raise BadInput("choose_one", field="name")
    if form.value is None:
        raise BadInput("value_missing", field="value")
    if form.month.start() > now:
        raise BadInput("month_in_future", field="month")
    source = line(form.source, "source", 300, needed="source_empty")
    asset = store_file(rt, form.upload, person) if form.upload else None
    row = MonthCount(
        month=str(form.month), name=form.name, value=form.value, source=source, recorded_by=person.id,
        recorded_at=now, file_sha256=asset.sha256 if asset else "", file_name=asset.name if asset else "",
    )  # fmt: skip
    with rt.sessions.begin() as session:
        session.add(row)
        audit.record(session, person.id, "count.add", row, now, month=row.month, name=row.name)
    return row


def list_counts(session: Session, limit: int = 200) -> Sequence[MonthCount]:
    """Return figures, newest month first."""
    order = (MonthCount.month.desc(), MonthCount.id.desc())
    return session.scalars(select(MonthCount).order_by(*order).limit(limit)).all()
