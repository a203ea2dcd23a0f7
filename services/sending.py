"""Steps 3 to 6 of the send: connect, write the attempt down, look once more, send, record under the fence."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from connectors.base import Line, Message, OutcomeUnknown, PlatformTrouble, Receipt, Rejected, RetryLater
from core.crashpoints import reach
from core.vocab import AttemptOutcome, AttemptPhase, DeliveryState, Health, MessageKind
from models import Attempt, Delivery
from services.chains import WAITS, answered
from services.claiming import NOW, Claim
from services.gates import post_held, stopped
from services.missing import miss
from services.patience import first_look
from services.payloads import kind, message_of
from services.preparing import MEDIA_NOT_STAGED, staged_ids
from services.runtime import Runtime
from services.staging import forget_staged
from services.troubles import LEAST_WAIT_S, note_trouble, set_health

VERIFY_AFTER = timedelta(seconds=2)
MEDIA_REFUSED = "media_not_ready"
# refused "for now" so often, it is for good: X may need a moment to know a file, Facebook to open a link
FOR_GOOD = {MEDIA_REFUSED: (3, "media_refused"), "link_unread": (2, "link_refused")}
AGAIN = timedelta(seconds=1)

# Built once, run for every post. Both lock the row, if the claim still owns it.
IS_MINE = and_(
    Delivery.id == bindparam("delivery"),
    Delivery.fence == bindparam("fence"),
    Delivery.state == DeliveryState.SENDING,
)
GATES = (
    select(
        or_(stopped(Delivery.account_id), post_held(NOW)),
        Delivery.not_after,
        Delivery.follows_id,
        answered(),
    )
    .join(Delivery.post)
    .where(IS_MINE)
    .with_for_update(of=Delivery)
)
MINE = (
    select(Delivery)
    .join(Delivery.account)
    .where(IS_MINE)
    .options(contains_eager(Delivery.account))
    .with_for_update(of=Delivery)
)


class NotNow(Exception):
    """Between the claim and the call something changed: nothing is sent."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


Result = Receipt | PlatformTrouble | NotNow
OneLine = TypeVar("OneLine", bound=Line)


def send(rt: Runtime, claim: Claim) -> Result:
    """Make the one call of a one-phase claim; every way it can end is a value."""
    opening = rt.connectors[claim.access.channel].open(claim.access)
    return transmit(rt, claim, opening, lambda line, message: line.publish(message))


def transmit(
    rt: Runtime,
    claim: Claim,
    opening: AbstractContextManager[OneLine],
    call: Callable[[OneLine, Message], Receipt],
) -> Result:
    """Make a claim's public call on a connection opened now; the attempt row comes first."""
    try:
        with opening as line:
            reach("after_open")
            message = arm(rt, claim, claim.phase)
            reach("after_attempt")
            if rt.clock.monotonic() >= claim.lease_ends:
                return NotNow("lease_over")
            reach("before_send")
            return outcome_of(lambda: call(line, message))
    except (NotNow, RetryLater) as refusal:
        return refusal


def outcome_of(call: Callable[[], Receipt]) -> Receipt | PlatformTrouble:
    """Make a call and return what came of it, trouble too."""
    try:
        return call()
    except PlatformTrouble as trouble:
        return trouble
    except Exception as exc:  # noqa: BLE001 -- whatever else breaks after sending began is an unknown outcome
        return OutcomeUnknown("broken_answer", type(exc).__name__)


def arm(rt: Runtime, claim: Claim, phase: AttemptPhase) -> Message:
    """Write the attempt row, if the claim still holds and nothing forbids sending; NotNow otherwise."""
    reach("before_attempt")
    with rt.sessions.begin() as session:
        now = claim.moment.now(rt.clock)
        reply_to = _still_open(session, claim, now)
        # a draft holds its pictures already
        flip = phase is AttemptPhase.FLIP
        media_ids = [] if flip else staged_ids(session, claim.delivery_id, claim.payload, now)
        if media_ids is None:
            raise NotNow(MEDIA_NOT_STAGED)
        session.add(
            Attempt(
                delivery_id=claim.delivery_id, fence=claim.fence, phase=phase, owner=claim.owner,
                started_at=now, request_sha256=claim.payload_sha256,
            )
        )  # fmt: skip
        return message_of(claim.payload, media_ids, reply_to)


def _still_open(session: Session, claim: Claim, now: datetime) -> str:
    """Return what the message answers, empty if nothing; NotNow if something closed since the claim."""
    row = session.execute(GATES, {**_key(claim), NOW.key: now}).one_or_none()
    if row is None:
        raise NotNow("fence_passed")
    stop, not_after, follows_id, before = row
    if stop:
        raise NotNow("stopped")
    if now > min(claim.not_after, not_after):  # a change of the plan may have closed it early
        raise NotNow("window_passed")
    if follows_id is not None and before is None:
        raise NotNow(WAITS)
    return before or claim.payload.get("reply_to", "")


