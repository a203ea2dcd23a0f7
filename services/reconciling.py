"""Step 8: an unclear send is settled by reading the platform back, twice before any resend."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from connectors.base import Listing, PlatformTrouble, Receipt, RemotePost
from core.crashpoints import reach
from core.vocab import AttemptOutcome, DeliveryState
from models import Account, Attempt, Delivery
from services.clockwatch import Moment, believed
from services.incarnations import Life
from services.matching import Wanted, matches
from services.missing import miss
from services.patience import hold, look_again, resend_at
from services.questions import Question, Seen, look, look_together, question_of
from services.restoring import RESTORED
from services.runtime import Runtime
from services.sending import settle_published
from services.troubles import note_trouble

log = structlog.get_logger()

READS_NEEDED = 2


@dataclass(frozen=True)
class Answer:
    """What the platform showed, and when."""

    seen: Seen
    at: datetime


def reconcile_due(rt: Runtime, life: Life | None = None, limit: int = 50) -> int:
    """Settle, or look again for, each unclear delivery whose time has come; return how many."""
    moment = believed(rt, life.watch if life else None)
    if moment is None:
        return 0
    now = moment.at
    with rt.sessions.begin() as session:
        rows = session.scalars(
            select(Delivery)
            .where(Delivery.state == DeliveryState.UNCERTAIN, Delivery.next_at <= now)
            .options(selectinload(Delivery.account))
            .order_by(Delivery.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.next_at = now + hold(rt.settings)  # another worker leaves it alone while this one asks
        questions = [question_of(rt, session, row) for row in rows]
    shared = look_together(rt, questions)
    for question in questions:
        _reconcile(rt, question, moment, shared.get(question.account_id))
    return len(questions)


def _reconcile(
    rt: Runtime, question: Question, moment: Moment, known: Listing | PlatformTrouble | None
) -> None:
    reach("before_reconcile")
    try:
        seen = look(rt, question, known)
    except PlatformTrouble as trouble:
        log.warning("delivery.read_back_failed", delivery_id=question.delivery_id, code=trouble.code)
        _look_later(rt, question, trouble, moment.now(rt.clock))
        return
    reach("after_read_back")
    with rt.sessions.begin() as session:
        row = _still_unclear(session, question)
        if row is not None:
            settle(rt, session, row, question, Answer(seen, moment.now(rt.clock)))
            log.info("delivery.reconcile", delivery_id=row.id, state=row.state, reads=row.absent_reads)
    reach("after_reconcile")


def settle(rt: Runtime, session: Session, row: Delivery, question: Question, answer: Answer) -> None:
    """Decide from one read-back: found once, found twice, or absent so far."""
    seen, now = answer.seen, answer.at
    if isinstance(seen, Listing):
        _settle_by_match(rt, session, row, question, seen, now)
    elif seen is not None and seen.public:
        adopt(session, row, seen.post, now, why="found_on_platform")
    elif row.absent_reads == question.absent_reads:
        _absent(rt, session, row, now, gone=seen is None)


def _settle_by_match(
    rt: Runtime, session: Session, row: Delivery, question: Question, listing: Listing, now: datetime
) -> None:
    wanted = Wanted(question.payload, question.window, question.reply_to or "")
    found = matches(listing.posts, wanted, taken_ids(session, row))
    if len(found) == 1:
        adopt(session, row, found[0], now, why="found_on_platform")
    elif found:
        row.reason = "found_twice"
        row.move(DeliveryState.NEEDS_HUMAN, now, why="found_twice")
    elif not listing.complete:
        row.next_at = now + look_again(rt.settings)
    elif row.absent_reads == question.absent_reads:
        # else a look asked at the same time was counted already: two count only a quiescence apart
        _absent(rt, session, row, now)


def adopt(session: Session, row: Delivery, post: RemotePost, now: datetime, why: str) -> None:
    """Take a post found on the platform as this delivery's own."""
    receipt = Receipt(remote_id=post.remote_id, permalink=post.permalink, published_at=post.created_at)
    settle_published(row, receipt, now, why=why)
    row.lost_from = row.lost_until = None
    for attempt in session.scalars(
        select(Attempt).where(
            Attempt.delivery_id == row.id, Attempt.outcome.in_((AttemptOutcome.OPEN, AttemptOutcome.UNKNOWN))
        )
    ):
        attempt.ended_at = attempt.ended_at or now
        attempt.outcome = AttemptOutcome.UNKNOWN
        attempt.remote_id = post.remote_id


def _absent(rt: Runtime, session: Session, row: Delivery, now: datetime, *, gone: bool = False) -> None:
    """Count a read that covers the whole window and shows nothing; the last one decides.

    gone: the draft itself is not there; somebody took it away, and only a person may begin anew.
    """
    row.absent_reads += 1
    if row.absent_reads < READS_NEEDED:
        row.next_at = now + timedelta(seconds=rt.settings.quiescence_s)
        return
    row.lost_from = row.lost_until = None
    if gone:
        row.reason, row.draft_id = "draft_gone", None
        row.move(DeliveryState.NEEDS_HUMAN, now, why="draft_gone")
    elif now > row.not_after:
        miss(session, [row], now, why="proved_absent")
    elif row.reason == RESTORED:  # it never went out: it waits on as before
        row.next_at, row.reason = max(now, row.due_at), ""
        row.move(DeliveryState.SCHEDULED, now, why="proved_absent")
    elif rt.settings.on_absent == "ask" or row.resends >= rt.settings.max_resends:
        row.reason = "absent_ask"
        row.move(DeliveryState.NEEDS_HUMAN, now, why="proved_absent")
    else:
        row.resends += 1
        row.next_at, row.reason = resend_at(rt.settings, row.resends, row.not_after, now), "proved_absent"
        row.move(DeliveryState.SCHEDULED, now, why="proved_absent")


def taken_ids(session: Session, row: Delivery) -> set[str]:
    """Return the remote ids that other deliveries of the same account already own."""
    return set(
        session.scalars(
            select(Delivery.remote_id).where(
                Delivery.account_id == row.account_id, Delivery.remote_id.is_not(None), Delivery.id != row.id
            )
        )
    ) - {None}  # type: ignore[return-value]  # the query leaves none out


def _look_later(rt: Runtime, question: Question, trouble: PlatformTrouble, now: datetime) -> None:
    with rt.sessions.begin() as session:
        row = _still_unclear(session, question)
        if row is not None:
            row.next_at = now + look_again(rt.settings)
        if trouble.health is not None:  # a limit on reading alone says nothing about publishing
            note_trouble(session, session.get_one(Account, question.account_id), trouble, now)


def _still_unclear(session: Session, question: Question) -> Delivery | None:
    return session.scalars(
        select(Delivery)
        .where(
            Delivery.id == question.delivery_id,
            Delivery.fence == question.fence,
            Delivery.state == DeliveryState.UNCERTAIN,
        )
        .with_for_update()
    ).one_or_none()
