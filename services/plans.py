"""The approved plan of a fiscal year: the whole proof of level 1."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import BadInput, Conflict, NotFound
from core.vocab import Role
from models.calendar import PlanDocument
from models.people import Person
from services import audit
from services.media import Upload, store_file
from services.people import require
from services.runtime import Runtime
from services.typed import line

COVERS: Final = ("channels", "target_groups", "calendar", "pillars")
EARLIEST, LATEST = 2500, 2700


@dataclass(frozen=True)
class PlanForm:
    """A plan as typed: fiscal year (Buddhist), book number, who approved it and when, what it covers."""

    fiscal_year: int
    title: str
    number: str
    approver: str
    approved_on: date
    upload: Upload = field(repr=False)
    covers: frozenset[str] = frozenset(COVERS)


def add_plan_document(rt: Runtime, form: PlanForm, person: Person) -> PlanDocument:
    """Keep a plan and its file; raises title_empty, plan_number_empty, approver_empty, plan_known, file_*."""
    require(person, Role.ADMINISTRATOR, Role.KPI_OFFICER)
    plan = _checked(form, bangkok(rt.clock.now()).date())
    asset = store_file(rt, form.upload, person)
    with rt.sessions.begin() as session:
        if session.scalar(
            select(PlanDocument.id).where(
                PlanDocument.fiscal_year == plan.fiscal_year, PlanDocument.number == plan.number
            )
        ):
            raise Conflict("plan_known", field="number", number=plan.number)
        plan.file_sha256, plan.file_name = asset.sha256, asset.name
        plan.uploaded_by, plan.uploaded_at = person.id, rt.clock.now()
        session.add(plan)
        audit.record(
            session, person.id, "plan.add", plan, plan.uploaded_at,
            fiscal_year=plan.fiscal_year, number=plan.number, sha256=plan.file_sha256,
        )  # fmt: skip
    return plan


def plan_of(session: Session, fiscal_year: int) -> PlanDocument | None:
    """Return the plan in force: the one of the year that was approved last; None if there is none."""
    return session.scalars(
        select(PlanDocument)
        .where(PlanDocument.fiscal_year == fiscal_year)
        .order_by(PlanDocument.approved_on.desc(), PlanDocument.id.desc())
        .limit(1)
    ).first()


def find_plan(session: Session, plan_id: int) -> PlanDocument:
    """Return one plan; raises NotFound."""
    plan = session.get(PlanDocument, plan_id)
    if plan is None:
        raise NotFound
    return plan


def _checked(form: PlanForm, today: date) -> PlanDocument:
    if not EARLIEST <= form.fiscal_year <= LATEST:
        raise BadInput("fiscal_year_bad", field="fiscal_year", year=form.fiscal_year)
    if form.approved_on > today:
        raise BadInput("approved_in_future", field="approved_on", day=form.approved_on)
    if unknown := form.covers.difference(COVERS):
        raise BadInput("plan_covers_bad", field="covers", unknown=sorted(unknown))
    return PlanDocument(
        fiscal_year=form.fiscal_year, title=line(form.title, "title", 300, needed="title_empty"),
        number=line(form.number, "number", 100, needed="plan_number_empty"),
        approver=line(form.approver, "approver", 200, needed="approver_empty"),
        approved_on=form.approved_on, covers=",".join(name for name in COVERS if name in form.covers),
    )  # fmt: skip
