"""The office's own form comes in: raw lines beside what was read, slips to accept or reject."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from language.form_typos import typo_rules
from services import importing, scoring
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/import")


@router.get("")
def index(who: SignedIn) -> HTMLResponse:
    """Show the imported forms and the door for a new one."""
    return _index(who)


@router.post("")
def upload(who: SignedIn, form: Posted) -> Response:
    """Take a form in and show what was read."""
    try:
        chosen = form.needed_upload("file")
        with who.rt.sessions.begin() as session:
            row = importing.import_form(session, chosen.name, chosen.data, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _index(who, error)
    return who.go(f"/import/{row.id}", done="form_imported")


@router.get("/{import_id}")
def show(who: SignedIn, import_id: int) -> HTMLResponse:
    """Show one form: its entries, slips, and what it claims beside what is evidenced."""
    with who.rt.sessions.begin() as session:
        view = importing.load_import(session, import_id)
        year = scoring.period_of(str(view.form.fiscal_year), who.now) if view.form.fiscal_year else None
        run = scoring.latest_run(session, year) if year else None
    texts = {entry.id: importing.accepted_text(entry, view.suggestions) for entry in view.entries}
    return who.page("imports/show.html", view=view, form=view.form, run=run, texts=texts, reasons=_reasons())


@router.post("/{import_id}/suggestions/{suggestion_id}")
def decide(who: SignedIn, import_id: int, suggestion_id: int, form: Posted) -> Response:
    """Accept or reject one slip's correction; the raw text stays."""
    with who.rt.sessions.begin() as session:
        row = importing.decide_suggestion(session, suggestion_id, form.text("decision"), who.person, who.now)
    if who.by_htmx:
        return who.page("imports/suggestion.html", one=row, import_id=import_id, reasons=_reasons())
    return who.go(f"/import/{import_id}#suggestions")


def _reasons() -> dict[str, str]:
    return {rule.id: rule.reason for rule in typo_rules()}


def _index(who: Member, trouble: RukonError | None = None) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        forms = importing.list_imports(session)
    return who.page("imports/index.html", trouble=trouble, forms=forms)
