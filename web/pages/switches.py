"""The safe switches: modes such as election and mourning, holds of one account or one event's posts."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.vocab import ModeKind
from services import accounts, calendar, holds, modes
from services.modes import ModeForm
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/switches")
AHEAD = timedelta(days=60)


@router.get("")
def index(who: SignedIn) -> HTMLResponse:
    """Show what is held and why."""
    return _page(who)


@router.post("/modes")
def declare(who: SignedIn, form: Posted) -> Response:
    """Declare a mode, from now unless another moment is given."""
    try:
        starts_at = form.moment("starts_at") or who.now
        wanted = ModeForm(form.choice("kind", ModeKind), starts_at, form.moment("ends_at"), form.text("why"))
        with who.rt.sessions.begin() as session:
            _, fate = modes.declare(session, wanted, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _page(who, error, form)
    return who.go("/switches", done="mode_declared", held=fate.held, in_flight=fate.in_flight)


@router.post("/modes/{mode_id}/end")
def end(who: SignedIn, mode_id: int, form: Posted) -> Response:
    """End a mode; what it holds waits for its reasons all the same."""
    del form
    with who.rt.sessions.begin() as session:
        modes.end_mode(session, mode_id, who.person, who.now)
    return who.go("/switches", done="mode_ended")


@router.post("/holds")
def hold(who: SignedIn, form: Posted) -> Response:
    """Hold an account or an event: `account:1` or `event:2`."""
    scope, _, number = form.text("subject").partition(":")
    try:
        with who.rt.sessions.begin() as session:
            holds.hold(session, scope, _number(number), form.text("why"), who.person, who.now)
    except (BadInput, Conflict) as error:
        return _page(who, error, form)
    return who.go("/switches", done="hold_set")


@router.post("/holds/release")
def release(who: SignedIn, form: Posted) -> Response:
    """Let it go out again."""
    scope, _, number = form.text("subject").partition(":")
    with who.rt.sessions.begin() as session:
        holds.release(session, scope, _number(number), who.person, who.now)
    return who.go("/switches", done="hold_released")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _page(who: Member, trouble: RukonError | None = None, form: Form | None = None) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        declared, held = modes.list_modes(session, who.now), holds.holds(session)
        known = accounts.list_accounts(session)
        events = calendar.list_events(session, who.now, who.now + AHEAD)
    subjects = [(f"account:{one.id}", f"{who.say(f'channel.{one.channel}')} · {one.name}") for one in known]
    subjects += [(f"event:{one.id}", one.title) for one in events]
    return who.page(
        "switches.html", trouble=trouble, modes=declared, holds=held, subjects=subjects,
        kinds=[(kind.value, who.say(f"mode.{kind}")) for kind in ModeKind],
        typed=form.values if form else {},
    )  # fmt: skip
