"""Checking evidence files without signing in and without the database: nothing but the files themselves."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from core.errors import BadInput, RukonError
from services.verifying import Checked, verify_uploads
from web.session import Visit, VisitForm, Visitor

router = APIRouter(prefix="/verify")


@router.get("")
def show(visit: Visit) -> HTMLResponse:
    """Show where to put files."""
    return _page(visit)


@router.post("")
def check(visit: Visit, form: VisitForm) -> HTMLResponse:
    """Check each file against its manifest and the one before it, in the order they were made."""
    newest = form.text("newest").lower()
    try:
        return _page(visit, checked=verify_uploads(form.files.get("files", ()), newest), newest=newest)
    except BadInput as error:
        return _page(visit, error, newest=newest)


def _page(
    visit: Visitor, trouble: RukonError | None = None, checked: list[Checked] | None = None, newest: str = ""
) -> HTMLResponse:
    return visit.greet(visit.page("verify.html", trouble=trouble, checked=checked, newest=newest))
