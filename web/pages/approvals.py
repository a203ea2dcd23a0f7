"""The approver's inbox: what waits, what changed since the last approval; approve or return."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from services import approval, fast_lane, forecast, posts
from services.post_checks import findings_of
from services.spacing import too_close
from web.forms import Form
from web.pieces import compared
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/approvals")


@router.get("")
def index(who: SignedIn) -> HTMLResponse:
    """Show what waits, the most urgent first, and what went out in a hurry."""
    return _index(who)


def _index(who: Member, trouble: RukonError | None = None) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        rows = approval.inbox(session, who.person, who.now)
        hurried = fast_lane.to_review(session)
    return who.page("approvals/index.html", rows=rows, hurried=hurried, trouble=trouble)


@router.get("/{post_id}")
def show(who: SignedIn, post_id: int) -> HTMLResponse:
    """Show one post to decide on."""
    return _page(who, post_id)


@router.post("/{post_id}/approve")
def approve(who: SignedIn, post_id: int, form: Posted) -> Response:
    """Approve the revision that was shown, and no other."""
    now_too = form.text("when") == "now"
    try:
        approval.approve_post(who.rt, post_id, form.number("revision") or 0, who.person, publish_now=now_too)
    except RukonError as error:
        return _page(who, post_id, error, form)
    return who.go("/approvals", done="post_approved_now" if now_too else "post_approved")


@router.post("/{post_id}/urgent")
def approve_urgent(who: SignedIn, post_id: int, form: Posted) -> Response:
    """Approve and publish at once through the emergency lane, with the reason."""
    try:
        reason = form.text("urgent_reason")
        fast_lane.approve_urgent(who.rt, post_id, form.number("revision") or 0, who.person, reason)
    except RukonError as error:
        return _page(who, post_id, error, form)
    return who.go("/approvals", done="post_approved_urgent")


@router.post("/afterwards/{review_id}")
def review_afterwards(who: SignedIn, review_id: int, form: Posted) -> Response:
    """Take a second person's word on a post that went out in a hurry."""
    try:
        with who.rt.sessions.begin() as session:
            fast_lane.review_afterwards(
                session, review_id, form.text("decision"), form.text("words"), who.person, who.now
            )
    except RukonError as error:
        return _index(who, error)
    return who.go("/approvals", done="post_reviewed")


@router.post("/{post_id}/return")
def send_back(who: SignedIn, post_id: int, form: Posted) -> Response:
    """Return a post to its author with the reason."""
    try:
        with who.rt.sessions.begin() as session:
            approval.return_post(
                session, post_id, form.number("revision") or 0, form.text("reason"), who.person, who.now
            )
    except (BadInput, Conflict) as error:
        return _page(who, post_id, error, form)
    return who.go("/approvals", done="post_returned")


def _page(
    who: Member, post_id: int, trouble: RukonError | None = None, form: Form | None = None
) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        view = posts.load_post(session, post_id)
        row = next(
            (row for row in approval.inbox(session, who.person, who.now) if row.post.id == post_id), None
        )
        cost = forecast.quote_of(session, who.rt, view.post)
        close = too_close(session, view.post)
    return who.page(
        "approvals/show.html", cost=cost, close=close, trouble=trouble, view=view, post=view.post, row=row,
        findings=findings_of(view.post, who.now), texts=compared(view), typed=form.values if form else {},
    )  # fmt: skip
