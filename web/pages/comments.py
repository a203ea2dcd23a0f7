"""Citizens' comments: what waits for an answer, and the answers that wait for a second person."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, Forbidden, RukonError, Unavailable
from services import moderating, replies
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/comments")
SHOWN = (BadInput, Conflict, Unavailable)


@router.get("")
def index(who: SignedIn) -> HTMLResponse:
    """Show what waits, the oldest first."""
    return _page(who)


@router.post("/{comment_id}/reply")
def write(who: SignedIn, comment_id: int, form: Posted) -> Response:
    """Put an answer before an approver."""
    try:
        with who.rt.sessions.begin() as session:
            replies.write_reply(session, comment_id, form.values.get("body", ""), who.person, who.now)
    except SHOWN as error:
        return _page(who, error, form, comment_id)
    return who.go("/comments", done="reply_written")


@router.post("/replies/{reply_id}/approve")
def approve(who: SignedIn, reply_id: int, form: Posted) -> Response:
    """Let an answer out: a second person's decision on exactly these words."""
    try:
        with who.rt.sessions.begin() as session:
            replies.approve_reply(session, reply_id, form.values.get("seen", ""), who.person, who.now)
    except (*SHOWN, Forbidden) as error:
        return _page(who, error)
    return who.go("/comments", done="reply_approved")


@router.post("/replies/{reply_id}/return")
def give_back(who: SignedIn, reply_id: int, form: Posted) -> Response:
    """Give an answer back with what must change."""
    try:
        with who.rt.sessions.begin() as session:
            reply = replies.return_reply(session, reply_id, form.text("why"), who.person, who.now)
    except SHOWN as error:
        return _page(who, error, form)
    return who.go("/comments", done="reply_returned", id=reply.id)


@router.post("/{comment_id}/dismiss")
def dismiss(who: SignedIn, comment_id: int, form: Posted) -> Response:
    """Say that a comment needs no answer."""
    try:
        with who.rt.sessions.begin() as session:
            moderating.dismiss(session, comment_id, form.text("why"), who.person, who.now)
    except SHOWN as error:
        return _page(who, error, form, comment_id)
    return who.go("/comments", done="comment_dismissed")


@router.post("/{comment_id}/hide")
def hide(who: SignedIn, comment_id: int, form: Posted) -> Response:
    """Hide a comment on the platform, for a reason."""
    try:
        moderating.hide(who.rt, comment_id, form.text("why"), who.person)
    except SHOWN as error:
        return _page(who, error, form, comment_id)
    return who.go("/comments", done="comment_hidden")


def _page(
    who: Member, trouble: RukonError | None = None, form: Form | None = None, opened: int = 0
) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        rows = moderating.waiting(session)
        answers = replies.latest(session, [row.id for row in rows])
    return who.page(
        "comments.html", trouble=trouble, rows=rows, answers=answers, opened=opened,
        typed=form.values if form else {},
    )  # fmt: skip
