"""The state tables: which moves a post, a delivery and an event may make. Nothing else may change a state."""

from core.vocab import DeliveryState as D
from core.vocab import EventState as E
from core.vocab import PostState as P

POST_MOVES: dict[P, frozenset[P]] = {
    P.DRAFT: frozenset({P.IN_REVIEW, P.WITHDRAWN}),
    P.IN_REVIEW: frozenset({P.RETURNED, P.APPROVED, P.WITHDRAWN}),
    P.RETURNED: frozenset({P.DRAFT, P.IN_REVIEW, P.WITHDRAWN}),
    # an edit after approval makes a new revision, which needs a new approval
    P.APPROVED: frozenset({P.DRAFT, P.WITHDRAWN}),
    P.WITHDRAWN: frozenset(),
}

DELIVERY_MOVES: dict[D, frozenset[D]] = {
    D.SCHEDULED: frozenset({D.SENDING, D.HELD, D.CANCELLED, D.MISSED, D.FAILED, D.UNCERTAIN}),
    D.SENDING: frozenset({D.PUBLISHED, D.UNCERTAIN, D.SCHEDULED, D.FAILED, D.MISSED}),
    D.UNCERTAIN: frozenset({D.PUBLISHED, D.SCHEDULED, D.MISSED, D.NEEDS_HUMAN}),
    D.PUBLISHED: frozenset({D.VERIFIED, D.NEEDS_HUMAN}),
    D.VERIFIED: frozenset({D.NEEDS_HUMAN}),
    D.HELD: frozenset({D.SCHEDULED, D.CANCELLED, D.MISSED}),
    D.NEEDS_HUMAN: frozenset({D.PUBLISHED, D.SCHEDULED, D.CANCELLED, D.MISSED, D.FAILED}),
    D.MISSED: frozenset({D.SCHEDULED, D.CANCELLED}),
    D.FAILED: frozenset({D.SCHEDULED, D.CANCELLED}),
    D.CANCELLED: frozenset(),
}

EVENT_MOVES: dict[E, frozenset[E]] = {
    E.SCHEDULED: frozenset({E.CONFIRMED, E.POSTPONED, E.CANCELLED, E.HELD}),
    E.CONFIRMED: frozenset({E.POSTPONED, E.CANCELLED, E.HELD}),
    E.POSTPONED: frozenset({E.SCHEDULED, E.CONFIRMED, E.CANCELLED}),
    E.CANCELLED: frozenset(),
    E.HELD: frozenset(),
}

# a request may be on its way: neither edit nor cancel may touch these
IN_FLIGHT = frozenset({D.SENDING, D.UNCERTAIN})
# what stands on the platform, as far as our books know
LIVE = frozenset({D.PUBLISHED, D.VERIFIED})
# an officer may still hold, cancel or move these
OPEN = frozenset({D.SCHEDULED, D.HELD})
# a post in these states may be edited
EDITABLE = frozenset({P.DRAFT, P.RETURNED})


def post_may(origin: P, target: P) -> bool:
    """Say whether a post may go from origin to target."""
    return target in POST_MOVES[origin]


def delivery_may(origin: D, target: D) -> bool:
    """Say whether a delivery may go from origin to target."""
    return target in DELIVERY_MOVES[origin]


def event_may(origin: E, target: E) -> bool:
    """Say whether an event may go from origin to target."""
    return target in EVENT_MOVES[origin]
