"""Posts that would follow each other too fast on one Page: told while they are planned, never held back.

Facebook may take a burst for spam; a warning that waits for its turn helps nobody. So a person decides.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.vocab import Channel, PostState
from models.posts import Post, PostVariant

APART = timedelta(seconds=60)
PLANNED = (PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED)


def too_close(session: Session, post: Post) -> Sequence[str]:
    """Return the titles of other posts for Facebook that are due less than a minute from this one."""
    if post.due_at is None or all(one.channel is not Channel.FACEBOOK for one in post.variants):
        return []
    return session.scalars(
        select(Post.title)
        .join(PostVariant, PostVariant.post_id == Post.id)
        .where(
            PostVariant.channel == Channel.FACEBOOK,
            Post.id != post.id,
            Post.state.in_(PLANNED),
            Post.due_at > post.due_at - APART,
            Post.due_at < post.due_at + APART,
        )
        .order_by(Post.due_at, Post.id)
    ).all()
