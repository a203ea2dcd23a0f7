"""The store of level 2: items of the eight categories, with file, hash, rights; and checks of their links."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import Category
from models.base import Base, words


class ContentItem(Base):
    """One stored thing that a post may publish."""

    __tablename__ = "content_item"
    __table_args__ = (Index(None, "category", "item_date"),)

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
    sample: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


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
