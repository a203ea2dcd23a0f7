"""Answers to citizens: written by one person, let out by another, then a delivery like any other (ADR 15)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, raiseload

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.lifecycle import LIVE
from core.vocab import Channel, CommentState, DeliveryState, MessageKind, ReplyState, Role
from language.xlength import LIMIT
from language.xlength import length as weighted_length
from models import Account, Comment, Delivery, Person, Post, Reply
from services import audit
from services.moderating import waiting_comment
from services.payloads import Payload, digest
from services.people import require
from services.runtime import Runtime
from services.typed import body, line

FACEBOOK_LENGTH = 8000
GOOD_FOR = timedelta(hours=24)  # an answer later than that is looked at again first
FIRST_REPLY = 1000  # replies are parts of their post from here on: no list and no figure counts them as posts
OVER = (DeliveryState.CANCELLED, DeliveryState.MISSED, DeliveryState.FAILED)


def write_reply(session: Session, comment_id: int, text: str, person: Person, now: datetime) -> Reply:
    """Put an answer before an approver, in place of one that waits or was returned.

    Raises reply_empty, too_long, comment_settled, reply_on_its_way.
    """
    comment = waiting_comment(session, comment_id, person)
    channel = session.get_one(Account, comment.account_id).channel
    clean = _fits(body(text, "body"), channel)
    reply = latest(session, [comment_id]).get(comment_id)
    if reply is None or reply.state is ReplyState.APPROVED:
        _refuse_second(session, reply)
        reply = Reply(comment_id=comment.id, body=clean, author_id=person.id, written_at=now)
        session.add(reply)
    else:
        reply.rewrite(clean, person.id, now)
    audit.record(session, person.id, "reply.write", reply, now)
    return reply


def return_reply(session: Session, reply_id: int, why: str, person: Person, now: datetime) -> Reply:
    """Give an answer back with what must change."""
    reply = _waiting_reply(session, reply_id, person)
    reply.decide(ReplyState.RETURNED, person.id, now, line(why, "why", 300, needed="reason_empty"))
    audit.record(session, person.id, "reply.return", reply, now, reason=reply.reason)
    return reply


def approve_reply(session: Session, reply_id: int, seen: str, person: Person, now: datetime) -> Delivery:
    """Let an answer out as a delivery that is due now; nobody lets out their own.

    seen: the words that the approver read; raises reply_changed if they are others by now.
    """
    reply = _waiting_reply(session, reply_id, person)
    if reply.author_id == person.id:
        raise Forbidden("own_reply")
    if reply.body != seen:
        raise Conflict("reply_changed")
    comment = waiting_comment(session, reply.comment_id, person)
    delivery = _delivery(session, reply, comment, now)
    session.add(delivery)
    session.flush()
    reply.decide(ReplyState.APPROVED, person.id, now)
    reply.delivery_id = delivery.id
    audit.record(session, person.id, "reply.approve", reply, now, delivery=delivery.id)
    return delivery


def settle_answered(rt: Runtime) -> int:
    """Settle the comments whose answers are out; return how many."""
    with rt.sessions.begin() as session:
        rows = session.execute(
            select(Comment, Delivery.published_at)
            .join(Reply, Reply.comment_id == Comment.id)
            .join(Delivery, Delivery.id == Reply.delivery_id)
            .where(Comment.state == CommentState.WAITING, Delivery.state.in_(LIVE))
            .with_for_update(of=Comment, skip_locked=True)
        ).all()
        for comment, published_at in rows:
            comment.settle(CommentState.ANSWERED, rt.clock.now(), published_at)
    return len(rows)


def latest(session: Session, comment_ids: Sequence[int]) -> dict[int, Reply]:
    """Return the last answer to each comment, with its delivery; one query."""
    newest = select(func.max(Reply.id)).where(Reply.comment_id.in_(comment_ids)).group_by(Reply.comment_id)
    rows = session.scalars(
        select(Reply).where(Reply.id.in_(newest)).options(joinedload(Reply.delivery).options(raiseload("*")))
    )
    return {row.comment_id: row for row in rows}


def _delivery(session: Session, reply: Reply, comment: Comment, now: datetime) -> Delivery:
    """Return the delivery of an answer: part of the post it stands under, frozen as approved."""
    above = session.get_one(Delivery, comment.delivery_id)
    post = session.get_one(Post, above.post_id)
    channel = session.get_one(Account, comment.account_id).channel
    payload: Payload = {
        "text": reply.body, "link": "", "media": [], "reply_to": comment.remote_id,
        "kind": (MessageKind.COMMENT if channel is Channel.FACEBOOK else MessageKind.POST).value,
    }  # fmt: skip
    last = session.scalar(select(func.max(Delivery.occurrence)).where(Delivery.post_id == post.id)) or 0
    number = max(last + 1, FIRST_REPLY)
    return Delivery(
        post_id=post.id, account_id=above.account_id, occurrence=number, part=number,
        approved_revision=post.approved_revision or above.approved_revision, payload=payload,
        payload_sha256=digest(payload), due_at=now, next_at=now, not_after=now + GOOD_FOR,
    )  # fmt: skip


def _waiting_reply(session: Session, reply_id: int, person: Person) -> Reply:
    require(person, Role.APPROVER)
    reply = session.get(Reply, reply_id, with_for_update=True)
    if reply is None:
        raise NotFound
    if reply.state is not ReplyState.WAITING:
        raise Conflict("reply_decided")
    return reply


def _refuse_second(session: Session, reply: Reply | None) -> None:
    """Refuse a second answer while the first may still come out."""
    if reply is None or reply.delivery_id is None:
        return
    if session.get_one(Delivery, reply.delivery_id).state not in OVER:
        raise Conflict("reply_on_its_way")


def _fits(clean: str, channel: Channel) -> str:
    length, limit = (weighted_length(clean), LIMIT) if channel is Channel.X else (len(clean), FACEBOOK_LENGTH)
    if not clean:
        raise BadInput("reply_empty", field="body")
    if length > limit:
        raise BadInput("too_long", field="body", length=length, limit=limit)
    return clean
