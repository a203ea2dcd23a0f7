"""The store of level 2: items of the eight kinds, and which kinds a post serves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, NotFound
from core.vocab import Category, Role
from models.calendar import Event
from models.content import ContentItem, ContentVersion
from models.people import Person
from models.posts import Asset, Post, PostCategory
from services import audit, versions
from services.details import MOST_PHOTOS, Details, clean_answers
from services.people import require
from services.typed import body, line, link

LANGUAGES: Final = ("th", "en")


@dataclass(frozen=True)
class ContentForm:
    """A stored item as typed. E-books and forms need a file or a link; pictures need alt text."""

    category: Category
    title: str
    agency: str
    item_date: date
    summary: str = ""
    source: str = ""
    rights: str = ""
    language: str = "th"
    alt_text: str = ""
    link: str = ""
    asset_id: int | None = None
    event_id: int | None = None
    details: Details = field(default_factory=Details)
    sample: bool = False


@dataclass(frozen=True)
class Known:
    """The newest version as whoever changes an item saw it, and why it is changed."""

    number: int
    why: str


@dataclass(frozen=True)
class Tag:
    """One kind of level 2 that a post serves; a reason is needed as soon as it serves more than one."""

    category: Category
    reason: str = ""
    item_id: int | None = None


def add_item(session: Session, form: ContentForm, person: Person, now: datetime) -> ContentItem:
    """Store an item as its first version; citizens see it once somebody else has opened it.

    Raises title_empty, agency_empty, item_file_missing, alt_text_missing, rights_empty, photo_alt_missing,
    event_unknown, not_found.
    """
    require(person, Role.OFFICER, Role.KPI_OFFICER)
    item = ContentItem(
        category=form.category, sample=form.sample, created_by=person.id, created_at=now, version=1,
        **_values(session, form),
    )  # fmt: skip
    versions.refresh_search(item)
    session.add(item)
    session.flush()
    session.add(versions.first_version(item, person, now))
    audit.record(session, person.id, "item.add", item, now, category=item.category, title=item.title)
    return item


def revise_item(
    session: Session, item_id: int, form: ContentForm, known: Known, person: Person, now: datetime
) -> ContentVersion:
    """Write the next version; an item that citizens see keeps the old one until this one is opened too.

    Raises item_changed if somebody was quicker, reason_empty, item_unchanged, and what add_item raises.
    """
    require(person, Role.OFFICER, Role.KPI_OFFICER)
    item = find_item(session, item_id, locked=True)
    newest = versions.newest_version(session, item)
    if newest.number != known.number:
        raise Conflict("item_changed", number=newest.number)
    data = versions.data_of(_values(session, form))
    if data == newest.data:
        raise BadInput("item_unchanged")
    version = versions.next_version(item, data, newest.number + 1, person, now)
    version.why = line(known.why, "why", 300, needed="reason_empty")
    session.add(version)
    if item.opened_at is None:
        versions.put_in_force(item, version, now)
    audit.record(session, person.id, "item.revise", item, now, number=version.number, reason=version.why)
    return version


def list_items(session: Session, category: Category | None = None, limit: int = 200) -> Sequence[ContentItem]:
    """Return stored items, newest first."""
    rows = select(ContentItem).order_by(ContentItem.item_date.desc(), ContentItem.id.desc()).limit(limit)
    return session.scalars(rows.where(ContentItem.category == category) if category else rows).all()


def find_item(session: Session, item_id: int, *, locked: bool = False) -> ContentItem:
    """Return one item; raises NotFound."""
    item = session.get(ContentItem, item_id, with_for_update=locked)
    if item is None:
        raise NotFound
    return item


def tag_post(session: Session, post_id: int, tag: Tag, person: Person, now: datetime) -> Post:
    """Say that a post serves a kind of level 2 (also after it went out); replaces the tag of that kind."""
    require(person, Role.OFFICER, Role.KPI_OFFICER)
    post = _post(session, post_id)
    others = [
        Tag(row.category, row.reason, row.item_id) for row in post.categories if row.category != tag.category
    ]
    set_tags(session, post, [*others, tag])
    audit.record(session, person.id, "post.tag", post, now, category=tag.category, reason=tag.reason)
    return post


def untag_post(session: Session, post_id: int, category: Category, person: Person, now: datetime) -> Post:
    """Take a kind off a post."""
    require(person, Role.OFFICER, Role.KPI_OFFICER)
    post = _post(session, post_id)
    post.categories = [row for row in post.categories if row.category != category]
    audit.record(session, person.id, "post.untag", post, now, category=category)
    return post


def set_tags(session: Session, post: Post, tags: Iterable[Tag]) -> None:
    """Give a post exactly these kinds; raises `tag_reason_empty` if several and one has no reason."""
    wanted = {tag.category: tag for tag in tags}
    known = {row.category: row for row in post.categories}
    for tag in wanted.values():
        if len(wanted) > 1 and not tag.reason.strip():
            raise BadInput("tag_reason_empty", field="categories", category=tag.category)
        if tag.item_id is not None:
            _check_item(session, tag)
    rows = []
    for category, tag in wanted.items():
        row = known.get(category) or PostCategory(category=category)
        row.reason, row.item_id = line(tag.reason, "reason", 300), tag.item_id
        rows.append(row)
    post.categories = rows


def _check_item(session: Session, tag: Tag) -> None:
    item = session.get(ContentItem, tag.item_id)
    if item is None or item.category != tag.category:
        raise BadInput("tag_item_bad", field="categories", category=tag.category)


def _values(session: Session, form: ContentForm) -> dict[str, Any]:
    asset = _asset(session, form.asset_id)
    address = link(form.link)
    if form.category in {Category.EBOOK, Category.FORM} and asset is None and not address:
        raise BadInput("item_file_missing", field="asset_id", category=form.category)
    alt_text = line(form.alt_text, "alt_text", 1000)
    if asset is not None and asset.mime.startswith("image/") and not alt_text:
        raise BadInput("alt_text_missing", field="alt_text")
    if form.event_id is not None and session.get(Event, form.event_id) is None:
        raise BadInput("event_unknown", field="event_id")
    pictured = asset is not None or bool(form.details.photos)
    return {
        "title": line(form.title, "title", 300, needed="title_empty"),
        "agency": line(form.agency, "agency", 200, needed="agency_empty"),
        "item_date": form.item_date, "summary": body(form.summary, "summary", 10_000),
        "source": line(form.source, "source", 300),
        "rights": line(form.rights, "rights", 200, needed="rights_empty" if pictured else ""),
        "language": form.language if form.language in LANGUAGES else LANGUAGES[0], "alt_text": alt_text,
        "link": address, "asset_id": form.asset_id, "event_id": form.event_id,
        "details": _details(session, form.details).stored(),
    }  # fmt: skip


def _details(session: Session, typed: Details) -> Details:
    if len(typed.photos) > MOST_PHOTOS:
        raise BadInput("album_too_many", field="photos", limit=MOST_PHOTOS)
    for place, photo in enumerate(typed.photos, 1):
        asset = _asset(session, photo.asset_id)
        if asset is None or not asset.mime.startswith("image/"):
            raise BadInput("not_an_image", field="photos")
        if not photo.alt.strip():
            raise BadInput("photo_alt_missing", field=f"photo_alt_{place}", number=place)
    return Details(typed.photos, typed.consent, typed.figures, typed.as_of, clean_answers(typed.answers))


def _asset(session: Session, asset_id: int | None) -> Asset | None:
    asset = session.get(Asset, asset_id) if asset_id is not None else None
    if asset_id is not None and asset is None:
        raise NotFound
    return asset


def _post(session: Session, post_id: int) -> Post:
    post = session.get(Post, post_id, with_for_update=True)
    if post is None:
        raise NotFound
    return post
