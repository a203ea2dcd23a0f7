"""What moving an event does to its posts: times move along, approvals are taken back (docs/adr)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.lifecycle import IN_FLIGHT, LIVE
from core.vocab import DeliveryState, PostKind, PostState
from models.calendar import Event
from models.deliveries import Delivery
from models.posts import Post
from services.unsent import GIVEN_UP, deliveries_of, forbid_resending, hold_scheduled
from services.windows import default_not_after

Before = tuple[datetime, datetime, str]  # starts_at, ends_at, place as they were


@dataclass(frozen=True)
class Moved:
    """What a change did: posts moved, approvals taken back; deliveries beyond recall, already public."""

    event: Event
    moved: int = 0
    taken_back: int = 0
    in_flight: int = 0
    live: int = 0


def move_posts(session: Session, event: Event, before: Before, person_id: int, now: datetime) -> Moved:
    """Move the posts that are not out yet, and take approvals back if time or place changed."""
    if before == (event.starts_at, event.ends_at, event.place):
        return Moved(event)
    posts = session.scalars(
        select(Post)
        .where(Post.event_id == event.id, Post.state != PostState.WITHDRAWN)
        .order_by(Post.id)
        .with_for_update()
    ).all()
    deliveries = deliveries_of(session, [post.id for post in posts])
    by_post = {post.id: [row for row in deliveries if row.post_id == post.id] for post in posts}
    forbid_resending(deliveries, now)
    taken_back = sum(take_back(post, by_post[post.id], "event_moved", person_id, now) for post in posts)
    moved = sum(_shift(post, event, before) for post in posts)
    return Moved(
        event, moved, taken_back,
        in_flight=sum(row.state in IN_FLIGHT for row in deliveries),
        live=sum(row.state in LIVE for row in deliveries),
    )  # fmt: skip


def take_back(
    post: Post, deliveries: Sequence[Delivery], why: str, person_id: int | None, now: datetime
) -> bool:
    """Return an approved post to draft; if part of it is out already, only hold the rest for a person.

    A post that waits for approval goes back to its author: its text may speak of what is no longer so.
    why: a code of the locales' [reason].
    """
    if post.state is PostState.IN_REVIEW:
        post.move(PostState.RETURNED, now, person_id, why)
        post.revision += 1
        return True
    waiting = [row for row in deliveries if row.state in GIVEN_UP]
    if post.state is not PostState.APPROVED or not waiting:
        return False
    out = any(row.state in IN_FLIGHT | LIVE or row.state is DeliveryState.NEEDS_HUMAN for row in deliveries)
    if out:
        hold_scheduled(waiting, why, person_id, now)
        return False
    for delivery in waiting:
        delivery.move(DeliveryState.CANCELLED, now, person_id, why)
        delivery.reason = why
    post.move(PostState.DRAFT, now, person_id, why)
    post.approved_revision = None
    post.revision += 1
    return True


def _shift(post: Post, event: Event, before: Before) -> bool:
    """Move the times of a post nobody approved (or no longer); a recap keeps its distance to the end."""
    if post.state is PostState.APPROVED or post.due_at is None:
        return False
    offset = event.ends_at - before[1] if post.kind is PostKind.RECAP else event.starts_at - before[0]
    if not offset:
        return False
    post.due_at += offset
    post.not_after = default_not_after(post.kind, post.due_at, event)
    post.revision += 1  # what somebody has open in the composer is no longer what is stored
    return True
