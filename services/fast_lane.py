"""The emergency lane: one approver and a reason, out at once; somebody else looks at it within a day.

What went this way was approved, but not planned: it does not count as telling beforehand (domain.md 2.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.errors import BadInput, Conflict, Forbidden
from core.vocab import Role
from models import Delivery, Person, Post, Review
from services import audit
from services.approval import FAST, approve_post
from services.people import require
from services.runtime import Runtime
from services.typed import line

WITHIN = timedelta(hours=24)
GOOD, BAD = "after_ok", "after_bad"
REASON = 300


@dataclass(frozen=True)
class Hurried:
    """A post that went out in a hurry and that nobody else has looked at yet."""

    post: Post
    review: Review
    approver: str
    until: datetime

    def overdue(self, now: datetime) -> bool:
        return now > self.until


def approve_urgent(rt: Runtime, post_id: int, revision: int, person: Person, reason: str) -> list[Delivery]:
    """Approve and publish at once. Raises reason_empty, and what approving raises."""
    why = line(reason, "urgent_reason", REASON, needed="reason_empty")
    return approve_post(rt, post_id, revision, person, publish_now=True, urgent=why)


def to_review(session: Session) -> Sequence[Hurried]:
    """Return what waits for its review afterwards, the oldest first; one query."""
    later = aliased(Review)
    done = (
        select(later.id)
        .where(later.post_id == Review.post_id, later.revision == Review.revision)
        .where(later.decision.in_((GOOD, BAD)))
    )
    rows = session.execute(
        select(Review, Post, Person.name)
        .join(Post, Post.id == Review.post_id)
        .join(Person, Person.id == Review.approver_id)
        .where(Review.decision == FAST, ~done.exists())
        .order_by(Review.at, Review.id)
    )
    return [Hurried(post, review, name, review.at + WITHIN) for review, post, name in rows]


def review_afterwards(
    session: Session, review_id: int, decision: str, words: str, person: Person, now: datetime
) -> Review:
    """Write down what a second person thinks of a hurried post; a bad one needs words.

    Raises role_needed, own_post (author or the one who hurried), choice_unknown, reason_empty, reviewed.
    """
    require(person, Role.APPROVER)
    hurried = next((one for one in to_review(session) if one.review.id == review_id), None)
    if hurried is None:
        raise Conflict("reviewed")
    if person.id in (hurried.review.approver_id, hurried.review.author_id):
        raise Forbidden("own_post")
    if decision not in (GOOD, BAD):
        raise BadInput("review_choice_unknown", field="decision")
    why = line(words, "words", REASON, needed="reason_empty" if decision == BAD else "")
    row = Review(
        post_id=hurried.post.id, revision=hurried.review.revision, decision=decision, approver_id=person.id,
        author_id=hurried.review.author_id, at=now, reason=why,
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "post.review_after", hurried.post, now, decision=decision, reason=why)
    return row
