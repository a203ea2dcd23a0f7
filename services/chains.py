"""Threads and first comments: a chain of deliveries, each a reply to the one before it, one after another.

Every part is claimed, sent, read back and decided about like any other post. What keeps them in order is one
condition of the claim (`may_follow`), what tells the truth about the rest is one sweep (`keep_in_step`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, or_, select
from sqlalchemy.orm import Session, aliased

from core.lifecycle import LIVE
from core.vocab import DeliveryState
from models import Delivery

WAITS = "part_before_waits"  # code of [reason]: the part before this one does not go out now
# a part before this one in such a state will not be out by itself
HALTED = frozenset(
    {
        DeliveryState.HELD, DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.CANCELLED,
        DeliveryState.NEEDS_HUMAN,
    }
)  # fmt: skip

Before = aliased(Delivery, name="part_before")


def answered() -> ScalarSelect[str | None]:
    """Return the id on the platform of the part before a delivery; null while that is not out."""
    return (
        select(Before.remote_id)
        .where(Before.id == Delivery.follows_id, Before.state.in_(LIVE))
        .correlate(Delivery)
        .scalar_subquery()
    )


def may_follow() -> ColumnElement[bool]:
    """Return the condition that a delivery begins a chain, or that the part before it is out."""
    return or_(Delivery.follows_id.is_(None), answered().is_not(None))


def shown() -> ColumnElement[bool]:
    """Return the condition under which lists show a delivery: a chain by its first part and by what is next.

    Later parts come into sight where the chain stands: the part before is out, this one is not.
    """
    return or_(Delivery.part == 1, and_(Delivery.state.not_in(LIVE), answered().is_not(None)))


def keep_in_step(session: Session, now: datetime) -> None:
    """Hold what waits behind a part that does not go out, and let it go on once that part is under way."""
    while _one_step(session, now):  # what was held now holds the part behind it
        session.flush()


def _one_step(session: Session, now: datetime) -> int:
    waits = and_(Delivery.state == DeliveryState.HELD, Delivery.reason == WAITS)
    pairs = session.execute(
        select(Delivery, Before.state)
        .join(Before, Before.id == Delivery.follows_id)
        .where(
            or_(
                and_(Delivery.state == DeliveryState.SCHEDULED, Before.state.in_(HALTED)),
                and_(waits, Before.state.not_in(HALTED)),
            )
        )
        .order_by(Delivery.id)
        .with_for_update(of=Delivery, skip_locked=True)
    ).all()
    for row, before in pairs:
        if before in HALTED:
            row.move(DeliveryState.HELD, now, why=WAITS)
            row.reason = WAITS
        else:
            row.move(DeliveryState.SCHEDULED, now, why="part_before_goes_on")
            row.next_at, row.reason = row.due_at, ""
    return len(pairs)


def chain_of(session: Session, row: Delivery) -> Sequence[Delivery]:
    """Return all parts of a delivery's chain in order, locked; an answer to a citizen is one of its own."""
    if row.part > 1 and row.follows_id is None:
        return [row]
    return session.scalars(
        select(Delivery)
        .where(
            Delivery.post_id == row.post_id,
            Delivery.account_id == row.account_id,
            Delivery.approved_revision == row.approved_revision,
            or_(Delivery.part == 1, Delivery.follows_id.is_not(None)),
        )
        .order_by(Delivery.part, Delivery.id)
        .with_for_update()
    ).all()


def from_here(session: Session, row: Delivery) -> list[Delivery]:
    """Return a delivery and the parts after it, which cannot go out without it."""
    return [one for one in chain_of(session, row) if one.part >= row.part]


def chains(rows: Iterable[Delivery]) -> int:
    """Return how many posts on accounts these are: the parts of a chain count once."""
    return len({(row.post_id, row.account_id, row.approved_revision) for row in rows})
