"""The first page: what a person should look at now."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services import alerts, today
from web.session import Posted, SignedIn

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


@router.post("/alerts/{alert_id}/see")
def see(who: SignedIn, alert_id: int, form: Posted) -> Response:
    """Put an alert away that has been read."""
    del form
    with who.rt.sessions.begin() as session:
        alerts.see_alert(session, alert_id, who.person, who.now)
    return who.go("/today", done="alert_seen")
