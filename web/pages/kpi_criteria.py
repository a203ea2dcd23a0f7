"""The sets of criteria: what judges which periods, who approved it, and levels the office may adopt."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, Forbidden, RukonError
from core.fiscal import fiscal_year
from core.vocab import Role
from services import criteria, scoring
from services.criteria import Adoption, Proposal
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/kpi/criteria")
REFUSALS = (BadInput, Conflict, Forbidden)


@router.get("")
def index(who: SignedIn) -> HTMLResponse:
    """Show every set ever kept, and the one in force with its thresholds."""
    return _page(who)


@router.post("/adopt")
def adopt(who: SignedIn, form: Posted) -> Response:
    """Propose that a level without a text in the form takes its template."""
    try:
        wanted = Adoption(form.number("level") or 0, form.text("document"), form.needed_day("applies_from"))
        with who.rt.sessions.begin() as session:
            criteria.propose_adoption(session, wanted, who.person, who.now)
    except REFUSALS as error:
        return _page(who, error, form)
    return who.go("/kpi/criteria", done="noted")


@router.post("")
def propose(who: SignedIn, form: Posted) -> Response:
    """Propose a set written as a TOML text."""
    try:
        wanted = Proposal(
            form.text("text"), form.text("document"), form.needed_day("applies_from"), form.text("why")
        )
        with who.rt.sessions.begin() as session:
            criteria.propose(session, wanted, who.person, who.now)
    except REFUSALS as error:
        return _page(who, error, form)
    return who.go("/kpi/criteria", done="noted")


@router.post("/{criteria_id}/approve")
def approve(who: SignedIn, criteria_id: int, form: Posted) -> Response:
    """Approve and lock a set; the password is asked again."""
    try:
        who.confirm(form)
        criteria.approve(who.rt, criteria_id, who.person)
    except REFUSALS as error:
        return _page(who, error, form)
    return who.go("/kpi/criteria", done="approved_criteria")


def _page(who: Member, trouble: RukonError | None = None, form: Form | None = None) -> HTMLResponse:
    period = scoring.period_of(str(fiscal_year(who.today)), who.now)
    with who.rt.sessions.begin() as session:
        now_in_force = criteria.in_force(session, who.now, year=period.fiscal_year)
        rows = criteria.list_criteria(session)
        people = criteria.names(session, rows)
        current = criteria.criteria_of(session, now_in_force.digest)
    return who.page(
        "kpi/criteria.html", trouble=trouble, rows=rows, people=people, row=now_in_force, current=current,
        typed=form.values if form else {}, may_propose=who.may(Role.KPI_OFFICER, Role.ADMINISTRATOR),
        may_approve=who.may(Role.APPROVER, Role.ADMINISTRATOR),
    )  # fmt: skip
