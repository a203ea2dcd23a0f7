"""Whether a post is out, and how surely: the question under every measure of publishing."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum

from core.vocab import DeliveryState
from kpi.facts import DeliveryFact, PeriodFacts, PostFact

# a request may have reached the platform, or somebody must look
IN_DOUBT = frozenset(
    {
        DeliveryState.SENDING,
        DeliveryState.UNCERTAIN,
        DeliveryState.NEEDS_HUMAN,
        DeliveryState.PUBLISHED,
        DeliveryState.VERIFIED,
    }
)


class Standing(Enum):
    """LIVE: out, and read back from the platform; UNPROVEN: out or perhaps out; ABSENT: not out."""

    LIVE = "live"
    UNPROVEN = "unproven"
    ABSENT = "absent"


def standing(delivery: DeliveryFact) -> Standing:
    """Say how surely a delivery is (or was) on the platform."""
    if read_back_after(delivery) is not None:
        return Standing.LIVE
    if delivery.published_at or delivery.state in IN_DOUBT:
        return Standing.UNPROVEN
    return Standing.ABSENT


def read_back_after(delivery: DeliveryFact) -> timedelta | None:
    """Return how long after publication the platform first showed it; None if it did not yet."""
    if delivery.published_at is None or delivery.verified_at is None:
        return None
    return delivery.verified_at - delivery.published_at


def out_at(delivery: DeliveryFact) -> datetime | None:
    """Return when it went out; for one in doubt, when it should have."""
    return delivery.published_at or delivery.due_at


def sent(facts: PeriodFacts) -> Iterator[tuple[PostFact, DeliveryFact]]:
    """Give each post × channel that is out, or perhaps out, within the period."""
    for post in facts.posts or ():
        for delivery in post.deliveries:
            if standing(delivery) is not Standing.ABSENT and facts.holds(out_at(delivery)):
                yield post, delivery


def published(facts: PeriodFacts) -> list[PostFact]:
    """Return the posts known to be out on at least one channel within the period."""
    return [
        post
        for post in facts.posts or ()
        if any(facts.holds(delivery.published_at) for delivery in post.deliveries)
    ]
