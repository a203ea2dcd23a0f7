"""What a changed holiday does to posts: those that speak of the day come back to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.fiscal import day_start
from core.lifecycle import LIVE
from core.vocab import PostState
from language.collation import search_key
from language.date_mentions import days_in
from models.calendar import Holiday
from models.people import Person
from models.posts import Post
from services import audit
from services.event_changes import take_back
from services.post_parts import texts_of
from services.unsent import deliveries_of

AROUND = timedelta(days=120)
SHORTEST_NAME = 6


@dataclass(frozen=True)
class Reopened:
    """Posts that came back to their authors, and posts that are out already and may need a correction."""

    reopened: tuple[int, ...] = ()
    live: tuple[int, ...] = ()


def reopen_posts(session: Session, holiday: Holiday, person: Person | None, now: datetime) -> Reopened:
    """Take back what waits and speaks of the day or names the holiday; say what is out already.

    Drafts stay as they are: nobody has vouched for them yet.
    """
    posts = [post for post in _candidates(session, holiday, now) if speaks_of(post, holiday, now)]
    deliveries = deliveries_of(session, [post.id for post in posts])
    person_id = person.id if person else None
    reopened, live = [], []
    for post in posts:
        mine = [row for row in deliveries if row.post_id == post.id]
        if any(row.state in LIVE for row in mine):
            live.append(post.id)
        if take_back(post, mine, "holiday_changed", person_id, now):
            reopened.append(post.id)
            audit.record(session, person_id, "post.reopen", post, now, day=holiday.day.isoformat())
    return Reopened(tuple(reopened), tuple(live))


def speaks_of(post: Post, holiday: Holiday, now: datetime) -> bool:
    """Say whether any text of a post names the day, in any way of writing it, or the holiday."""
    around = bangkok(post.due_at or now).date()
    words = "\n".join([post.title, *(text for _, _, text in texts_of(post))])
    name = search_key(holiday.name)
    named = len(name) >= SHORTEST_NAME and name in search_key(words)
    return named or holiday.day in days_in(words, around)


def _candidates(session: Session, holiday: Holiday, now: datetime) -> Sequence[Post]:
    """Return the submitted and approved posts whose time is near the day; those without a time as well."""
    middle = day_start(holiday.day)
    near = Post.due_at.between(min(middle, now) - AROUND, middle + AROUND)
    return session.scalars(
        select(Post)
        .where(Post.state.in_((PostState.IN_REVIEW, PostState.APPROVED)), near | Post.due_at.is_(None))
        .order_by(Post.id)
        .with_for_update()
    ).all()
