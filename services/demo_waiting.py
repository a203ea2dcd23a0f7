"""The post that waits for the newcomer: due in two or three minutes, so that one sees it go out on time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.vocab import Category, PostKind, PostState
from models import Event, Post
from services import posts
from services.content import Tag
from services.demo_cast import Cast, drawing, sample
from services.demo_present import event_ahead, filled
from services.post_parts import MediaItem
from services.posts import PostForm
from services.runtime import Runtime

EVENT = "music"
SOON = timedelta(minutes=2)
TOO_SOON = timedelta(seconds=60)


@dataclass(frozen=True)
class Waiting:
    """Which post waits, and when it is due."""

    post_id: int
    title: str
    due_at: datetime


def find_waiting(session: Session, now: datetime) -> Waiting | None:
    """Return the post that waits for the newcomer, None if it was decided on."""
    event = event_ahead(session, EVENT, now)
    post = next((one for one in _invitations(session, event) if one.state is PostState.IN_REVIEW), None)
    return Waiting(post.id, post.title, post.due_at) if post and post.due_at else None


def seed_waiting(rt: Runtime, cast: Cast) -> Waiting:
    """Return the post that waits: the old one while its time is ahead, else renewed, else the next text."""
    asset = drawing(rt, "park", cast.officer)
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        waiting = find_waiting(session, now)
        if waiting is not None and waiting.due_at - now > TOO_SOON:
            return waiting
        event = event_ahead(session, EVENT, now)
        number = len(_invitations(session, event)) - (waiting is not None)
        form = _form(_text(number), event, asset.id, _next_minute(now + SOON))
        if waiting is None:
            post = posts.create_post(session, form, cast.officer, now)
            session.flush()
        else:
            post = posts.lock_post(session, waiting.post_id)
            posts.recall_post(session, post.id, post.revision, cast.officer, now)
            posts.edit_post(session, post.id, post.revision, form, cast.officer, now)
        posts.submit_post(session, post.id, post.revision, cast.officer, now)
        return Waiting(post.id, post.title, form.due_at or now)


def _invitations(session: Session, event: Event) -> Sequence[Post]:
    return session.scalars(
        select(Post).where(Post.event_id == event.id, Post.kind == PostKind.INVITE).order_by(Post.id)
    ).all()


def _text(number: int) -> Mapping[str, Any]:
    """Return the next text; from the second round on it says which round, for X takes no text twice a day."""
    rows = sample("present")["waiting"]
    row, turn = rows[number % len(rows)], number // len(rows)
    if not turn:
        return dict(row)
    again = f" (รอบที่ {turn + 1})"
    return {**row, **{name: row[name].rstrip() + again for name in ("title", "facebook", "x")}}


def _form(row: Mapping[str, Any], event: Event, asset_id: int, due_at: datetime) -> PostForm:
    return PostForm(
        PostKind.INVITE, row["title"], filled(row, event), event_id=event.id,
        media=(MediaItem(asset_id, row["alt_text"]),), due_at=due_at, tags=(Tag(Category.CALENDAR),),
    )  # fmt: skip


def _next_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
