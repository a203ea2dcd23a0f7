"""Facebook's two calls: a draft that nobody sees, then made public. Only the draft in our books ever is.

Making the same draft public twice is one post. So no lost answer can lead to a second one: an unclear flip is
read on the draft itself, and an unclear draft leaves at most an orphan that nobody sees.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from connectors.base import OutcomeUnknown, PlatformTrouble, Receipt, Rejected, RetryLater
from connectors.drafts import Drafting
from core.crashpoints import reach
from core.errors import Conflict
from core.vocab import AttemptOutcome, AttemptPhase, Channel, DeliveryState
from models import Attempt, Delivery
from services.claiming import Claim
from services.runtime import Runtime
from services.sending import NotNow, Result, arm, close_attempt, outcome_of, transmit
from services.staging import forget_staged

DRAFT_UNCLEAR = "draft_unclear"


@dataclass(frozen=True)
class Orphan:
    """A call that may have left a draft behind; remote_id is None where its answer was lost."""

    attempt: Attempt
    remote_id: str | None


def drafting(rt: Runtime, channel: Channel) -> Drafting:
    """Return the channel's connector if it can hold posts back; Conflict otherwise."""
    connector = rt.connectors[channel]
    if not isinstance(connector, Drafting):
        raise Conflict("two_phase_unsupported", channel=channel)
    return connector


def send_in_two(rt: Runtime, claim: Claim) -> Result:
    """Make the claim's draft unless there is one, then make it public; every way it can end is a value."""
    connector = drafting(rt, claim.access.channel)
    try:
        draft_id = claim.draft_id or _make_draft(rt, connector, claim)
    except (NotNow, RetryLater, Rejected) as refusal:
        return refusal
    return transmit(rt, claim, connector.open(claim.access), lambda line, _: line.flip(draft_id))


def orphans(session: Session, account_id: int) -> Sequence[Orphan]:
    """Return the calls of an account that may have left a draft nobody uses, oldest first."""
    unknown = Attempt.outcome.in_((AttemptOutcome.OPEN, AttemptOutcome.UNKNOWN))
    unused = or_(Delivery.draft_id.is_(None), Delivery.draft_id != Attempt.remote_id)
    rows = session.scalars(
        select(Attempt)
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .where(
            Delivery.account_id == account_id,
            Delivery.state != DeliveryState.SENDING,
            Attempt.phase == AttemptPhase.DRAFT,
            or_(unknown, and_(Attempt.remote_id.is_not(None), unused)),
        )
        .order_by(Attempt.id)
    )
    return [Orphan(row, row.remote_id) for row in rows]


def _make_draft(rt: Runtime, connector: Drafting, claim: Claim) -> str:
    """Make a draft and return the id that stands in our books; raises NotNow, RetryLater or Rejected."""
    with connector.open(claim.access) as line:
        message = arm(rt, claim, AttemptPhase.DRAFT)
        reach("after_draft_attempt")
        made = outcome_of(lambda: line.draft(message))
    reach("after_draft")
    kept = _keep(rt, claim, made)
    if isinstance(made, OutcomeUnknown):
        raise RetryLater(DRAFT_UNCLEAR, made.detail, http_status=made.http_status, trace_id=made.trace_id)
    if isinstance(made, PlatformTrouble):
        raise made
    if kept is None:
        raise NotNow("fence_passed")
    reach("after_draft_kept")
    return kept


def _keep(rt: Runtime, claim: Claim, made: Receipt | PlatformTrouble) -> str | None:
    """Write the draft's id down if the fence is still ours and none stands there; return what does."""
    mine = (
        Delivery.id == claim.delivery_id,
        Delivery.fence == claim.fence,
        Delivery.state == DeliveryState.SENDING,
    )
    with rt.sessions.begin() as session:
        close_attempt(session, claim, AttemptPhase.DRAFT, made, claim.moment.now(rt.clock))
        if isinstance(made, OutcomeUnknown):
            forget_staged(session, claim.delivery_id)  # the orphan may hold its pictures: upload them anew
        if isinstance(made, Receipt):
            session.execute(
                update(Delivery)
                .where(*mine, Delivery.draft_id.is_(None))
                .values(draft_id=made.remote_id)
                .execution_options(synchronize_session=False)
            )
        return session.scalar(select(Delivery.draft_id).where(*mine))
