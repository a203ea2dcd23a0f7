"""What citizens may see: an item or an event is shown once somebody other than its maker has let it out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, Forbidden
from core.vocab import Category, Consent, Role
from models.calendar import Event
from models.content import ContentItem, ContentVersion, PostWords
from models.people import Person
from models.posts import Post
from services import audit
from services.content import find_item
from services.details import details_of
from services.people import require
from services.search_words import words_of_post
from services.typed import line
from services.versions import newest_version, put_in_force

SHOWABLE_MINORS = frozenset({Consent.NO_FACES, Consent.CONSENTED})


def open_item(session: Session, item_id: int, person: Person, now: datetime) -> ContentItem:
    """Show the newest version of an item to citizens, in the place of an older one.

    Raises own_item for whoever wrote that version, already_open, consent_missing (pictures with minors).
    """
    require(person, Role.APPROVER)
    item = find_item(session, item_id, locked=True)
    version = newest_version(session, item)
    if item.opened_at is not None and version.opened_at is not None:
        raise Conflict("already_open")
    _open(session, item, version, person, now)
    return item


def close_item(session: Session, item_id: int, why: str, person: Person, now: datetime) -> ContentItem:
    """Take an item off the public pages at once; raises reason_empty, not_open."""
    require(person, Role.OFFICER, Role.APPROVER, Role.KPI_OFFICER)
    item = find_item(session, item_id, locked=True)
    if item.opened_at is None:
        raise Conflict("not_open")
    reason = line(why, "why", 300, needed="reason_empty")
    item.opened_at = None
    audit.record(session, person.id, "item.close", item, now, reason=reason)
    return item


def open_with_post(session: Session, post: Post, person: Person, now: datetime) -> None:
    """Open what an approved post publishes: its stored items, and its event; note its words for search.

    Whoever approves a post answers for what it leads to. Raises what open_item raises.
    """
    for item in _items_of(session, post):
        version = newest_version(session, item)
        if item.opened_at is None or version.opened_at is None:
            _open(session, item, version, person, now)
    if post.event_id is not None:
        event = session.get(Event, post.event_id)
        if event is not None and event.public and event.opened_at is None:
            event.opened_at = now
    known = session.get(PostWords, post.id)
    if known is None:
        session.add(PostWords(post_id=post.id, search_key=words_of_post(post)))
    else:
        known.search_key = words_of_post(post)


def open_event(event: Event, now: datetime) -> None:
    """Show an event that the office has confirmed; royal ones wait for an approved post."""
    if event.public and not event.royal and event.opened_at is None:
        event.opened_at = now


def _open(
    session: Session, item: ContentItem, version: ContentVersion, person: Person, now: datetime
) -> None:
    if version.made_by == person.id:
        raise Forbidden("own_item", title=item.title)
    _check_consent(session, item, version)
    put_in_force(item, version, now)
    item.opened_at = item.opened_at or now
    version.opened_by, version.opened_at = person.id, now
    audit.record(session, person.id, "item.open", item, now, number=version.number)


def _check_consent(session: Session, item: ContentItem, version: ContentVersion) -> None:
    """Refuse pictures with minors in them that nobody has said may be shown."""
    if item.category is not Category.PHOTO or version.data["event_id"] is None:
        return
    event = session.get(Event, version.data["event_id"])
    if (
        event is not None
        and event.minors
        and details_of(version.data["details"]).consent not in SHOWABLE_MINORS
    ):
        raise Conflict("consent_missing", title=item.title)


def _items_of(session: Session, post: Post) -> Sequence[ContentItem]:
    ids = [tag.item_id for tag in post.categories if tag.item_id is not None]
    if not ids:
        return ()
    return session.scalars(
        select(ContentItem).where(ContentItem.id.in_(ids)).order_by(ContentItem.id).with_for_update()
    ).all()
