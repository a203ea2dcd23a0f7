"""The approved plan of a fiscal year: the whole proof of level 1."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.fiscal import fiscal_year
from services import plans
from services.periods import read_year
from services.plans import COVERS, PlanForm
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/plans")


@router.get("")
def index(who: SignedIn, year: int = 0) -> HTMLResponse:
    """Show the plan in force of a fiscal year, and the form for one."""
    return _page(who, year)


@router.get("/{plan_id}")
def show(who: SignedIn, plan_id: int) -> Response:
    """Lead to the year of a plan."""
    with who.rt.sessions.begin() as session:
        plan = plans.find_plan(session, plan_id)
    return who.go("/plans", year=plan.fiscal_year)


@router.post("")
def add(who: SignedIn, form: Posted) -> Response:
    """Keep a plan with its file."""
    try:
        wanted = _read(form)
        plans.add_plan_document(who.rt, wanted, who.person)
    except (BadInput, Conflict) as error:
        return _page(who, 0, error, form)
    return who.go("/plans", year=wanted.fiscal_year, done="plan_added")


def _read(form: Form) -> PlanForm:
    year, day, upload = form.number("fiscal_year"), form.needed_day("approved_on"), form.needed_upload("file")
    return PlanForm(
        fiscal_year=year or 0,
        title=form.text("title"),
        number=form.text("number"),
        approver=form.text("approver"),
        approved_on=day,
        upload=upload,
        covers=frozenset(form.lists.get("covers", ())),
    )


def _page(
    who: Member, year: int, trouble: RukonError | None = None, form: Form | None = None
) -> HTMLResponse:
    wanted = read_year(year) if year else fiscal_year(who.today)
    with who.rt.sessions.begin() as session:
        plan = plans.plan_of(session, wanted)
    return who.page(
        "plans.html", trouble=trouble, plan=plan, year=wanted, covers=COVERS,
        typed=form.values if form else {"fiscal_year": str(wanted)},
        chosen=form.lists.get("covers", ()) if form else COVERS,
    )  # fmt: skip