def record(rt: Runtime, claim: Claim, result: Result) -> DeliveryState | None:
    """Write the result down; the state changes only if the fence is still ours, the attempt always does."""
    reach("before_record")
    with rt.sessions.begin() as session:
        now = claim.moment.now(rt.clock)
        close_attempt(session, claim, claim.phase, result, now)
        row = session.scalars(MINE, _key(claim)).one_or_none()
        if row is None:
            return None
        row.owner, row.lease_until = None, None
        if isinstance(result, Receipt):
            settle_published(row, result, now, why="sent")
            if row.account.health is Health.BLOCKED:
                set_health(session, row.account, Health.OK, "", now)
        elif isinstance(result, NotNow):
            _settle_not_now(session, row, result, now)
        else:
            _settle_trouble(rt, session, row, result, now)
        state = row.state
    reach("after_record")
    return state


def settle_published(row: Delivery, receipt: Receipt, now: datetime, why: str) -> None:
    """Adopt the platform's id: from here on our books say published."""
    row.remote_id = receipt.remote_id
    row.permalink = receipt.permalink
    row.published_at = receipt.published_at or now
    row.reason, row.detail = "", ""
    row.next_at = now + VERIFY_AFTER
    # the platforms count posts; a comment of ours has no figures of its own
    row.metrics_next_at = now + VERIFY_AFTER if kind(row.payload) is MessageKind.POST else None
    row.move(DeliveryState.PUBLISHED, now, why=why)


def _key(claim: Claim) -> dict[str, int]:
    return {"delivery": claim.delivery_id, "fence": claim.fence}


def close_attempt(session: Session, claim: Claim, phase: AttemptPhase, result: Result, now: datetime) -> None:
    """Write what came of the attempt into its row; there is none if nothing was attempted."""
    session.execute(
        update(Attempt)
        .where(
            Attempt.delivery_id == claim.delivery_id,
            Attempt.fence == claim.fence,
            Attempt.phase == phase,
            Attempt.outcome.in_((AttemptOutcome.OPEN, AttemptOutcome.UNKNOWN)),
        )
        .values(ended_at=now, **_ending(result))
        .execution_options(synchronize_session=False)
    )


def _ending(result: Result) -> dict[str, Any]:
    if isinstance(result, NotNow):
        return {"outcome": AttemptOutcome.NONE, "code": result.code}
    answer: dict[str, Any] = {"http_status": result.http_status, "trace_id": result.trace_id}
    if isinstance(result, Receipt):
        return answer | {"outcome": AttemptOutcome.OK, "remote_id": result.remote_id}
    return answer | {"outcome": _outcome(result), "code": result.code, "detail": result.detail}


def _outcome(trouble: PlatformTrouble) -> AttemptOutcome:
    if isinstance(trouble, Rejected):
        return AttemptOutcome.REJECTED
    return AttemptOutcome.RETRY if isinstance(trouble, RetryLater) else AttemptOutcome.UNKNOWN


def _settle_not_now(session: Session, row: Delivery, reason: NotNow, now: datetime) -> None:
    if reason.code == "window_passed":
        miss(session, [row], now, why=reason.code)
        return
    row.reason = reason.code
    row.next_at = now + AGAIN
    row.move(DeliveryState.SCHEDULED, now, why=reason.code)


def _settle_trouble(
    rt: Runtime, session: Session, row: Delivery, trouble: PlatformTrouble, now: datetime
) -> None:
    trouble = _for_good(session, row.id, trouble)
    row.reason, row.detail = trouble.code, trouble.detail
    note_trouble(session, row.account, trouble, now)
    if isinstance(trouble, Rejected):
        forget_staged(session, row.id)
        row.draft_id = None  # surely not public, and never will be
        row.move(DeliveryState.FAILED, now, why=trouble.code)
    elif isinstance(trouble, RetryLater):
        if trouble.code == MEDIA_REFUSED:
            forget_staged(session, row.id)  # the platform does not know them any more: upload again
        row.next_at = now + timedelta(seconds=max(trouble.wait_s, LEAST_WAIT_S))
        row.move(DeliveryState.SCHEDULED, now, why=trouble.code)
    else:
        row.next_at, row.absent_reads = now + first_look(rt.settings), 0
        row.move(DeliveryState.UNCERTAIN, now, why=trouble.code)


def _for_good(session: Session, delivery_id: int, trouble: PlatformTrouble) -> PlatformTrouble:
    """Return a refusal that came too often to be the moment's fault as a definite one."""
    most, reason = FOR_GOOD.get(trouble.code, (0, ""))
    refused = select(func.count()).where(Attempt.delivery_id == delivery_id, Attempt.code == trouble.code)
    if not most or (session.scalar(refused) or 0) < most:
        return trouble
    return Rejected(reason, trouble.detail, http_status=trouble.http_status)
