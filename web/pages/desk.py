"""The desk for what no machine may decide: what was sent, what the platform shows, three answers."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, NotFound, RukonError, Unavailable
from services import deciding, history, posts
from web.sentences import sentence
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/desk")


@router.get("")
def index(who: SignedIn) -> HTMLResponse:
    """Show the deliveries that wait for a person."""
    with who.rt.sessions.begin() as session:
        rows = deciding.waiting(session)
    return who.page("desk/index.html", rows=rows)


@router.get("/{delivery_id}")
def show(who: SignedIn, delivery_id: int) -> HTMLResponse:
    """Show one of them beside what the platform shows."""
    return _page(who, delivery_id)


@router.post("/{delivery_id}")
def decide(who: SignedIn, delivery_id: int, form: Posted) -> Response:
    """Carry out the answer: `adopt:<remote id>`, `send` or `leave`."""
    choice, _, remote_id = form.text("choice").partition(":")
    try:
        state = deciding.decide(who.rt, delivery_id, choice, remote_id, who.person)
    except (BadInput, Conflict, Unavailable) as error:
        return _page(who, delivery_id, error)
    return who.go("/desk", done=f"decided_{state}")


def _page(who: Member, delivery_id: int, trouble: RukonError | None = None) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        row = next((row for row in deciding.waiting(session) if row.id == delivery_id), None)
        if row is None:
            raise NotFound("already_decided")
        view = posts.load_post(session, row.post_id)
        entries = history.post_history(session, row.post_id)
    attempts = [entry for entry in entries if entry.delivery_id == delivery_id and entry.kind != "deed"]
    silence = ""
    try:
        candidates = deciding.candidates(who.rt, delivery_id)
    except Unavailable as error:
        candidates, silence = [], sentence(error, who.language)
    return who.page(
        "desk/show.html", trouble=trouble, row=row, view=view, attempts=attempts, candidates=candidates,
        silence=silence,
    )  # fmt: skip
