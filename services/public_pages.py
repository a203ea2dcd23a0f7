"""One thing as a citizen's page shows it, with its files, its older versions and where it was announced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.fiscal import Month
from core.vocab import Category, Channel
from models import (
    Account,
    Asset,
    ContentItem,
    ContentVersion,
    Delivery,
    DownloadCount,
    Event,
    Post,
    PostCategory,
)
from services.details import Details, details_of
from services.downloads import downloads_of
from services.holidays import list_holidays
from services.public_entries import (
    Entry,
    coming_events,
    ends_after,
    entry_of_event,
    entry_of_item,
    entry_of_post,
    is_live,
    live_posts,
    news,
    open_events,
    open_items,
)

SECTIONS: Final[Mapping[str, Category]] = {
    "news": Category.NEWS,
    "organisation": Category.ORG,
    "services": Category.SERVICE,
    "photos": Category.PHOTO,
    "ebooks": Category.EBOOK,
    "statistics": Category.STATS,
    "forms": Category.FORM,
}
POPULAR, FRESH = 5, 6
FEED = 500  # more than two years of an office's calendar


@dataclass(frozen=True)
class Out:
    """Where a post can be read on its platform."""

    channel: Channel
    permalink: str
    text: str


@dataclass(frozen=True)
class Home:
    """The first page."""

    news: Sequence[Entry]
    coming: Sequence[Entry]
    popular: Sequence[Entry]


@dataclass(frozen=True)
class ItemPage:
    """An open item; older: versions before the one in force that were open too."""

    item: ContentItem
    details: Details
    asset: Asset | None
    event: Event | None
    older: Sequence[ContentVersion]
    downloads: int
    out: Sequence[Out]


@dataclass(frozen=True)
class PostPage:
    """A post that is out: its words and where it stands."""

    post: Post
    since: datetime
    out: Sequence[Out]
    event: Event | None


@dataclass(frozen=True)
class EventPage:
    """An announced event and the posts about it."""

    event: Event
    entry: Entry
    posts: Sequence[Entry]
    albums: Sequence[Entry]


@dataclass(frozen=True)
class MonthPage:
    """The announced events of a month by their first day, and its holidays."""

    month: Month
    events: Sequence[Entry]
    holidays: Mapping[date, str]


def home(session: Session, now: datetime) -> Home:
    """Return the newest of everything, in a fixed number of queries."""
    return Home(news(session).entries[:FRESH], coming_events(session, now), _popular(session))


def item_page(session: Session, item_id: int) -> ItemPage:
    """Return an open item; NotFound for any other, whether it exists or not."""
    item = session.get(ContentItem, item_id)
    if item is None or item.opened_at is None:
        raise NotFound
    older = session.scalars(
        select(ContentVersion)
        .where(
            ContentVersion.item_id == item_id,
            ContentVersion.number < item.version,
            ContentVersion.opened_at.is_not(None),
        )
        .order_by(ContentVersion.number.desc())
    ).all()
    tagged = select(PostCategory.post_id).where(PostCategory.item_id == item_id)
    event = session.get(Event, item.event_id) if item.event_id is not None else None
    return ItemPage(
        item=item, details=details_of(item.details),
        asset=session.get(Asset, item.asset_id) if item.asset_id is not None else None,
        event=event if event is not None and event.public and event.opened_at is not None else None,
        older=older,
        downloads=session.scalar(
            select(func.coalesce(func.sum(DownloadCount.count), 0)).where(DownloadCount.item_id == item_id)
        ) or 0,
        out=_out(session, Delivery.post_id.in_(tagged)),
    )  # fmt: skip


def post_page(session: Session, post_id: int) -> PostPage:
    """Return a post that citizens can find on a platform; NotFound for any other."""
    row = session.execute(live_posts(Post.id == post_id)).first()
    if row is None:
        raise NotFound
    post, since = row
    event = session.scalars(open_events().where(Event.id == post.event_id)).first()
    return PostPage(post, since, _out(session, Delivery.post_id == post_id), event)


def event_page(session: Session, event_id: int) -> EventPage:
    """Return an announced event; NotFound for any other."""
    event = session.scalars(open_events().where(Event.id == event_id)).first()
    if event is None:
        raise NotFound
    posts = session.execute(live_posts(Post.event_id == event_id)).all()
    albums = session.scalars(
        open_items().where(ContentItem.event_id == event_id, ContentItem.category == Category.PHOTO)
    )
    return EventPage(
        event, entry_of_event(event), [entry_of_post(*row) for row in posts], [*map(entry_of_item, albums)]
    )


def month_page(session: Session, month: Month) -> MonthPage:
    """Return a month's announced events, those that began earlier included, and its holidays."""
    rows = session.scalars(
        open_events()
        .where(Event.starts_at < month.end(), *ends_after(month.start()))
        .order_by(Event.starts_at, Event.id)
    )
    last = month.next().first_day()
    holidays = {
        day: name for day, name in list_holidays(session, month.first_day(), last).items() if day != last
    }
    return MonthPage(month, [entry_of_event(event) for event in rows], holidays)


def events_for_feed(session: Session, since: datetime) -> Sequence[Event]:
    """Return every announced event that ends after a moment, cancelled ones too: people subscribed."""
    return session.scalars(
        open_events().where(*ends_after(since)).order_by(Event.starts_at, Event.id).limit(FEED)
    ).all()


def statistics_item(session: Session, item_id: int) -> ContentItem:
    """Return an open item with figures; NotFound for any other."""
    item = session.get(ContentItem, item_id)
    if item is None or item.opened_at is None or not details_of(item.details).figures:
        raise NotFound
    return item


def _popular(session: Session) -> list[Entry]:
    counts = downloads_of(session)
    most = sorted(counts, key=lambda one: (-counts[one], one))[: 4 * POPULAR]
    items = session.scalars(open_items().where(ContentItem.id.in_(most))).all()
    return [entry_of_item(item) for item in sorted(items, key=lambda one: -counts[one.id])[:POPULAR]]


def _out(session: Session, *conditions: ColumnElement[bool]) -> list[Out]:
    rows = session.execute(
        select(Account.channel, Delivery)
        .join(Account, Account.id == Delivery.account_id)
        .where(*is_live(), *conditions)
        .order_by(Account.channel, Delivery.id)
    )
    return [Out(channel, row.permalink or "", str(row.payload.get("text", ""))) for channel, row in rows]
