"""People and what they may do; and everybody's own password."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.vocab import Role
from services import passwords, people
from services.people import PersonForm
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter()


@router.get("/people")
def index(who: SignedIn) -> HTMLResponse:
    """Show everybody and the form for somebody new."""
    return _page(who)


@router.post("/people")
def create(who: SignedIn, form: Posted) -> Response:
    """Add a person."""
    try:
        wanted = PersonForm(
            username=form.text("username"), name=form.text("name"), password=form.values.get("password", ""),
            roles=frozenset(form.choices("roles", Role)), position=form.text("position"),
        )  # fmt: skip
        with who.rt.sessions.begin() as session:
            people.create_person(session, wanted, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _page(who, error, form)
    return who.go("/people", done="person_added")


@router.post("/people/{person_id}/roles")
def change_roles(who: SignedIn, person_id: int, form: Posted) -> Response:
    """Give a person exactly the ticked roles."""
    try:
        roles = form.choices("roles", Role)
        with who.rt.sessions.begin() as session:
            people.change_roles(session, person_id, roles, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _page(who, error)
    return who.go("/people", done="roles_changed")


@router.post("/people/{person_id}/active")
def set_active(who: SignedIn, person_id: int, form: Posted) -> Response:
    """Let a person in again, or out."""
    try:
        with who.rt.sessions.begin() as session:
            people.set_active(session, person_id, who.person, who.now, active=form.text("active") == "1")
    except Conflict as error:
        return _page(who, error)
    return who.go("/people", done="saved")


@router.post("/people/{person_id}/password")
def set_password(who: SignedIn, person_id: int, form: Posted) -> Response:
    """Give a person a new password."""
    try:
        passwords.set_password(who.rt, person_id, form.values.get("new_password", ""), who.person)
    except BadInput as error:
        return _page(who, BadInput(error.key, **{**error.params, "field": f"new_password_{person_id}"}))
    return who.go("/people", done="password_set")


@router.get("/password")
def show_password(who: SignedIn) -> HTMLResponse:
    """Show the form for one's own password."""
    return who.page("people/password.html")


@router.post("/password")
def change_password(who: SignedIn, form: Posted) -> Response:
    """Choose a new password; all sessions end, this one too."""
    try:
        passwords.change_password(
            who.rt, who.person.id, form.values.get("old_password", ""), form.values.get("new_password", "")
        )
    except RukonError as error:
        return who.page("people/password.html", trouble=error)
    return who.go("/sign-in", done="password_changed")


def _page(who: Member, trouble: RukonError | None = None, form: Form | None = None) -> HTMLResponse:
    who.must(Role.ADMINISTRATOR)
    with who.rt.sessions.begin() as session:
        rows = people.list_people(session)
    return who.page(
        "people/index.html", trouble=trouble, rows=rows, roles=list(Role),
        typed=form.values if form else {}, chosen=form.lists.get("roles", ()) if form else (),
    )  # fmt: skip
