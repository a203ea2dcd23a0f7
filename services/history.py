"""Everything that ever happened to a post, in order of time: the proof behind each claim."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from core.errors import NotFound
from models.accounts import Account
from models.audit import AuditEvent
from models.deliveries import Attempt, Delivery, Snapshot
from models.people import Person
from models.posts import Move, Post, Review

# moves and reviews already say these
SAID_BY_MOVES = ("post.submit", "post.approve", "post.return", "post.withdraw", "post.recall")


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened.

    kind: move | review | attempt | snapshot | deed. what: the state moved to, the decision, the attempt's
    outcome, `live` or `gone`, the audit action. delivery_id and account: set if it concerns one account.
    detail: plain values, by kind: move {origin, subject}; review {revision, payload_sha256}; attempt {phase,
    fence, http_status, remote_id, trace_id, ended_at}; snapshot {remote_id, permalink, sha256}; deed its own.
    """

    at: datetime
    kind: str
    what: str
    who: str = ""  # empty: the system itself
    person_id: int | None = None
    why: str = ""
    delivery_id: int | None = None
    account: Account | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def post_history(session: Session, post_id: int) -> list[HistoryEntry]:
    """Return what happened to a post and its deliveries, oldest first; raises NotFound. Seven queries."""
    if session.scalar(select(Post.id).where(Post.id == post_id)) is None:
        raise NotFound
    accounts = {
        row.id: row.account
        for row in session.scalars(
            select(Delivery).where(Delivery.post_id == post_id).options(joinedload(Delivery.account))
        )
    }
    # what happened in the same instant stays in this order
    entries = [
        *_deeds(session, post_id, accounts),
        *_moves(session, post_id, accounts),
        *_reviews(session, post_id),
        *_attempts(session, accounts),
        *_snapshots(session, accounts),
    ]
    return sorted(_named(session, entries), key=lambda entry: entry.at)


def _moves(session: Session, post_id: int, accounts: Mapping[int, Account]) -> Iterator[HistoryEntry]:
    of_post = and_(Move.subject == "post", Move.subject_id == post_id)
    of_delivery = and_(Move.subject == "delivery", Move.subject_id.in_(accounts))
    for row in session.scalars(select(Move).where(or_(of_post, of_delivery)).order_by(Move.id)):
        delivery_id = row.subject_id if row.subject == "delivery" else None
        yield HistoryEntry(
            at=row.at, kind="move", what=row.target, why=row.why, person_id=row.person_id,
            delivery_id=delivery_id, account=accounts.get(delivery_id) if delivery_id else None,
            detail={"subject": row.subject, "origin": row.origin},
        )  # fmt: skip


def _reviews(session: Session, post_id: int) -> Iterator[HistoryEntry]:
    for row in session.scalars(select(Review).where(Review.post_id == post_id).order_by(Review.id)):
        yield HistoryEntry(
            at=row.at, kind="review", what=row.decision, why=row.reason, person_id=row.approver_id,
            detail={"revision": row.revision, "payload_sha256": row.payload_sha256},
        )  # fmt: skip


def _attempts(session: Session, accounts: Mapping[int, Account]) -> Iterator[HistoryEntry]:
    rows = session.scalars(select(Attempt).where(Attempt.delivery_id.in_(accounts)).order_by(Attempt.id))
    for row in rows:
        yield HistoryEntry(
            at=row.started_at, kind="attempt", what=row.outcome, why=row.code,
            delivery_id=row.delivery_id, account=accounts[row.delivery_id],
            detail={
                "phase": row.phase, "fence": row.fence, "ended_at": row.ended_at,
                "http_status": row.http_status, "remote_id": row.remote_id, "trace_id": row.trace_id,
                "detail": row.detail,
            },
        )  # fmt: skip


def _snapshots(session: Session, accounts: Mapping[int, Account]) -> Iterator[HistoryEntry]:
    rows = session.scalars(select(Snapshot).where(Snapshot.delivery_id.in_(accounts)).order_by(Snapshot.id))
    for row in rows:
        yield HistoryEntry(
            at=row.read_at, kind="snapshot", what="live" if row.live else "gone",
            delivery_id=row.delivery_id, account=accounts[row.delivery_id],
            detail={"remote_id": row.remote_id, "permalink": row.permalink, "sha256": row.sha256},
        )  # fmt: skip


def _deeds(session: Session, post_id: int, accounts: Mapping[int, Account]) -> Iterator[HistoryEntry]:
    of_post = and_(AuditEvent.subject == "post", AuditEvent.subject_id == post_id)
    of_delivery = and_(AuditEvent.subject == "delivery", AuditEvent.subject_id.in_(accounts))
    rows = session.scalars(
        select(AuditEvent)
        .where(or_(of_post, of_delivery), AuditEvent.action.not_in(SAID_BY_MOVES))
        .order_by(AuditEvent.id)
    )
    for row in rows:
        delivery_id = row.subject_id if row.subject == "delivery" else None
        yield HistoryEntry(
            at=row.at, kind="deed", what=row.action, person_id=row.person_id, delivery_id=delivery_id,
            account=accounts.get(delivery_id) if delivery_id else None, detail=row.detail,
        )  # fmt: skip


def _named(session: Session, entries: list[HistoryEntry]) -> list[HistoryEntry]:
    ids = {entry.person_id for entry in entries if entry.person_id is not None}
    names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())
    return [
        replace(entry, who=names.get(entry.person_id, "") if entry.person_id else "") for entry in entries
    ]
