"""Who was told how long before: E(P), the public planned events of a period, and the lead of each.

lead(e) = start minus the earliest publication among the posts of e that are of kind announce or invite,
approved before publication, seen live on the platform and not gone before the start, entered in plan or
calendar before publication, and speaking to e's target group. Late notice by the host stays in E(P). Source:
criteria set 2564 v1, clause 3b; ruling in docs/kpi.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.clock import bangkok
from core.vocab import EventState, PostKind
from kpi.codes import Code, Effect, ProofKind
from kpi.facts import DeliveryFact, EventFact, PeriodFacts, PostFact
from kpi.findings import Proof
from kpi.live import Standing, out_at, standing

TELLING_BEFORE = frozenset({PostKind.ANNOUNCE, PostKind.INVITE})
NEVER = timedelta(0)


@dataclass(frozen=True)
class Told:
    """One event of E(P) and how long before its start people were told.

    lead: proved; NEVER if no post counts. hoped: what it becomes if every unproven post counts. late_notice:
    it was entered after the last moment that would have allowed the lead. posts: each post looked at, and why
    it counts or not.
    """

    event: EventFact
    start: datetime
    lead: timedelta
    hoped: timedelta
    late_notice: bool
    posts: tuple[Proof, ...]


def start_of(event: EventFact) -> datetime:
    """Return when an event starts; one that lasts all day starts at 00.00 in Bangkok."""
    if not event.all_day:
        return event.starts_at
    return bangkok(event.starts_at).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def hours(span: timedelta) -> str:
    """Return a span in hours for people: `168`, `71.98`."""
    return f"{span / timedelta(hours=1):.2f}".removesuffix(".00")


def events_of_period(facts: PeriodFacts) -> list[EventFact]:
    """Return the events that start in the period, planned or not, soonest first."""
    inside = [event for event in facts.events or () if facts.start <= start_of(event) < facts.end]
    return sorted(inside, key=lambda event: (start_of(event), event.id))


def planned(facts: PeriodFacts, min_lead: timedelta) -> tuple[list[Told], list[Proof]]:
    """Return E(P) with each event's lead, and the events of the period that are left out, with the reason."""
    told, left_out = [], []
    for event in events_of_period(facts):
        reason = exclusion(event, facts.as_of, min_lead)
        if reason is None:
            told.append(_told(facts, event, min_lead))
        else:
            left_out.append(Proof(ProofKind.EVENT, event.id, Effect.LISTED, reason))
    return told, left_out


def exclusion(event: EventFact, as_of: datetime, min_lead: timedelta) -> Code | None:
    """Return why an event is not in E(P), or None if it is."""
    deadline = start_of(event) - min_lead
    cancelled = Code.CANCELLED_UNDATED
    if event.cancelled_at is not None:
        cancelled = Code.CANCELLED_LATE if event.cancelled_at >= deadline else Code.CANCELLED_EARLY
    reasons = (
        (not event.public, Code.NOT_PUBLIC),
        # an emergency without the approver's reason would be a way out of the denominator
        (event.unplanned and bool(event.unplanned_reason.strip()), Code.UNPLANNED),
        (event.state is EventState.CANCELLED, cancelled),
        (event.state is EventState.POSTPONED, Code.POSTPONED),
        (start_of(event) > as_of, Code.UPCOMING),
    )
    return next((code for applies, code in reasons if applies), None)


def _told(facts: PeriodFacts, event: EventFact, min_lead: timedelta) -> Told:
    start = start_of(event)
    posts, lead, hoped = [], NEVER, NEVER
    for post, delivery in _announcements(facts, event):
        moment = out_at(delivery) or start
        reason = _refusal(facts, event, post, delivery)
        doubt = None if reason else _doubt(post, delivery)
        code = reason or doubt or Code.FIRST_POST
        posts.append(
            Proof(ProofKind.DELIVERY, delivery.id, Effect.LISTED, code, {"hours": hours(start - moment)})
        )
        if reason is None:
            hoped = max(hoped, start - moment)
            lead = lead if doubt else max(lead, start - moment)
    late = event.created_at > start - min_lead
    return Told(event, start, lead, hoped, late, _only_first(posts, lead))


def _only_first(posts: list[Proof], lead: timedelta) -> tuple[Proof, ...]:
    """Keep every refused or doubtful post, but of those that count only the earliest: it makes the lead."""
    first = hours(lead)
    return tuple(p for p in posts if p.code is not Code.FIRST_POST or p.params["hours"] == first)


def _announcements(facts: PeriodFacts, event: EventFact) -> Iterator[tuple[PostFact, DeliveryFact]]:
    for post in facts.posts or ():
        if post.event_id == event.id and post.kind in TELLING_BEFORE:
            for delivery in post.deliveries:
                if standing(delivery) is not Standing.ABSENT:
                    yield post, delivery


def _refusal(facts: PeriodFacts, event: EventFact, post: PostFact, delivery: DeliveryFact) -> Code | None:
    """Return why a post says nothing about the lead, or None if it counts (perhaps only when proved)."""
    start = start_of(event)
    moment = out_at(delivery) or start
    groups = post.target_groups
    reasons = (
        (post.outside, Code.OUTSIDE_POST),
        (post.fast_lane, Code.FAST_LANE),
        (post.approved_at is None, Code.NOT_APPROVED),
        (post.approved_at is not None and post.approved_at > moment, Code.APPROVED_LATE),
        (not _entered_before(facts, event, post, moment), Code.ENTRY_AFTER_POST),
        (not event.target_group.strip(), Code.TARGET_GROUP_MISSING),
        (groups is not None and event.target_group not in groups, Code.OTHER_TARGET_GROUP),
        (delivery.gone_at is not None and delivery.gone_at <= start, Code.GONE_BEFORE_EVENT),
        (moment >= start, Code.AFTER_START),
    )
    return next((code for applies, code in reasons if applies), None)


def _entered_before(facts: PeriodFacts, event: EventFact, post: PostFact, moment: datetime) -> bool:
    entries = [item.created_at for item in facts.plan_items or () if item.post_id == post.id]
    return min([event.created_at, *entries]) <= moment


def _doubt(post: PostFact, delivery: DeliveryFact) -> Code | None:
    if standing(delivery) is Standing.UNPROVEN:
        return Code.NOT_READ_BACK if delivery.published_at else Code.OUTCOME_UNKNOWN
    return Code.TARGET_GROUP_UNKNOWN if post.target_groups is None else None
