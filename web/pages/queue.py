"""The queue: every delivery with its state and reason, and what a person may do about it."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, RukonError
from core.vocab import DeliveryState, Role
from models import Delivery, Person
from services import accounts, holds, queue, queue_list
from services.people import WrongPassword
from services.queue_list import QueueFilter
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/queue")
GROUPS = {
    "waiting": frozenset({DeliveryState.SCHEDULED, DeliveryState.SENDING, DeliveryState.HELD}),
    "trouble": frozenset(
        {DeliveryState.UNCERTAIN, DeliveryState.NEEDS_HUMAN, DeliveryState.FAILED, DeliveryState.MISSED}
    ),
    "out": frozenset({DeliveryState.PUBLISHED, DeliveryState.VERIFIED}),
    "cancelled": frozenset({DeliveryState.CANCELLED}),
}
Act = Callable[[Session, int, Person, datetime], Delivery]


@router.get("")
def index(who: SignedIn, group: str = "", account: int | None = None, before: str = "") -> HTMLResponse:
    """Show deliveries, latest due first."""
    states = GROUPS.get(group, frozenset())
    return _page(who, QueueFilter(states=states, account_id=account, before=_cursor(before)), group)


@router.post("/{delivery_id}/hold")
def hold(who: SignedIn, delivery_id: int, form: Posted) -> Response:
    """Keep a delivery from going out."""
    why = form.text("why") or who.say("queue.held_from_page")
    return _act(who, form, delivery_id, "held", lambda s, i, p, n: queue.hold_delivery(s, i, why, p, n))


@router.post("/{delivery_id}/release")
def release(who: SignedIn, delivery_id: int, form: Posted) -> Response:
    """Let a held delivery go."""
    why = form.text("why")
    return _act(
        who, form, delivery_id, "released", lambda s, i, p, n: queue.release_delivery(s, i, p, n, why)
    )


@router.post("/{delivery_id}/cancel")
def cancel(who: SignedIn, delivery_id: int, form: Posted) -> Response:
    """Give a delivery up."""
    why = form.text("why") or who.say("queue.cancelled_from_page")
    return _act(
        who, form, delivery_id, "cancelled", lambda s, i, p, n: queue.cancel_delivery(s, i, why, p, n)
    )


@router.post("/{delivery_id}/now")
def publish_now(who: SignedIn, delivery_id: int, form: Posted) -> Response:
    """Make a delivery due this moment."""
    why = form.text("why")
    return _act(who, form, delivery_id, "publish_now", lambda s, i, p, n: queue.publish_now(s, i, p, n, why))


@router.post("/{delivery_id}/move")
def move(who: SignedIn, delivery_id: int, form: Posted) -> Response:
    """Give a delivery another time."""
    try:
        due_at = form.needed_moment("due_at")
    except BadInput as error:
        return _page(who, QueueFilter(), "", error, (form, delivery_id))
    return _act(who, form, delivery_id, "moved", lambda s, i, p, n: queue.reschedule(s, i, due_at, p, n))


@router.post("/stop")
def stop(who: SignedIn, form: Posted) -> Response:
    """Stop every new send at once, and say what may still land."""
    try:
        with who.rt.sessions.begin() as session:
            found = queue.stop_all(session, form.text("why"), who.person, who.now)
    except (BadInput, Conflict) as error:
        return _page(who, QueueFilter(), "", error, (form, 0))
    return who.go("/queue", done="stopped", waiting=found.waiting, in_flight=found.in_flight)


@router.post("/resume")
def resume(who: SignedIn, form: Posted) -> Response:
    """Let sends go on: a second person's decision, with the password again."""
    who.must(Role.APPROVER, Role.ADMINISTRATOR)
    try:
        who.confirm(form)
    except (BadInput, WrongPassword) as error:
        return _page(who, QueueFilter(), "", error)
    with who.rt.sessions.begin() as session:
        found = queue.resume_all(session, who.person, who.now)
    return who.go("/queue", done="resumed", overdue=found.overdue, missed=found.missed)


def _act(who: Member, form: Form, delivery_id: int, done: str, act: Act) -> Response:
    try:
        with who.rt.sessions.begin() as session:
            act(session, delivery_id, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _page(who, QueueFilter(), "", error, (form, delivery_id))
    return who.go("/queue", done=f"delivery_{done}")


def _page(
    who: Member,
    wanted: QueueFilter,
    group: str,
    trouble: RukonError | None = None,
    failed: tuple[Form, int] = (Form({}), 0),
) -> HTMLResponse:
    """Show the queue; failed: what was typed, and for which delivery, when that could not be done."""
    with who.rt.sessions.begin() as session:
        rows = queue_list.list_queue(session, wanted)
        counts, overdue = queue_list.counts(session), queue.overdue(session, who.now)
        known = accounts.list_accounts(session)
        left = holds.what_is_left(session, who.now) if who.badges.stop else None
    return who.page(
        "queue/index.html", trouble=trouble, rows=rows, counts=counts, overdue=overdue, accounts=known,
        left=left,
        groups=GROUPS, group=group, account=wanted.account_id, typed=failed[0].values, opened=failed[1],
        more=_cursor_of(rows[-1]) if len(rows) == wanted.limit else "",
    )  # fmt: skip


def _cursor(text: str) -> tuple[datetime, int] | None:
    moment, _, last = text.partition("_")
    try:
        return (datetime.fromisoformat(moment), int(last)) if text else None
    except ValueError:
        return None


def _cursor_of(row: Delivery) -> str:
    return f"{row.due_at:%Y-%m-%dT%H:%M:%SZ}_{row.id}"
