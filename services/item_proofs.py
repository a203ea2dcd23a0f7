"""The extra proofs of each kind of item (criteria: `extras`): right, wrong, or not recorded.

Wrong takes an item out of level 2; not recorded only keeps it from the internal target. So a proof is wrong
only where something was looked at and found bad, never where nobody has filled in a field yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.clock import bangkok
from core.vocab import Category, Consent, EventState
from language import terms
from models import ContentItem, Event, LinkCheck, RestoreCheck
from services.details import details_of

HTTP_OK = 200
ALBUM = 3


@dataclass(frozen=True)
class Looked:
    """An item with what its proofs are read from, all as known at `now`; sha256 is its file's."""

    item: ContentItem
    now: datetime
    sha256: str = ""
    event: Event | None = None
    link: LinkCheck | None = None
    restored: RestoreCheck | None = None


def extras_of(looked: Looked) -> dict[str, bool | None]:
    """Return each extra proof of the item's kind, by its code in the criteria."""
    return {code: prove(looked) for code, prove in PROOFS.get(looked.item.category, {}).items()}


def _terms_right(looked: Looked) -> bool | None:
    item = looked.item
    found = terms.check(f"{item.title}\n{item.summary}", bangkok(looked.now).date())
    return not any(one.severity is terms.Severity.ERROR for one in found)


def _contact(looked: Looked) -> bool | None:
    return True if details_of(looked.item.details).answers.get("contact") else None


def _link(looked: Looked) -> bool | None:
    if looked.link is None or not looked.link.reached:
        return None
    return looked.link.http_status == HTTP_OK


def _three_photos(looked: Looked) -> bool | None:
    photos = details_of(looked.item.details).photos
    return len(photos) >= ALBUM if photos else None


def _event_happened(looked: Looked) -> bool | None:
    event = looked.event
    if event is None:
        return None
    if event.state is EventState.CANCELLED:
        return False
    return True if event.state is EventState.HELD or event.ends_at <= looked.now else None


def _consent(looked: Looked) -> bool | None:
    return None if details_of(looked.item.details).consent is Consent.UNKNOWN else True


def _opens(looked: Looked) -> bool | None:
    if looked.link is not None and looked.link.opens is not None:
        return looked.link.opens
    return looked.restored.ok if looked.restored is not None else None


def _pages(looked: Looked) -> bool | None:
    counted = [
        one.pages for one in (looked.link, looked.restored) if one is not None and one.pages is not None
    ]
    return counted[0] > 0 if counted else None


def _unit(looked: Looked) -> bool | None:
    figures = details_of(looked.item.details).figures
    return all(one.unit and one.period for one in figures) if figures else None


def _as_of(looked: Looked) -> bool | None:
    return True if details_of(looked.item.details).as_of else None


def _source_link(looked: Looked) -> bool | None:
    item = looked.item
    return True if item.link or item.source.startswith(("http://", "https://")) else None


def _latest(looked: Looked) -> bool | None:
    """Say whether a citizen got the version in force, the newest that was opened."""
    if looked.link is None or not looked.link.sha256 or not looked.sha256:
        return None
    return looked.link.sha256 == looked.sha256


def _on_public_calendar(looked: Looked) -> bool | None:
    return True if looked.item.opened_at is not None else None


PROOFS: Mapping[Category, Mapping[str, Callable[[Looked], bool | None]]] = {
    Category.CALENDAR: {"public_calendar": _on_public_calendar},
    Category.ORG: {"terms": _terms_right},
    Category.SERVICE: {"contact": _contact, "link": _link},
    Category.PHOTO: {"three_photos": _three_photos, "event": _event_happened, "consent": _consent},
    Category.EBOOK: {"opens": _opens, "pages": _pages},
    Category.STATS: {"unit": _unit, "as_of": _as_of, "source_link": _source_link},
    Category.FORM: {"latest": _latest},
}
