"""Posts as officers write them: draft, change, submit, withdraw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.errors import Conflict, NotFound
from core.lifecycle import EDITABLE
from core.vocab import Channel, PostKind, PostState, ReplySettings, Role
from models.calendar import Event
from models.deliveries import Delivery
from models.people import Person
from models.posts import Post, PostVariant, Review
from services import audit
from services.content import Tag, set_tags
from services.people import require
from services.post_checks import check_complete, check_draft, findings_of
from services.post_parts import COMMENT_LENGTH, MediaItem, PollForm, media_rows, poll_of, thread_of
from services.texts import TextCount, count
from services.typed import body, line, link
from services.unsent import cancel_unsent
from services.windows import default_not_after

__all__ = ["PostFilter", "PostForm", "PostView", "TextCount", "count", "create_post", "edit_post"]


@dataclass(frozen=True)
class PostForm:
    """A post as typed. bodies: text per chosen channel; due_at and not_after aware or absent.

    not_after absent: chosen by kind and event (services.windows).
    """

    kind: PostKind
    title: str
    bodies: Mapping[Channel, str]
    event_id: int | None = None
    link: str = ""
    media: tuple[MediaItem, ...] = ()
    due_at: datetime | None = None
    not_after: datetime | None = None
    tags: tuple[Tag, ...] = ()
    thread: tuple[str, ...] = ()  # X: what follows the body, each a post of its own
    poll: PollForm | None = None  # X
    reply_settings: ReplySettings = ReplySettings.EVERYONE  # X
    first_comment: str = ""  # Facebook


@dataclass(frozen=True)
class PostFilter:
    """Which posts to list; before: page backwards from this change."""

    states: frozenset[PostState] = frozenset()
    event_id: int | None = None
    author_id: int | None = None
    limit: int = 100
    before: datetime | None = None


@dataclass(frozen=True)
class PostView:
    """One post with everything its page shows; reviews newest first, deliveries with their account."""

    post: Post
    event: Event | None
    author: Person
    reviews: Sequence[Review]
    deliveries: Sequence[Delivery]
    names: Mapping[int, str] = field(default_factory=dict)  # person id -> name, for author and approvers


def create_post(session: Session, form: PostForm, person: Person, now: datetime) -> Post:
    """Write a draft.

    Raises title_empty, channel_missing, text_empty, x_too_long, text_too_long, link_bad, due_in_past,
    due_after_event, window_empty, event_over, tag_reason_empty, and what services.post_parts raises.
    """
    require(person, Role.OFFICER)
    post = Post(author_id=person.id, created_at=now, changed_at=now)
    session.add(post)
    with session.no_autoflush:
        _fill(session, post, form, now)
    audit.record(session, person.id, "post.create", post, now, revision=post.revision, title=post.title)
    return post


def edit_post(
    session: Session, post_id: int, revision: int, form: PostForm, person: Person, now: datetime
) -> Post:
    """Change a post; always a new revision. An approved post comes back to draft and must be approved again.

    Raises what create_post raises; post_changed (somebody else was faster), in_review (recall it first),
    post_withdrawn; for an approved post in_flight, needs_decision or already_published: then nothing changes.
    """
    require(person, Role.OFFICER)
    post = lock_post(session, post_id, revision)
    if post.state is PostState.APPROVED:
        cancel_unsent(session, post, "edited", person.id, now)
        post.move(PostState.DRAFT, now, person.id, "edited")
        post.approved_revision = None
    elif post.state not in EDITABLE:
        raise Conflict("in_review" if post.state is PostState.IN_REVIEW else "post_withdrawn")
    with session.no_autoflush:
        _fill(session, post, form, now)
    post.revision += 1
    post.changed_at = now
    audit.record(session, person.id, "post.edit", post, now, revision=post.revision, title=post.title)
    return post


def submit_post(session: Session, post_id: int, revision: int, person: Person, now: datetime) -> Post:
    """Ask for approval. Raises what create_post raises, due_missing, term_errors (with the findings)."""
    require(person, Role.OFFICER)
    post = lock_post(session, post_id, revision)
    check_complete(session, post, now)
    post.move(PostState.IN_REVIEW, now, person.id)
    post.changed_at = now
    warnings = [finding.found for finding in findings_of(post, now) if not finding.blocks]
    audit.record(session, person.id, "post.submit", post, now, revision=post.revision, warnings=warnings)
    return post


def recall_post(session: Session, post_id: int, revision: int, person: Person, now: datetime) -> Post:
    """Take a post back from review, to change it; raises illegal_move if it is not waiting for approval."""
    require(person, Role.OFFICER)
    post = lock_post(session, post_id, revision)
    post.move(PostState.RETURNED, now, person.id, "recalled")
    audit.record(session, person.id, "post.recall", post, now, revision=post.revision)
    return post


def withdraw_post(session: Session, post_id: int, reason: str, person: Person, now: datetime) -> Post:
    """Give a post up for good, cancelling what waits.

    Raises in_flight, needs_decision, already_published (remove that on the platform), reason_empty.
    """
    require(person, Role.OFFICER, Role.APPROVER)
    why = line(reason, "reason", 300, needed="reason_empty")
    post = lock_post(session, post_id)
    cancelled = cancel_unsent(session, post, "withdrawn", person.id, now)
    post.move(PostState.WITHDRAWN, now, person.id, why)
    post.changed_at = now
    audit.record(session, person.id, "post.withdraw", post, now, reason=why, cancelled=cancelled)
    return post


def load_post(session: Session, post_id: int) -> PostView:
    """Return a post with everything its page shows; raises NotFound."""
    post = session.get(Post, post_id)
    if post is None:
        raise NotFound
    reviews = session.scalars(
        select(Review).where(Review.post_id == post_id).order_by(Review.id.desc())
    ).all()
    deliveries = session.scalars(
        select(Delivery)
        .where(Delivery.post_id == post_id)
        .options(joinedload(Delivery.account))
        .order_by(Delivery.id)
    ).all()
    ids = {post.author_id, *(review.approver_id for review in reviews)}
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return PostView(
        post=post,
        event=session.get(Event, post.event_id) if post.event_id else None,
        author=people[post.author_id],
        reviews=reviews,
        deliveries=deliveries,
        names={person.id: person.name for person in people.values()},
    )


def list_posts(session: Session, wanted: PostFilter | None = None) -> Sequence[Post]:
    """Return posts, last changed first."""
    chosen = wanted or PostFilter()
    rows = select(Post).order_by(Post.changed_at.desc(), Post.id.desc()).limit(chosen.limit)
    if chosen.states:
        rows = rows.where(Post.state.in_(chosen.states))
    if chosen.event_id is not None:
        rows = rows.where(Post.event_id == chosen.event_id)
    if chosen.author_id is not None:
        rows = rows.where(Post.author_id == chosen.author_id)
    if chosen.before is not None:
        rows = rows.where(Post.changed_at < chosen.before)
    return session.scalars(rows).all()


def lock_post(session: Session, post_id: int, revision: int | None = None) -> Post:
    """Return a post to change it; raises NotFound, or post_changed if it is not this revision any more."""
    post = session.get(Post, post_id, with_for_update=True)
    if post is None:
        raise NotFound
    if revision is not None and post.revision != revision:
        raise Conflict("post_changed", revision=post.revision)
    return post


def _fill(session: Session, post: Post, form: PostForm, now: datetime) -> None:
    moved = form.due_at != post.due_at
    event = _event(session, form.event_id)
    post.kind, post.event_id = form.kind, form.event_id
    post.title = line(form.title, "title", 300, needed="title_empty")
    post.link = link(form.link)
    post.reply_settings = form.reply_settings
    post.poll = poll_of(form.poll)
    post.first_comment = body(form.first_comment, "first_comment", COMMENT_LENGTH)
    post.due_at = form.due_at
    post.not_after = form.not_after or (
        default_not_after(form.kind, form.due_at, event) if form.due_at else None
    )
    bodies = {channel: body(text, f"body_{channel}") for channel, text in form.bodies.items()}
    known = {variant.channel: variant for variant in post.variants}
    variants = [known.get(channel) or PostVariant(channel=channel) for channel in sorted(bodies)]
    for variant in variants:
        variant.body = bodies[variant.channel]
        variant.thread = thread_of(form.thread) if variant.channel is Channel.X else []
    post.variants = variants
    post.media = media_rows(session, form.media)
    check_draft(post, event, now, moved=moved)
    set_tags(session, post, form.tags)


def _event(session: Session, event_id: int | None) -> Event | None:
    event = session.get(Event, event_id) if event_id is not None else None
    if event_id is not None and event is None:
        raise NotFound
    return event
