"""Reference data: who is called what, since when and by which source; people put it right here."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.fiscal import fiscal_year
from core.vocab import Role
from language.reference import Kind
from language.term_rules import official_rules
from models import Holiday
from services import holidays, reference
from services.periods import read_year
from services.reference import EntryForm
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/reference")
HOLIDAYS, TERMS = "holiday", "term"
TABS = (*Kind, HOLIDAYS, TERMS)


@router.get("")
def index(who: SignedIn, kind: str = Kind.AGENCY, q: str = "", year: int = 0) -> HTMLResponse:
    """Show one kind of reference data, filtered."""
    return _page(who, kind, Form({}), q=q, year=year)


@router.post("/holidays")
def add_holiday(who: SignedIn, form: Posted) -> Response:
    """Write a holiday; posts that speak of that day come back."""
    try:
        day = form.needed_day("day")
        fresh = Holiday(day=day, name=form.text("name"), source=form.text("source"))
        with who.rt.sessions.begin() as session:
            found = holidays.add_holiday(session, fresh, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _page(who, HOLIDAYS, form, error)
    return who.go(
        "/reference", kind=HOLIDAYS, year=fiscal_year(day), done="holiday_added",
        reopened=len(found.reopened), live=len(found.live),
    )  # fmt: skip


@router.post("/holidays/remove")
def remove_holiday(who: SignedIn, form: Posted) -> Response:
    """Remove a holiday that was called off; posts that speak of it come back."""
    day = form.needed_day("day")
    with who.rt.sessions.begin() as session:
        found = holidays.remove_holiday(session, day, who.person, who.now)
    return who.go(
        "/reference", kind=HOLIDAYS, year=fiscal_year(day), done="holiday_removed",
        reopened=len(found.reopened), live=len(found.live),
    )  # fmt: skip


@router.post("/{kind}")
def correct(who: SignedIn, kind: Kind, form: Posted) -> Response:
    """Write a correction, or a new entry."""
    try:
        wanted = EntryForm(
            kind, form.text("code"), form.text("name"), form.text("source"), form.text("name_en"),
            form.text("short"), form.text("note"), form.day("valid_from"), form.day("valid_to"),
        )  # fmt: skip
        with who.rt.sessions.begin() as session:
            reference.correct(session, wanted, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _page(who, kind, form, error)
    return who.go("/reference", kind=kind, done="reference_corrected")


def _page(
    who: Member, kind: str, form: Form, trouble: RukonError | None = None, *, q: str = "", year: int = 0
) -> HTMLResponse:
    tab = kind if kind in TABS else Kind.AGENCY
    chosen = read_year(year) if year else fiscal_year(who.today)
    with who.rt.sessions.begin() as session:
        entries = reference.find_entries(session, Kind(tab), q) if tab in set(Kind) else []
        days = holidays.holidays_of(session, chosen) if tab == HOLIDAYS else []
    return who.page(
        "reference.html", trouble=trouble, typed=form.values, tab=tab, tabs=TABS, entries=entries, days=days,
        rules=official_rules() if tab == TERMS else (), q=q, year=chosen,
        mine=who.may(Role.OFFICER, Role.KPI_OFFICER, Role.ADMINISTRATOR),
        keeps_days=who.may(Role.OFFICER, Role.ADMINISTRATOR),
    )  # fmt: skip
