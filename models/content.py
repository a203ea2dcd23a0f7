"""The store of level 2: items of the eight categories, with file, hash, rights; and checks of their links."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import Category
from models.base import Base, words


class ContentItem(Base):
    """One stored thing that a post may publish: the words and the file of its version in force."""

    __tablename__ = "content_item"
    __table_args__ = (Index(None, "category", "item_date"), Index(None, "item_date"), Index(None, "event_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[Category] = mapped_column(words(Category))
    title: Mapped[str] = mapped_column(String(300))
    agency: Mapped[str] = mapped_column(String(200))
    item_date: Mapped[date]
    summary: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    rights: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(8), default="th")
    alt_text: Mapped[str] = mapped_column(String(1000), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))  # photo albums: what they show
    # what one category alone has (services.details): photos, figures, answers
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    sample: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")  # the one in force
    changed_at: Mapped[datetime | None]  # since when that version is in force; null: since it was stored
    opened_at: Mapped[datetime | None]  # since when citizens see it; null: they do not
    search_key: Mapped[str | None] = mapped_column(Text)  # language.collation.search_key of its words


class ContentVersion(Base):
    """One state of an item, whole: an older one stays retrievable, links lead to the one in force."""

    __tablename__ = "content_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id"))
    number: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)  # every field of the item, days as ISO text
    sha256: Mapped[str] = mapped_column(String(64))  # of that data
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id"))
    why: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None]  # null: nobody but its maker has looked at it yet


class PostWords(Base):
    """What search compares of an approved post; the post itself stays what its author wrote."""

    __tablename__ = "post_words"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    search_key: Mapped[str] = mapped_column(Text)


class DownloadCount(Base):
    """How often a public file was fetched on one Bangkok day; nothing about who fetched it."""

    __tablename__ = "download_count"

    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


class RestoreCheck(Base):
    """One item of the monthly sample, taken out of the store: are its files whole and usable."""

    __tablename__ = "restore_check"
    __table_args__ = (Index(None, "item_id", "checked_at"), Index(None, "checked_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id"))
    version: Mapped[int]
    checked_at: Mapped[datetime]
    ok: Mapped[bool]
    problem: Mapped[str] = mapped_column(String(40), default="")  # code of the locales' [error]
    pages: Mapped[int | None]  # of a PDF or e-book; null: it has none to count


class LinkCheck(Base):
    """One look at an item's public link: alive, complete, the same file as stored."""

    __tablename__ = "link_check"
    __table_args__ = (Index(None, "item_id", "checked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id"))
    checked_at: Mapped[datetime]
    reached: Mapped[bool]
    http_status: Mapped[int | None]
    size: Mapped[int | None]
    mime: Mapped[str] = mapped_column(String(100), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    opens: Mapped[bool | None]
    pages: Mapped[int | None]
