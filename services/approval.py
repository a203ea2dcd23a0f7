"""Four eyes: what waits for approval, approving (which freezes and schedules) and returning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Forbidden
from core.vocab import PostState, Role
from models.accounts import Account
from models.audit import AuditEvent
from models.calendar import Event
from models.deliveries import Delivery
from models.people import Person
from models.posts import Post, PostVariant, Review
from services import audit
from services.opening import open_with_post
from services.payloads import Payload, digest, freeze
from services.people import load_person, require
from services.post_checks import Finding, check_complete, findings_of
from services.posts import lock_post
from services.royal_posts import check_specialist, is_royal
from services.runtime import Runtime
from services.typed import line
from services.windows import default_not_after

WRITING = ("post.create", "post.edit")
FAST = "fast"  # the decision of an approval through the emergency lane


@dataclass(frozen=True)
class InboxRow:
    """One post that waits. own: this person wrote it and cannot approve it; late: its time has passed."""

    post: Post
    event: Event | None
    author: str
    own: bool
    late: bool
    findings: Sequence[Finding]

    @property
    def risks(self) -> tuple[str, ...]:
        """Return the risk tags, keys of the locales' [risk] table."""
        event = self.event
        marked = ["royal"] if is_royal(self.post, event) else []
        return (*marked, *(name for name in ("minors", "unplanned") if event and getattr(event, name)))


def inbox(session: Session, person: Person, now: datetime) -> list[InboxRow]:
    """Return the posts that wait for approval, the most urgent first; a fixed number of queries."""
    posts = session.scalars(
        select(Post).where(Post.state == PostState.IN_REVIEW).order_by(Post.due_at, Post.id)
    ).all()
    events = {row.id: row for row in session.scalars(
        select(Event).where(Event.id.in_({post.event_id for post in posts if post.event_id}))
    )}  # fmt: skip
    authors = dict(
        session.execute(
            select(Person.id, Person.name).where(Person.id.in_({post.author_id for post in posts}))
        ).all()
    )
    wrote = _written_by(session, person, [post.id for post in posts])
    return [
        InboxRow(
            post=post,
            event=events.get(post.event_id) if post.event_id else None,
            author=authors[post.author_id],
            own=post.id in wrote or post.author_id == person.id,
            late=post.due_at is not None and post.due_at <= now,
            findings=findings_of(post, now),
        )
        for post in posts
    ]


@dataclass(frozen=True)
class When:
    """How an approval is given, and when."""

    now: datetime
    at_once: bool
    urgent: str


def approve_post(
    rt: Runtime, post_id: int, revision: int, person: Person, *, publish_now: bool = False, urgent: str = ""
) -> list[Delivery]:
    """Approve one revision: freeze what goes to each active account and schedule it.

    publish_now: due at once, whatever the post says. urgent: why it goes through the emergency lane; somebody
    else reviews it within a day (services.fast_lane). Raises own_post, role_needed, specialist_needed or
    own_item (recorded in the audit), already_approved, post_changed, illegal_move, due_in_past, no_account,
    and what submitting raises.
    """
    now = rt.clock.now()
    try:
        with rt.sessions.begin() as session:
            approver = load_person(session, person.id)
            when = When(now, publish_now, urgent)
            return _approve(session, lock_post(session, post_id), revision, approver, when)
    except Forbidden as refusal:
        with rt.sessions.begin() as session:
            post = lock_post(session, post_id)
            audit.record(session, person.id, "post.approve_refused", post, now, code=refusal.key)
        raise


def return_post(
    session: Session, post_id: int, revision: int, reason: str, person: Person, now: datetime
) -> Post:
    """Send a post back to its author with a reason. Raises own_post (recall it instead), reason_empty."""
    require(person, Role.APPROVER)
    why = line(reason, "reason", 300, needed="reason_empty")
    post = lock_post(session, post_id, revision)
    if post.author_id == person.id:
        raise Forbidden("own_post_return")
    post.move(PostState.RETURNED, now, person.id, why)
    post.revision += 1  # the next submission is a new revision, so that each gets its own decision
    post.changed_at = now
    review = _review(post, "returned", person, now)
    review.revision, review.reason = revision, why
    session.add(review)
    audit.record(session, person.id, "post.return", post, now, revision=revision, reason=why)
    return post


