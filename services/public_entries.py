"""What citizens read: opened items, posts that are out, announced events; as lists, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, raiseload

from core.clock import bangkok
from core.fiscal import day_start
from core.lifecycle import LIVE
from core.vocab import Category, EventState
from models import ContentItem, Delivery, Event, Post, Reply
from services.calendar import LONGEST
from services.details import details_of

PAGE: Final = 20
LAST_PAGE: Final = 50
SHORT: Final = 280


class EntryKind(StrEnum):
    """What an entry is, and so where its page stands."""

    ITEM = "items"
    POST = "posts"
    EVENT = "events"


@dataclass(frozen=True)
class Entry:
    """One thing a citizen may read, as lists and feeds show it. at: since when it is public, or it begins."""

    kind: EntryKind
    id: int
    category: Category
    title: str
    at: datetime
    day: date
    summary: str = ""
    agency: str = ""
    sample: bool = False
    photos: int = 0
    alt: str = ""
    off: str = ""  # cancelled | postponed, of an event
    until: datetime | None = None
    all_day: bool = False
    place: str = ""

    @property
    def path(self) -> str:
        return f"/public/{self.kind}/{self.id}"


@dataclass(frozen=True)
class Listed:
    """One page of a list: its number from 1, and whether older entries follow."""

    entries: Sequence[Entry]
    number: int = 1
    more: bool = False


def items_of(session: Session, category: Category, number: int = 1) -> Listed:
    """Return a page of the open items of a kind."""
    wanted = open_items().where(ContentItem.category == category)
    return _paged([entry_of_item(item) for item in session.scalars(_page(wanted, number))], number)


def news(session: Session, number: int = 1) -> Listed:
    """Return a page of news: stored news and everything that went out, by the day they became public.

    Only what the page shows is loaded; of what comes before it, no more than when it was.
    """
    reach = number * PAGE + 1
    items = session.execute(
        open_items()
        .where(ContentItem.category == Category.NEWS)
        .with_only_columns(
            ContentItem.id,
            ContentItem.item_date,
            func.coalesce(ContentItem.changed_at, ContentItem.created_at),
        )
        .limit(reach)
    )
    found = [(day, at, EntryKind.ITEM, one) for one, day, at in items]
    posts = session.execute(live_post_ids().limit(reach))
    found += [(bangkok(since).date(), since, EntryKind.POST, one) for one, since in posts]
    found.sort(key=itemgetter(0, 1), reverse=True)
    shown = found[(number - 1) * PAGE : reach]
    return _paged(_loaded(session, [(kind, one, at) for _, at, kind, one in shown]), number)


def _loaded(session: Session, shown: Sequence[tuple[EntryKind, int, datetime]]) -> list[Entry]:
    """Return entries by kind and id, in this order; of a post, with the moment it first went out."""
    wanted = {kind: [one for of, one, _ in shown if of is kind] for kind in EntryKind}
    items = session.scalars(select(ContentItem).where(ContentItem.id.in_(wanted[EntryKind.ITEM])))
    found = {(EntryKind.ITEM, item.id): entry_of_item(item) for item in items}
    since = {one: at for kind, one, at in shown if kind is EntryKind.POST}
    only_words = (raiseload(Post.categories), raiseload(Post.media))
    posts = session.scalars(select(Post).where(Post.id.in_(since)).options(*only_words))
    found |= {(EntryKind.POST, post.id): entry_of_post(post, since[post.id]) for post in posts}
    return [found[kind, one] for kind, one, _ in shown]


def coming_events(session: Session, now: datetime, limit: int = 6) -> list[Entry]:
    """Return the announced events that are not over, the next one first; cancelled ones are not coming."""
    rows = (
        open_events()
        .where(*ends_after(now), Event.state != EventState.CANCELLED)
        .order_by(Event.starts_at, Event.id)
    )
    return [entry_of_event(event) for event in session.scalars(rows.limit(limit))]


def open_items() -> Select[Any]:
    """Return the items citizens see, newest first."""
    return (
        select(ContentItem)
        .where(ContentItem.opened_at.is_not(None))
        .order_by(ContentItem.item_date.desc(), ContentItem.id.desc())
    )


def open_events() -> Select[Any]:
    """Return the events citizens see."""
    return select(Event).where(Event.public, Event.opened_at.is_not(None))


def ends_after(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what must hold for an event that is not over at a moment; found by when it begins."""
    return Event.starts_at > moment - LONGEST, Event.ends_at >= moment


