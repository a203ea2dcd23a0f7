"""The first page: what a person should look at now."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from services import today
from web.session import SignedIn

router = APIRouter()


@router.get("/")
def home() -> RedirectResponse:
    """Lead to today."""
    return RedirectResponse("/today", 303)


@router.get("/today")
def show(who: SignedIn) -> HTMLResponse:
    """Show today."""
    with who.rt.sessions.begin() as session:
        view = today.today(session, who.person, who.now)
    return who.page("today.html", view=view)
