"""What the platform is asked about an unclear delivery, and the asking: reading back costs money, too."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.base import Access, Listing, PlatformTrouble, RetryLater
from connectors.drafts import Draft
from connectors.replies import Replying
from core.lifecycle import IN_FLIGHT
from core.vocab import PUBLIC_PHASES, DeliveryState, MessageKind
from models import Attempt, Delivery, Move
from services.claiming import access_of
from services.matching import EARLY
from services.payloads import Payload, kind
from services.rescue import UNSENT
from services.runtime import Runtime
from services.two_phase import drafting

UNSETTLED = IN_FLIGHT | {DeliveryState.NEEDS_HUMAN}
Seen = Listing | Draft | None  # the account's posts, or the draft itself, None if it is not there


@dataclass(frozen=True)
class Question:
    """An unclear delivery, copied out of the database before the platform is asked.

    reply_to: what it answers, empty if nothing; None: the part before it is not out, so neither is this one.
    unsettled: whether the part before it is out is not known either.
    """

    delivery_id: int
    account_id: int
    fence: int
    absent_reads: int
    access: Access = field(repr=False)
    payload: Payload
    draft_id: str | None
    window: tuple[datetime, datetime]
    reply_to: str | None = ""
    unsettled: bool = False

    @property
    def of_account(self) -> bool:
        """Say whether the account's own list answers it."""
        return self.draft_id is None and self.reply_to is not None and not self.unsettled


def question_of(rt: Runtime, session: Session, row: Delivery) -> Question:
    """Copy what the platform is asked about: payload, target, window of calls not known to have failed."""
    before = session.get(Delivery, row.follows_id) if row.follows_id is not None else None
    return Question(
        delivery_id=row.id,
        account_id=row.account_id,
        fence=row.fence,
        absent_reads=row.absent_reads,
        access=access_of(rt, row.account),
        payload=row.payload,
        draft_id=row.draft_id,
        window=_window(rt, session, row),
        reply_to=before.remote_id if before is not None else row.payload.get("reply_to", ""),
        unsettled=before is not None and before.remote_id is None and before.state in UNSETTLED,
    )


def _window(rt: Runtime, session: Session, row: Delivery) -> tuple[datetime, datetime]:
    attempts = session.scalars(
        select(Attempt).where(
            Attempt.delivery_id == row.id,
            Attempt.phase.in_(PUBLIC_PHASES),
            Attempt.outcome.not_in(UNSENT),
        )
    ).all()
    quiet = timedelta(seconds=rt.settings.quiescence_s)
    starts = [attempt.started_at for attempt in attempts]
    # nobody knows when a call without an end left: its process may have stood still until it was proved dead
    unclear = _unclear_since(session, row) or row.due_at
    ends = [attempt.ended_at or max(attempt.started_at, unclear) for attempt in attempts]
    if row.lost_from and row.lost_until:  # a restore took calls out of our books
        starts, ends = [*starts, row.lost_from], [*ends, row.lost_until]
    start, last = min(starts, default=row.due_at), max(ends, default=row.due_at)
    # a call without an end may have run until its time-outs
    slack = timedelta(seconds=rt.settings.connect_timeout_s + rt.settings.read_timeout_s)
    return start, last + slack + quiet


def _unclear_since(session: Session, row: Delivery) -> datetime | None:
    """Return when a delivery last became unclear: its owner had ended by then."""
    unclear = Move.subject == "delivery", Move.subject_id == row.id, Move.target == DeliveryState.UNCERTAIN
    return session.scalar(select(func.max(Move.at)).where(*unclear))


def look_together(rt: Runtime, questions: Sequence[Question]) -> dict[int, Listing | PlatformTrouble]:
    """Ask once for each account of which more than one post is looked for.

    An account whose listing stops short is left out: each question then asks for its own shorter time.
    """
    wanted: dict[int, list[Question]] = defaultdict(list)
    for question in questions:
        if question.of_account and _replying(rt, question) is None:
            wanted[question.account_id].append(question)
    found: dict[int, Listing | PlatformTrouble] = {}
    for account_id, group in wanted.items():
        if len(group) > 1:
            earliest = min(group, key=lambda question: question.window[0])
            try:
                listing = look_around(rt, earliest, EARLY)
            except PlatformTrouble as trouble:
                found[account_id] = trouble
            else:
                found |= {account_id: listing} if listing.complete else {}
    return found


def look(rt: Runtime, question: Question, known: Listing | PlatformTrouble | None) -> Seen:
    """Ask for the draft that may be public by now, else for all that may be ours, unless just asked."""
    if question.unsettled:
        raise RetryLater("part_before_unclear")
    if question.reply_to is None:
        return Listing((), complete=True)
    if question.draft_id:
        return drafting(rt, question.access.channel).read_draft(question.access, question.draft_id)
    if isinstance(known, PlatformTrouble):
        raise known
    return known or look_around(rt, question, EARLY)


def look_around(rt: Runtime, question: Question, margin: timedelta) -> Listing:
    """Return all that may be ours from long before the calls on, for a person to choose from."""
    connector = _replying(rt, question)
    if connector is not None:
        return connector.find_replies(question.access, question.reply_to or "")
    return rt.connectors[question.access.channel].find(question.access, question.window[0] - margin)


def _replying(rt: Runtime, question: Question) -> Replying | None:
    """Return the connector if this is a comment that only stands under its post."""
    connector = rt.connectors[question.access.channel]
    comment = kind(question.payload) is MessageKind.COMMENT
    return connector if comment and isinstance(connector, Replying) else None
