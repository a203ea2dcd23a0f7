"""What becomes of deliveries when people change their minds: held or cancelled, never one in flight."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.lifecycle import IN_FLIGHT, LIVE
from core.vocab import DeliveryState
from models.deliveries import Delivery
from models.posts import Post
from services.chains import chains

# these never reached the platform and may be given up
GIVEN_UP = frozenset(
    {DeliveryState.SCHEDULED, DeliveryState.HELD, DeliveryState.FAILED, DeliveryState.MISSED}
)


@dataclass(frozen=True)
class Fate:
    """What happened to the deliveries: held now, on their way and beyond recall, already public."""

    held: int = 0
    in_flight: int = 0
    live: int = 0


def deliveries_of(session: Session, post_ids: Collection[int]) -> Sequence[Delivery]:
    """Return the deliveries of posts, locked until the transaction ends, so that no claim slips between."""
    if not post_ids:
        return []
    return session.scalars(
        select(Delivery).where(Delivery.post_id.in_(post_ids)).order_by(Delivery.id).with_for_update()
    ).all()


def hold_scheduled(deliveries: Collection[Delivery], why: str, person_id: int | None, now: datetime) -> Fate:
    """Hold what is still waiting and count the posts that can no longer be held; why: a code of [reason]."""
    waiting = [row for row in deliveries if row.state is DeliveryState.SCHEDULED]
    for delivery in waiting:
        delivery.move(DeliveryState.HELD, now, person_id, why)
        delivery.reason = why
    return Fate(
        held=chains(waiting),
        in_flight=chains(row for row in deliveries if row.state in IN_FLIGHT),
        live=chains(row for row in deliveries if row.state in LIVE),
    )


def forbid_resending(deliveries: Collection[Delivery], now: datetime) -> None:
    """Close the window of what is in flight or in doubt: if it proves absent, it is not sent again.

    What was approved is no longer true; a request that is already out cannot be called back.
    """
    for delivery in deliveries:
        if delivery.state in IN_FLIGHT or delivery.state is DeliveryState.NEEDS_HUMAN:
            delivery.not_after = min(delivery.not_after, now - timedelta(seconds=1))


def cancel_unsent(session: Session, post: Post, why: str, person_id: int | None, now: datetime) -> int:
    """Cancel every delivery of a post that never went out, and return how many.

    Raises `in_flight` while one is being sent or its outcome is unknown, `needs_decision` while a person must
    say whether it went out, `already_published` if one stands on its platform, `partly_published` if only the
    first parts of a chain do. Then nothing is changed. A chain counts as one.
    """
    deliveries = deliveries_of(session, [post.id])
    refuse_if_out(deliveries)
    unsent = [row for row in deliveries if row.state in GIVEN_UP]
    for delivery in unsent:
        delivery.move(DeliveryState.CANCELLED, now, person_id, why)
        delivery.reason = why
    return chains(unsent)


def refuse_if_out(deliveries: Collection[Delivery]) -> None:
    """Raise the truth about a delivery that cannot be taken back."""
    for delivery in deliveries:
        if delivery.state in IN_FLIGHT:
            raise Conflict("in_flight", state=delivery.state)
        if delivery.state is DeliveryState.NEEDS_HUMAN:
            raise Conflict("needs_decision", state=delivery.state)
        if delivery.state in LIVE:
            out = sum(row.state in LIVE for row in _chain(deliveries, delivery))
            parts = len(_chain(deliveries, delivery))
            if out < parts:
                raise Conflict("partly_published", state=delivery.state, out=out, parts=parts)
            raise Conflict("already_published", state=delivery.state)


def _chain(deliveries: Collection[Delivery], one: Delivery) -> list[Delivery]:
    """Return the chain of a delivery; an answer to a citizen follows nothing and is none of it."""
    key = (one.account_id, one.approved_revision)
    chained = [row for row in deliveries if row.part == 1 or row.follows_id is not None]
    return [row for row in chained if (row.account_id, row.approved_revision) == key] or [one]
