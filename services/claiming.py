"""Step 2 of the send: exactly one worker takes a due delivery, if everything says that it may go out now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, contains_eager

from connectors.base import Access
from core.vocab import AttemptPhase, DeliveryState, PostState
from models import Account, Delivery, Post
from models.base import UtcDateTime
from models.database import commit_lightly
from services.chains import may_follow
from services.clockwatch import Moment
from services.gates import account_open, post_held
from services.missing import miss
from services.pacing import PROMPT, late, take_turn, turn_free
from services.payloads import may_wait_unseen
from services.runtime import Runtime
from services.vault import about_account


@dataclass(frozen=True)
class Claim:
    """A delivery that this process, and no other, may send until the lease ends."""

    delivery_id: int
    fence: int
    owner: str
    access: Access = field(repr=False)
    payload: dict[str, Any]
    payload_sha256: str
    not_after: datetime
    lease_ends: float  # on this process's monotonic clock
    moment: Moment
    two_phase: bool = False
    draft_id: str | None = None

    @property
    def phase(self) -> AttemptPhase:
        """Return which call makes the post public."""
        return AttemptPhase.FLIP if self.two_phase else AttemptPhase.POST


# Built once, run for every post: SQLAlchemy takes longer to build one of these than to run it.
NOW, PROMPT_SINCE, QUIET_SINCE = (
    bindparam(name, type_=UtcDateTime()) for name in ("now", "prompt_since", "quiet_since")
)
DUE = (  # what may go out now: time, approval, account, switches and the part before it all agree
    select(Delivery)
    .join(Delivery.account)
    .join(Delivery.post)
    .where(
        Delivery.state == DeliveryState.SCHEDULED,
        Delivery.lost_until.is_(None),
        Delivery.next_at <= NOW,
        Delivery.due_at <= NOW,
        Delivery.not_after >= NOW,
        Post.state == PostState.APPROVED,
        Post.approved_revision == Delivery.approved_revision,
        account_open(NOW),
        ~post_held(NOW),
        may_follow(),
    )
)
FIRST_LOCKED = (
    DUE.limit(1).options(contains_eager(Delivery.account)).with_for_update(of=Delivery, skip_locked=True)
)
PROMPT_FIRST = FIRST_LOCKED.where(~late(PROMPT_SINCE)).order_by(Delivery.due_at, Delivery.id)
# the newest of the late ones is the likeliest to be still true
LATE_FIRST = FIRST_LOCKED.where(late(PROMPT_SINCE), turn_free(QUIET_SINCE)).order_by(
    Delivery.due_at.desc(), Delivery.id.desc()
)
HINTS = (
    DUE.where(or_(~late(PROMPT_SINCE), turn_free(QUIET_SINCE)))
    .order_by(Delivery.due_at, Delivery.id)
    .with_only_columns(Delivery.id)
)


def due_ids(session: Session, now: datetime, limit: int, pace_s: float = 0.0) -> list[int]:
    """Return ids of deliveries that could be claimed now, oldest first; a hint, not a claim."""
    return list(session.scalars(HINTS.limit(limit), _moments(now, pace_s)))


def claim_next(rt: Runtime, owner: str, moment: Moment) -> Claim | None:
    """Take the oldest delivery due at a moment for the length of a lease; None if nothing may go out."""
    now = moment.at
    with rt.sessions.begin() as session:
        if rt.engine.dialect.name == "sqlite":
            # Nothing was done upon it yet, and what cuts its power ends us too. A PostgreSQL that crashes
            # alone would forget the claim while its worker lives, and give the same fence out twice.
            commit_lightly(session)
        row = _prompt(session, now) or _late(session, now, rt.settings.pace_s)
        if row is None:
            return None
        row.move(DeliveryState.SENDING, now)
        row.fence += 1
        row.owner = owner
        row.lease_until = now + timedelta(seconds=rt.settings.lease_s)
        return Claim(
            delivery_id=row.id,
            fence=row.fence,
            owner=owner,
            access=access_of(rt, row.account),
            payload=row.payload,
            payload_sha256=row.payload_sha256,
            not_after=row.not_after,
            lease_ends=moment.second + rt.settings.lease_s,
            moment=moment,
            # a draft that was ever made is the only thing to make public, whatever the account is set to now
            two_phase=may_wait_unseen(row.payload) and (row.account.two_phase or row.draft_id is not None),
            draft_id=row.draft_id,
        )


def _prompt(session: Session, now: datetime) -> Delivery | None:
    """Lock the oldest delivery that did not wait for an outage to end."""
    return session.scalars(PROMPT_FIRST, _moments(now, 0.0)).one_or_none()


def _late(session: Session, now: datetime, pace_s: float) -> Delivery | None:
    """Lock the newest late delivery of an account whose turn is free."""
    row = session.scalars(LATE_FIRST, _moments(now, pace_s)).one_or_none()
    return row if row is not None and take_turn(session, row.account_id, now, pace_s) else None


def _moments(now: datetime, pace_s: float) -> dict[str, datetime]:
    return {
        NOW.key: now,
        PROMPT_SINCE.key: now - PROMPT,
        QUIET_SINCE.key: now - timedelta(seconds=pace_s),
    }


def access_of(rt: Runtime, account: Account) -> Access:
    """Return an account's secrets, opened for one use."""
    about = about_account(account.channel, account.external_id)
    secrets = rt.vault.unseal(about, account.key_id, account.sealed)
    return Access(account.channel, account.external_id, secrets)


def miss_overdue(session: Session, now: datetime) -> list[int]:
    """Close deliveries whose window has passed while nothing was in flight; return their ids."""
    rows = session.scalars(
        select(Delivery)
        .where(
            Delivery.state.in_((DeliveryState.SCHEDULED, DeliveryState.HELD)),
            Delivery.due_at < now,  # no window ends before it begins; the index knows this moment
            Delivery.not_after < now,
            Delivery.lost_until.is_(None),
        )
        .order_by(Delivery.id)
        .with_for_update(skip_locked=True)
    ).all()
    miss(session, rows, now, why="window_passed")
    return [row.id for row in rows]
