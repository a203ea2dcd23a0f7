"""Facts of what is stored for citizens: items of the eight kinds and looks at their links (see kpi.facts)."""

from dataclasses import dataclass
from datetime import date, datetime

from core.vocab import Category


@dataclass(frozen=True, kw_only=True)
class ExtraFact:
    """One extra proof of a stored item, by the code its category names in the criteria."""

    code: str
    ok: bool | None


@dataclass(frozen=True, kw_only=True)
class ItemFact:
    """One stored content item of level 2."""

    id: int
    category: Category
    stored_at: datetime
    agency: str = ""
    source: str = ""
    item_date: date | None = None
    rights: str = ""
    language: str = ""
    sha256: str = ""  # of its file; of its canonical text where it has no file
    mime: str = ""  # of its file; empty: it has none
    alt_text: str = ""  # needed when mime is an image
    link: str = ""  # its public address
    retrievable: bool | None = None  # result of the restore sample; None: not sampled
    extras: tuple[ExtraFact, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LinkCheckFact:
    """One anonymous look at an item's public link."""

    id: int
    item_id: int
    checked_at: datetime
    reached: bool  # False: the network failed, which says nothing about the file
    http_status: int | None = None
    size: int | None = None
    mime: str = ""
    sha256: str = ""
    opens: bool | None = None  # the file opens: at least one page, or fillable; None: not tried
