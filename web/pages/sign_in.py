"""The door: sign in, sign out."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import RukonError
from services import people
from services.demo_hint import demo_people
from web.session import Posted, SignedIn, Visit, VisitForm, Visitor, first_cookie, session_cookie

router = APIRouter()


@router.get("/sign-in")
def show(visit: Visit, next: str = "") -> HTMLResponse:  # noqa: A002 -- the name of the address's parameter
    """Show the form, with the demo's people where this installation is a demo."""
    return _door(visit, {"next": next})


@router.post("/sign-in")
def sign_in(visit: Visit, form: VisitForm) -> Response:
    """Open a session and go where the person wanted to; a wrong password keeps the name typed."""
    settings = visit.rt.settings
    replaced = visit.request.cookies.get(session_cookie(settings), "")
    address = visit.request.client.host if visit.request.client else ""
    try:
        opened = people.sign_in(
            visit.rt, form.text("username"), form.values.get("password", ""), address, replaced
        )
    except RukonError as error:
        return _door(visit, form.values, error)
    answer = visit.go(_inside(form.text("next")))
    answer.set_cookie(
        session_cookie(settings), opened.key, path="/", httponly=True, samesite="lax",
        secure=settings.secure_cookies,
    )  # fmt: skip
    answer.delete_cookie(first_cookie(settings), path="/", secure=settings.secure_cookies)
    return answer


@router.post("/sign-out")
def sign_out(who: SignedIn, form: Posted) -> Response:
    """End the session here and in the browser."""
    del form
    settings = who.rt.settings
    with who.rt.sessions.begin() as session:
        people.sign_out(session, who.request.cookies.get(session_cookie(settings), ""))
    answer = who.go("/sign-in", done="signed_out")
    answer.delete_cookie(session_cookie(settings), path="/", secure=settings.secure_cookies)
    return answer


def _door(visit: Visitor, typed: object, error: RukonError | None = None) -> HTMLResponse:
    demo = demo_people(visit.rt, visit.language)
    return visit.greet(visit.page("sign_in.html", trouble=error, typed=typed, demo=demo))


def _inside(wanted: str) -> str:
    """Return a path of our own, whatever the address bar was made to carry."""
    ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if ours and wanted.isprintable() else "/"
