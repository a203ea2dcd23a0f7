"""The desk for what no machine may decide: the attempts, the candidates, and three answers."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from connectors.base import PlatformTrouble, RemotePost
from core.errors import BadInput, Conflict, NotFound, Unavailable
from core.vocab import DeliveryState, Role
from models import Delivery, Person
from services import audit, people
from services.questions import Question, look_around, question_of
from services.reconciling import adopt, taken_ids
from services.runtime import Runtime

ADOPT, SEND, LEAVE = "adopt", "send", "leave"
AROUND = timedelta(hours=24)


def waiting(session: Session) -> list[Delivery]:
    """Return the deliveries that wait for a person, oldest first, with post and account."""
    return list(
        session.scalars(
            select(Delivery)
            .where(Delivery.state == DeliveryState.NEEDS_HUMAN)
            .options(selectinload(Delivery.post), selectinload(Delivery.account))
            .order_by(Delivery.due_at)
        )
    )


def candidates(rt: Runtime, delivery_id: int) -> list[RemotePost]:
    """Return the posts on the platform around the attempts that no other delivery owns."""
    with rt.sessions.begin() as session:
        row = _row(session, delivery_id)
        question: Question = question_of(rt, session, row)
        taken = taken_ids(session, row)
    try:
        listing = look_around(rt, question, AROUND)
    except PlatformTrouble as trouble:
        raise Unavailable("platform_unreachable", reason=trouble.code) from trouble
    return [post for post in listing.posts if post.remote_id not in taken]


def decide(rt: Runtime, delivery_id: int, choice: str, remote_id: str, person: Person) -> DeliveryState:
    """Carry out a person's answer: it is this one, it is not there so send, or leave it."""
    if choice not in (ADOPT, SEND, LEAVE):
        raise BadInput("choice_unknown", field="choice")
    people.require(person, Role.APPROVER, Role.ADMINISTRATOR)
    found = {post.remote_id: post for post in candidates(rt, delivery_id)} if choice == ADOPT else {}
    if choice == ADOPT and remote_id not in found:
        raise BadInput("candidate_gone", field="remote_id")
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        row = _row(session, delivery_id)
        if row.state is not DeliveryState.NEEDS_HUMAN:
            raise Conflict
        if choice == ADOPT:
            adopt(session, row, found[remote_id], now, why="person_adopted")
        elif choice == SEND:
            _send_again(row, rt)
        else:
            row.reason = "left_by_person"
            row.move(DeliveryState.CANCELLED, now, person.id, why="left_by_person")
        audit.record(session, person.id, f"delivery.decide_{choice}", row, now, remote_id=remote_id)
        return row.state


def _send_again(row: Delivery, rt: Runtime) -> None:
    now = rt.clock.now()
    if now > row.not_after:
        raise Conflict("window_passed_cannot_send")
    row.next_at, row.reason, row.remote_id = now, "", None
    row.lost_from = row.lost_until = None
    row.move(DeliveryState.SCHEDULED, now, why="person_says_absent")


def _row(session: Session, delivery_id: int) -> Delivery:
    row = session.get(Delivery, delivery_id, with_for_update=True, options=[selectinload(Delivery.account)])
    if row is None:
        raise NotFound
    return row
