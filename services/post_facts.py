"""The facts of posts: approved when, live when, what it counted, whether its names are right."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.lifecycle import LIVE
from core.vocab import Channel, DeliveryState, Metric, PostState, ReadingState
from kpi.facts import DeliveryFact, EngagementFact, PostFact, TagFact, TermFindingFact
from language import terms
from models import Account, Delivery, Event, Move, OutsidePost, Post, PostMark, Reading, Review
from services import metrics, outside_facts, text_facts
from services.approval import FAST

LOOK_BACK = timedelta(days=7)  # a near-duplicate is looked for among the posts of the week before
HELD_BY_HAND = (DeliveryState.HELD.value, DeliveryState.CANCELLED.value)


GIVEN = ("approved", FAST)  # decisions that let a post go out


@dataclass
class PostRows:
    """What was loaded, a handful of queries for any number of posts."""

    posts: Sequence[Post] = ()
    deliveries: dict[int, list[Delivery]] = field(default_factory=lambda: defaultdict(list))
    channels: dict[int, Channel] = field(default_factory=dict)  # account id -> channel
    approved_at: dict[tuple[int, int], datetime] = field(default_factory=dict)  # (post, revision) -> when
    hurried: set[int] = field(default_factory=set)  # posts that went through the emergency lane
    marks: dict[int, PostMark] = field(default_factory=dict)
    outside: Sequence[OutsidePost] = ()
    withdrawn_at: dict[int, datetime] = field(default_factory=dict)
    by_hand: set[int] = field(default_factory=set)  # deliveries a person held, cancelled or delayed


def load(
    session: Session, start: datetime, end: datetime, as_of: datetime, events: Sequence[int]
) -> PostRows:
    """Load posts due in the period or the week before it, and posts about these events, as known at as_of."""
    rows = PostRows()
    rows.posts = session.scalars(
        select(Post)
        .where(
            Post.created_at <= as_of,
            or_((Post.due_at >= start - LOOK_BACK) & (Post.due_at < end), Post.event_id.in_(list(events))),
        )
        .order_by(Post.id)
    ).all()
    ids = [post.id for post in rows.posts]
    # of a thread, and of a post with its first comment, part 1 stands for the whole
    first_parts = select(Delivery).where(Delivery.post_id.in_(ids), Delivery.part == 1)
    for delivery in session.scalars(first_parts.order_by(Delivery.id)):
        rows.deliveries[delivery.post_id].append(delivery)
    rows.channels = dict(session.execute(select(Account.id, Account.channel)).all())
    rows.marks = _marks(session, ids, as_of)
    rows.outside = outside_facts.load(session, start, end, as_of)
    _load_approvals(session, rows, as_of)
    _load_moves(session, rows, as_of)
    return rows


def _marks(session: Session, posts: list[int], as_of: datetime) -> dict[int, PostMark]:
    newest = (
        select(func.max(PostMark.id))
        .where(PostMark.post_id.in_(posts), PostMark.marked_at <= as_of)
        .group_by(PostMark.post_id)
    )
    return {row.post_id: row for row in session.scalars(select(PostMark).where(PostMark.id.in_(newest)))}


def _load_approvals(session: Session, rows: PostRows, as_of: datetime) -> None:
    ids = [post.id for post in rows.posts]
    for review in session.scalars(
        select(Review).where(Review.post_id.in_(ids), Review.decision.in_(GIVEN), Review.at <= as_of)
    ):
        rows.approved_at[review.post_id, review.revision] = review.at
        if review.decision == FAST:
            rows.hurried.add(review.post_id)


def approval_of(rows: PostRows, post: Post) -> datetime | None:
    """Return when the revision that goes out, or went out, was approved; None if it was not."""
    sent = [one.approved_revision for one in rows.deliveries.get(post.id, [])]
    revision = min(sent) if sent else post.approved_revision
    return rows.approved_at.get((post.id, revision)) if revision is not None else None


def _load_moves(session: Session, rows: PostRows, as_of: datetime) -> None:
    posts = [post.id for post in rows.posts]
    sent = [one.id for several in rows.deliveries.values() for one in several]
    for move in session.scalars(
        select(Move).where(
            Move.at <= as_of,
            or_(
                (Move.subject == "post")
                & Move.subject_id.in_(posts)
                & (Move.target == PostState.WITHDRAWN.value),
                (Move.subject == "delivery")
                & Move.subject_id.in_(sent)
                & Move.target.in_(HELD_BY_HAND)
                & Move.person_id.is_not(None),
            ),
        )
    ):
        if move.subject == "post":
            rows.withdrawn_at[move.subject_id] = move.at
        else:
            rows.by_hand.add(move.subject_id)


def posts(
    session: Session, rows: PostRows, events: Mapping[int, Event], as_of: datetime
) -> tuple[PostFact, ...]:
    """Return one fact per post, its figures as last read before as_of."""
    live = [one.id for several in rows.deliveries.values() for one in several if one.remote_id]
    counts = metrics.latest(session, live, as_of)
    copies = text_facts.copies(rows.deliveries.values())
    ours = [_post(post, rows, events, counts, as_of) for post in rows.posts]
    told = (
        replace(one, original=text_facts.original(rows.deliveries.get(one.id, []), copies)) for one in ours
    )
    return (*told, *outside_facts.facts(session, rows.outside, as_of))


def _post(
    post: Post,
    rows: PostRows,
    events: Mapping[int, Event],
    counts: Mapping[int, Mapping[Metric, Reading]],
    as_of: datetime,
) -> PostFact:
    event = events.get(post.event_id) if post.event_id else None
    mark = rows.marks.get(post.id)
    return PostFact(
        id=post.id,
        deliveries=tuple(
            _delivery(one, rows, counts.get(one.id, {}), as_of) for one in rows.deliveries.get(post.id, [])
        ),
        kind=post.kind,
        event_id=post.event_id,
        approved_at=approval_of(rows, post),
        fast_lane=post.id in rows.hurried,
        target_groups=(event.target_group,) if event is not None and event.target_group else None,
        tags=tuple(
            TagFact(category=tag.category, reason=tag.reason, item_id=tag.item_id) for tag in post.categories
        ),
        terms_checked_at=as_of,
        on_template=mark.on_template if mark else None,
        pillars=tuple(mark.pillars) if mark else None,
        agencies=tuple(mark.agencies) if mark else None,
        names_agency=text_facts.names_agency(post, rows.deliveries.get(post.id, [])),
        gives_contact=text_facts.gives_contact(post, rows.deliveries.get(post.id, [])),
    )


def _delivery(
    row: Delivery, rows: PostRows, counts: Mapping[Metric, Reading], as_of: datetime
) -> DeliveryFact:
    known = row.published_at is not None and row.published_at <= as_of
    return DeliveryFact(
        id=row.id,
        channel=rows.channels[row.account_id],
        state=row.state,
        due_at=row.due_at,
        published_at=row.published_at if known else None,
        verified_at=row.verified_at if row.verified_at and row.verified_at <= as_of else None,
        gone_at=row.gone_at if row.gone_at and row.gone_at <= as_of else None,
        held_by_person=row.id in rows.by_hand,
        engagement=_engagement(counts) if known else None,
    )


def _engagement(counts: Mapping[Metric, Reading]) -> EngagementFact:
    def value(metric: Metric) -> int | None:
        reading = counts.get(metric)
        return reading.value if reading is not None and reading.state is ReadingState.VALUE else None

    return EngagementFact(
        reactions=value(Metric.REACTIONS),
        comments=value(Metric.COMMENTS),
        shares=value(Metric.SHARES),
        clicks=value(Metric.CLICKS),
        reach=value(Metric.REACH),
        impressions=value(Metric.IMPRESSIONS),
    )


def term_findings(rows: PostRows) -> tuple[TermFindingFact, ...]:
    """Check again the words that went out: what is still wrong in a live post is unresolved."""
    found = [
        (post.id, finding.rule_id)
        for post in rows.posts
        for one in rows.deliveries.get(post.id, [])
        if one.state in LIVE
        for finding in terms.check(one.payload["text"], bangkok(one.due_at).date())
    ]
    found += [
        (post_id, rule)
        for post_id, rules in outside_facts.wrong_words(rows.outside).items()
        for rule in rules
    ]
    return tuple(
        TermFindingFact(id=number, post_id=post_id, rule=rule, resolved=False)
        for number, (post_id, rule) in enumerate(sorted(set(found)), start=1)
    )
