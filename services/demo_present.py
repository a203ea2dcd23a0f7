"""The demo's present day: events ahead, eight kinds of content, posts that go out as soon as it starts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok, from_bangkok
from core.errors import NotFound
from core.fiscal import fiscal_year, months_of, to_be
from core.vocab import Category, Channel, PostKind
from language.thai_times import parse_time
from models import ContentItem, Event, Post
from services import approval, calendar, content, holidays, plans, posts
from services.calendar import EventForm
from services.content import ContentForm, Tag
from services.demo_cast import INVENTED, OWN, Cast, drawing, page, sample
from services.demo_details import details_of_row
from services.downloads import public_address
from services.drafting import draft_title, when
from services.media import store_file
from services.planning import Chosen, create_wave, wave_of
from services.plans import PlanForm
from services.post_parts import MediaItem
from services.posts import PostForm
from services.runtime import Runtime

WAVED = "market"
RETURNED_BECAUSE = "โปรดเพิ่มเส้นทางรถไฟฟ้าที่ใกล้ที่สุด"


def seed_present(rt: Runtime, cast: Cast) -> None:
    """Add whatever is not there yet; events that have passed are planned anew."""
    today = bangkok(rt.clock.now()).date()
    year = fiscal_year(today)
    with rt.sessions.begin() as session:
        holidays.seed_holidays(session, year)
        planned = plans.plan_of(session, year) is not None
    if not planned:
        _plan(rt, cast, year)
    for row in sample("present")["event"]:
        _event(rt, cast, row, today)
    for row in sample("present")["announced"]:
        _announce(rt, cast, row)
    for row in sample("present")["item"]:
        _item(rt, cast, row, today)


def event_ahead(session: Session, key: str, now: datetime) -> Event:
    """Return the event of this key that has not begun yet; NotFound before it is seeded."""
    found = _ahead(session, key, now)
    if found is None:
        raise NotFound
    return found


def _ahead(session: Session, key: str, now: datetime) -> Event | None:
    title = next(row["title"] for row in sample("present")["event"] if row["key"] == key)
    return session.scalars(
        select(Event).where(Event.title == title, Event.starts_at > now).order_by(Event.id.desc()).limit(1)
    ).first()


def filled(row: Mapping[str, Any], event: Event | None = None, link: str = "") -> dict[Channel, str]:
    """Return the texts of a row with the event's day, time and place, or an item's address."""
    told = {"when": when(event), "place": event.place} if event else {}
    return {channel: row[channel.value].strip().format(**told, link=link) for channel in Channel}


def publish_at_once(rt: Runtime, cast: Cast, form: PostForm) -> None:
    """Write, submit and approve a post that is due now."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        post = posts.create_post(session, _due(form, now), cast.officer, now)
        session.flush()
        posts.submit_post(session, post.id, post.revision, cast.officer, now)
    approval.approve_post(rt, post.id, post.revision, cast.approver, publish_now=True)


def _due(form: PostForm, now: datetime) -> PostForm:
    """Give a post a time, without which none is submitted; approving it at once replaces that time."""
    values = {name: getattr(form, name) for name in form.__dataclass_fields__}
    return PostForm(**{**values, "due_at": now + timedelta(minutes=1)})


def _plan(rt: Runtime, cast: Cast, year: int) -> None:
    row, first = sample("present")["plan"], months_of(year)[0].first_day()
    title = row["title"].format(year=year)
    lines = sample("fy2564")["plan"]["text"].replace("2564", str(year)).strip().split("\n")
    number = row["number"].format(calendar_year=to_be(first.year))
    form = PlanForm(year, title, number, row["approver"], first, page(rt, f"plan-{year}", title, lines))
    plans.add_plan_document(rt, form, cast.administrator)


def _event(rt: Runtime, cast: Cast, row: Mapping[str, Any], today: date) -> None:
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        if _ahead(session, row["key"], now) is not None:
            return
        day = today + timedelta(days=row["days"])
        start, end = (from_bangkok(datetime.combine(day, parse_time(row[name]))) for name in ("from", "to"))
        words = {name: row[name] for name in ("place", "host", "target_group", "description")}
        form = EventForm(
            row["title"], start, end, source=INVENTED, flagship=row.get("flagship", False), **words
        )
        event = calendar.create_event(session, form, cast.officer, now)
        session.flush()
    if row["key"] == WAVED:
        _wave(rt, cast, event.id)


def _wave(rt: Runtime, cast: Cast, event_id: int) -> None:
    """Write the whole wave: the first approved, the second waiting, the third returned, the rest drafts."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        offers = [offer for offer in wave_of(session, event_id, now) if offer.possible]
        chosen = [Chosen(offer.key, offer.due_at) for offer in offers]
        drafts = create_wave(session, event_id, chosen, cast.officer, now)
        session.flush()
        for post in drafts[:3]:
            posts.submit_post(session, post.id, post.revision, cast.officer, now)
        third = drafts[2]
        approval.return_post(session, third.id, third.revision, RETURNED_BECAUSE, cast.approver, now)
    approval.approve_post(rt, drafts[0].id, drafts[0].revision, cast.approver)


def _announce(rt: Runtime, cast: Cast, row: Mapping[str, Any]) -> None:
    with rt.sessions.begin() as session:
        event = event_ahead(session, row["event"], rt.clock.now())
        if session.scalar(select(Post.id).where(Post.event_id == event.id)) is not None:
            return
    form = PostForm(
        PostKind.ANNOUNCE, draft_title(event, PostKind.ANNOUNCE), filled(row, event), event_id=event.id,
        tags=(Tag(Category.CALENDAR),),
    )  # fmt: skip
    publish_at_once(rt, cast, form)


def _item(rt: Runtime, cast: Cast, row: Mapping[str, Any], today: date) -> None:
    with rt.sessions.begin() as session:
        known = session.scalars(select(ContentItem).where(ContentItem.title == row["title"])).first()
        published = session.scalar(select(Post.id).where(Post.title == row["title"]))
    item = known or _stored(rt, cast, row, today)
    if published is not None:
        return
    form = PostForm(
        PostKind.GENERAL, row["title"], filled(row, link=item.link),
        media=(MediaItem(item.asset_id, row["alt_text"]),) if "picture" in row and item.asset_id else (),
        tags=(Tag(Category(row["category"]), item_id=item.id),),
    )  # fmt: skip
    publish_at_once(rt, cast, form)


def _stored(rt: Runtime, cast: Cast, row: Mapping[str, Any], today: date) -> ContentItem:
    asset = None
    if "picture" in row:
        asset = drawing(rt, row["picture"], cast.officer)
    elif "paper" in row:
        printed = sample("present")["paper"][row["paper"]]
        asset = store_file(rt, page(rt, row["paper"], printed["title"], printed["lines"]), cast.officer)
    form = ContentForm(
        Category(row["category"]), row["title"], row["agency"], today, summary=row["summary"],
        source=row.get("source", INVENTED), rights=OWN, alt_text=row.get("alt_text", ""),
        asset_id=asset.id if asset else None, details=details_of_row(rt, cast, row), sample=True,
    )  # fmt: skip
    with rt.sessions.begin() as session:
        item = content.add_item(session, form, cast.officer, rt.clock.now())
        session.flush()
        if "paper" in row:
            item.link = public_address(rt, item.id)
    return item
