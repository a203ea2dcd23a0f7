"""3a4: changes made to do better, measured before and after; the verdict is a person's, with its proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import BadInput, Conflict, NotFound
from core.vocab import Role
from models import Improvement, Person
from services import audit
from services.media import Upload, store_file
from services.people import require
from services.runtime import Runtime
from services.typed import body, line

KEEPERS = (Role.OFFICER, Role.KPI_OFFICER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class ImprovementForm:
    """An improvement as typed; criterion: the id of the finding it answers, empty if none."""

    title: str
    changed_on: date
    change: str = ""
    criterion: str = ""
    unit: str = ""
    baseline: Decimal | None = None
    upload: Upload | None = None


@dataclass(frozen=True)
class After:
    """The value after the change, and a person's verdict; None: cannot be said."""

    value: Decimal | None
    better: bool | None = None


def add_improvement(rt: Runtime, form: ImprovementForm, person: Person) -> Improvement:
    """Keep an improvement; raises title_empty, baseline_missing, day_in_future, file_*."""
    require(person, *KEEPERS)
    now = rt.clock.now()
    title = line(form.title, "title", 300, needed="title_empty")
    if form.baseline is None:
        raise BadInput("baseline_missing", field="baseline")
    if form.changed_on > bangkok(now).date():
        raise BadInput("day_in_future", field="changed_on", day=form.changed_on)
    asset = store_file(rt, form.upload, person) if form.upload else None
    row = Improvement(
        title=title, change=body(form.change, "change", 5000),
        criterion=line(form.criterion, "criterion", 40), unit=line(form.unit, "unit", 60),
        changed_on=form.changed_on, baseline=form.baseline,
        file_sha256=asset.sha256 if asset else "", file_name=asset.name if asset else "",
        recorded_by=person.id, recorded_at=now,
    )  # fmt: skip
    with rt.sessions.begin() as session:
        session.add(row)
        audit.record(session, person.id, "improvement.add", row, now, title=title)
    return row


def judge_improvement(
    session: Session, improvement_id: int, after: After, person: Person, now: datetime
) -> Improvement:
    """Write down what came of it, once; raises after_missing, improvement_judged."""
    require(person, *KEEPERS)
    row = session.get(Improvement, improvement_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.after_at is not None:
        raise Conflict("improvement_judged")
    if after.value is None:
        raise BadInput("after_missing", field="after")
    row.after, row.better, row.after_at, row.after_by = after.value, after.better, now, person.id
    audit.record(session, person.id, "improvement.judge", row, now, after=str(row.after), better=row.better)
    return row


def list_improvements(session: Session, limit: int = 200) -> Sequence[Improvement]:
    """Return the log, newest first."""
    order = (Improvement.changed_on.desc(), Improvement.id.desc())
    return session.scalars(select(Improvement).order_by(*order).limit(limit)).all()
