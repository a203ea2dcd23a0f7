"""From an event to the drafts of its wave: the offers, and the posts made of the chosen ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict
from core.vocab import Category, Channel, PostKind, PostState
from models.calendar import Event
from models.people import Person
from models.posts import Post
from services.calendar import find_event
from services.content import Tag
from services.drafting import draft_body, draft_title
from services.event_days import first_day, last_day
from services.holidays import list_holidays
from services.posts import PostForm, create_post
from services.wave import KEYS, PlannedPost, propose_wave

__all__ = ["Chosen", "PlannedPost", "create_wave", "draft_correction", "propose_wave", "wave_of"]

AROUND = timedelta(days=30)


@dataclass(frozen=True)
class Chosen:
    """One offer the officer takes, at the time offered or another."""

    key: str
    due_at: datetime


def wave_of(session: Session, event_id: int, now: datetime) -> list[PlannedPost]:
    """Return the offers for an event with the holidays around it read from the calendar."""
    event = find_event(session, event_id)
    around = list_holidays(session, first_day(event) - AROUND, last_day(event) + AROUND)
    return propose_wave(event, around, now)


def create_wave(
    session: Session, event_id: int, chosen: Sequence[Chosen], person: Person, now: datetime
) -> list[Post]:
    """Write a draft for each chosen offer, text for Facebook and X ready to be edited.

    Raises wave_empty, wave_key_unknown, wave_exists (same kind, same time), due_in_past, due_after_event.
    """
    event = find_event(session, event_id)
    if not chosen:
        raise BadInput("wave_empty", field="chosen")
    kinds = {offer.key: offer.kind for offer in propose_wave(event, {}, now)}
    known = set(
        session.execute(
            select(Post.kind, Post.due_at).where(
                Post.event_id == event.id, Post.state != PostState.WITHDRAWN, Post.due_at.is_not(None)
            )
        ).all()
    )
    posts = []
    for choice in chosen:
        if choice.key not in KEYS:
            raise BadInput("wave_key_unknown", field="chosen", key=choice.key)
        kind = kinds[choice.key]
        if (kind, choice.due_at) in known:
            raise Conflict("wave_exists", kind=kind, due_at=choice.due_at)
        posts.append(create_post(session, _form(event, kind, choice.due_at), person, now))
    return posts


def draft_correction(session: Session, event_id: int, person: Person, now: datetime) -> Post:
    """Write the draft that tells people an event was cancelled or put off; it has no time yet."""
    event = find_event(session, event_id)
    return create_post(session, _form(event, PostKind.CORRECTION, None), person, now)


def _form(event: Event, kind: PostKind, due_at: datetime | None) -> PostForm:
    return PostForm(
        kind=kind,
        title=draft_title(event, kind),
        bodies={channel: draft_body(event, kind, channel) for channel in Channel},
        event_id=event.id,
        due_at=due_at,
        tags=() if kind is PostKind.CORRECTION else (Tag(Category.CALENDAR),),
    )
