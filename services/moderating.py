"""What people do about citizens' comments besides answering: look, close, hide."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload

from connectors.base import PlatformTrouble
from connectors.comments import Commenting
from core.errors import Conflict, NotFound, Unavailable
from core.vocab import CommentState, Role
from models import Account, Comment, Delivery, Person
from services import audit
from services.claiming import access_of
from services.people import require
from services.runtime import Runtime
from services.typed import line

LISTED = 200


def waiting(session: Session, state: CommentState = CommentState.WAITING) -> Sequence[Comment]:
    """Return comments in a state with the posts they stand under, the oldest first."""
    return session.scalars(
        select(Comment)
        .where(Comment.state == state)
        .options(
            joinedload(Comment.delivery).options(
                joinedload(Delivery.post).options(raiseload("*")), joinedload(Delivery.account)
            )
        )
        .order_by(Comment.written_at, Comment.id)
        .limit(LISTED)
    ).all()


def dismiss(session: Session, comment_id: int, why: str, person: Person, now: datetime) -> Comment:
    """Say that a comment needs no answer; it does not count as a question any more."""
    comment = waiting_comment(session, comment_id, person)
    reason = line(why, "why", 300, needed="reason_empty")
    comment.settle(CommentState.NO_ANSWER, now)
    audit.record(session, person.id, "comment.dismiss", comment, now, reason=reason)
    return comment


def hide(rt: Runtime, comment_id: int, why: str, person: Person) -> Comment:
    """Hide a comment on the platform, for a reason that is kept; an approver's decision."""
    require(person, Role.APPROVER, Role.ADMINISTRATOR)
    reason = line(why, "why", 300, needed="reason_empty")
    with rt.sessions.begin() as session:
        comment = waiting_comment(session, comment_id, person)
        account = session.get_one(Account, comment.account_id)
        remote_id, access = comment.remote_id, access_of(rt, account)
    connector = rt.connectors[access.channel]
    if not isinstance(connector, Commenting):
        raise Conflict("cannot_hide", channel=access.channel)
    try:
        connector.hide_comment(access, remote_id, hidden=True)
    except PlatformTrouble as trouble:
        raise Unavailable("comment_not_hidden", reason=f"reason.{trouble.code}") from None
    with rt.sessions.begin() as session:
        comment, now = session.get_one(Comment, comment_id, with_for_update=True), rt.clock.now()
        comment.settle(CommentState.HIDDEN, now)
        audit.record(session, person.id, "comment.hide", comment, now, reason=reason)
    return comment


def waiting_comment(session: Session, comment_id: int, person: Person) -> Comment:
    """Return a comment that waits, locked; raises NotFound, comment_settled."""
    require(person, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
    comment = session.get(Comment, comment_id, with_for_update=True)
    if comment is None:
        raise NotFound
    if comment.state is not CommentState.WAITING:
        raise Conflict("comment_settled")
    return comment