def _approve(session: Session, post: Post, revision: int, person: Person, when: When) -> list[Delivery]:
    now = when.now
    _refuse_own(session, post, person)
    if post.state is PostState.APPROVED and post.approved_revision == revision:
        raise Conflict("already_approved")
    if post.revision != revision:
        raise Conflict("post_changed", revision=post.revision)
    if when.at_once:
        _make_due(session, post, now)
    check_complete(session, post, now, at_once=when.at_once)
    event = session.get(Event, post.event_id) if post.event_id is not None else None
    check_specialist(post, event, person)
    open_with_post(session, post, person, now)
    post.move(PostState.APPROVED, now, person.id)
    post.approved_revision, post.changed_at = revision, now
    deliveries = _schedule(session, post, now)
    review = _review(post, FAST if when.urgent else "approved", person, now)
    review.reason = when.urgent
    review.payload_sha256 = digest({_name(row): row.payload_sha256 for row in deliveries})
    session.add(review)
    audit.record(session, person.id, "post.approve", post, now, revision=revision, at_once=when.at_once)
    return deliveries


def _refuse_own(session: Session, post: Post, person: Person) -> None:
    """Refuse whoever wrote any revision of the post, author or not; then whoever is no approver."""
    if post.author_id == person.id or _written_by(session, person, [post.id]):
        raise Forbidden("own_post")
    require(person, Role.APPROVER)


def _written_by(session: Session, person: Person, post_ids: Sequence[int]) -> set[int | None]:
    rows = select(AuditEvent.subject_id).where(
        AuditEvent.subject == Post.__tablename__, AuditEvent.subject_id.in_(post_ids),
        AuditEvent.person_id == person.id, AuditEvent.action.in_(WRITING),
    )  # fmt: skip
    return set(session.scalars(rows))


def _make_due(session: Session, post: Post, now: datetime) -> None:
    event = session.get(Event, post.event_id) if post.event_id is not None else None
    post.due_at = now
    post.not_after = default_not_after(post.kind, now, event)


def _schedule(session: Session, post: Post, now: datetime) -> list[Delivery]:
    before = _last_occurrence(session, post)
    deliveries = [
        delivery
        for variant in post.variants
        for account in _accounts(session, variant)
        for delivery in _chain(post, account, freeze(post, variant), before, now)
    ]
    session.add_all(deliveries)
    session.flush()
    return deliveries


def _chain(
    post: Post, account: Account, payloads: Sequence[Payload], before: int, now: datetime
) -> list[Delivery]:
    """Return one delivery per payload, each following the one before it."""
    chain: list[Delivery] = []
    for part, payload in enumerate(payloads, 1):
        chain.append(
            Delivery(
                post_id=post.id, account_id=account.id, occurrence=before + part, part=part,
                follows=chain[-1] if chain else None, approved_revision=post.approved_revision,
                payload=payload, payload_sha256=digest(payload), due_at=post.due_at or now,
                next_at=post.due_at or now, not_after=post.not_after,
            )
        )  # fmt: skip
    return chain


def _name(row: Delivery) -> str:
    """Return what tells a delivery from the post's others: its account and, of a chain, its part."""
    return str(row.account_id) if row.part == 1 else f"{row.account_id}/{row.part}"


def _last_occurrence(session: Session, post: Post) -> int:
    return session.scalar(select(func.max(Delivery.occurrence)).where(Delivery.post_id == post.id)) or 0


def _accounts(session: Session, variant: PostVariant) -> Sequence[Account]:
    accounts = session.scalars(
        select(Account).where(Account.channel == variant.channel, Account.active).order_by(Account.id)
    ).all()
    if not accounts:
        raise Conflict("no_account", channel=variant.channel)
    return accounts


def _review(post: Post, decision: str, person: Person, now: datetime) -> Review:
    return Review(
        post_id=post.id, revision=post.revision, decision=decision, approver_id=person.id,
        author_id=post.author_id, at=now,
    )  # fmt: skip
