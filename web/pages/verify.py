"""Checking evidence files without signing in and without the database: nothing but the files themselves."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from core.errors import BadInput, RukonError
from services.verifying import Checked, as_made, verify_bundles
from web.session import Visit, VisitForm, Visitor

router = APIRouter(prefix="/verify")


@router.get("")
def show(visit: Visit) -> HTMLResponse:
    """Show where to put files."""
    return _page(visit)


@router.post("")
def check(visit: Visit, form: VisitForm) -> HTMLResponse:
    """Check each file against its manifest and the one before it, in the order they were made."""
    uploads = [(one.name, one.data) for one in form.files.get("files", ())]
    newest = form.text("newest").lower()
    if not uploads:
        return _page(visit, BadInput("choose_file", field="files"), newest=newest)
    try:
        return _page(visit, checked=verify_bundles(as_made(uploads), newest), newest=newest)
    except RukonError as error:
        return _page(visit, BadInput(error.key, **{**error.params, "field": "files"}), newest=newest)


def _page(
    visit: Visitor, trouble: RukonError | None = None, checked: list[Checked] | None = None, newest: str = ""
) -> HTMLResponse:
    return visit.greet(visit.page("verify.html", trouble=trouble, checked=checked, newest=newest))