def live_posts(*conditions: ColumnElement[bool]) -> Select[Any, Any]:
    """Return (post, when it first went out) of what was read back and is still there, newest first.

    Answers to citizens are no news.
    """
    return _since(Post, *conditions)


def live_post_ids() -> Select[Any, Any]:
    """Return (id, when it first went out) of the same posts; for lists of thousands."""
    return _since(Post.id)


def _since(what: Any, *conditions: ColumnElement[bool]) -> Select[Any, Any]:  # noqa: ANN401 -- a table or a column
    since = func.min(Delivery.published_at)
    return (
        select(what, since)
        .join(Delivery, Delivery.post_id == Post.id)
        .where(*is_live(), *conditions)
        .group_by(Post.id)
        .order_by(since.desc(), Post.id.desc())
    )


def is_live() -> tuple[ColumnElement[bool], ...]:
    """Return what must hold for a delivery that citizens can find on its platform."""
    answer = select(Reply.id).where(Reply.delivery_id == Delivery.id).exists()
    return (
        Delivery.state.in_(LIVE), Delivery.part == 1, Delivery.verified_at.is_not(None),
        Delivery.gone_at.is_(None), Delivery.published_at.is_not(None), ~answer,
    )  # fmt: skip


def entry_of_item(item: ContentItem) -> Entry:
    """Return an item as lists show it."""
    photos = details_of(item.details).photos
    return Entry(
        EntryKind.ITEM, item.id, item.category, item.title, item.changed_at or item.created_at,
        item.item_date, shortened(item.summary), item.agency, item.sample,
        photos=len(photos), alt=photos[0].alt if photos else "",
    )  # fmt: skip


def entry_of_post(post: Post, since: datetime) -> Entry:
    """Return a post that went out as lists show it."""
    words = next((variant.body for variant in post.variants), "")
    day = bangkok(since).date()
    return Entry(EntryKind.POST, post.id, Category.NEWS, post.title, since, day, shortened(words))


def entry_of_event(event: Event) -> Entry:
    """Return an event as lists show it."""
    off = event.state.value if event.state in {EventState.CANCELLED, EventState.POSTPONED} else ""
    return Entry(
        EntryKind.EVENT, event.id, Category.CALENDAR, event.title, event.starts_at,
        bangkok(event.starts_at).date(), shortened(event.description), event.host, off=off,
        until=event.ends_at, all_day=event.all_day, place=event.place,
    )  # fmt: skip


def shortened(words: str) -> str:
    """Return the beginning of a text as one line, cut at a space where it is long."""
    one_line = " ".join(words.split())
    if len(one_line) <= SHORT:
        return one_line
    cut = one_line.rfind(" ", SHORT // 2, SHORT)
    return one_line[: cut if cut > 0 else SHORT].rstrip() + "…"


def moment_of(entry: Entry) -> datetime:
    """Return the moment feeds give an entry: the day an item is dated, the time a post went out."""
    return entry.at if entry.kind is EntryKind.POST else day_start(entry.day)


def _page(rows: Select[Any], number: int) -> Select[Any]:
    return rows.offset((number - 1) * PAGE).limit(PAGE + 1)


def _paged(found: Sequence[Entry], number: int) -> Listed:
    return Listed(found[:PAGE], number, more=len(found) > PAGE and number < LAST_PAGE)
