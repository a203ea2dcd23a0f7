"""Whether the files we promise to citizens are still there, whole and usable: weekly, and whenever asked."""

import hashlib
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from sqlalchemy import func, select

from connectors.sites import FetchFailed, FetchRefused, Page, fetch
from core.vocab import Category
from models import ContentItem, LinkCheck
from services.runtime import Runtime
from services.usable import Usable, look

log = structlog.get_logger()

WEEKLY = timedelta(days=7)
CHECKED = (Category.FORM, Category.EBOOK, Category.STATS, Category.SERVICE)


def check_due(rt: Runtime, *, everything: bool = False) -> int:
    """Look at every public link last seen a week ago (or at all); return how many were looked at."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        last = (
            select(func.max(LinkCheck.checked_at))
            .where(LinkCheck.item_id == ContentItem.id)
            .scalar_subquery()
        )
        due = select(ContentItem.id, ContentItem.link).where(
            ContentItem.category.in_(CHECKED), ContentItem.link != ""
        )
        if not everything:
            due = due.where((last.is_(None)) | (last <= now - WEEKLY))
        targets = list(session.execute(due))
    for item_id, link in targets:
        check(rt, item_id, link)
    return len(targets)


def check(rt: Runtime, item_id: int, link: str) -> LinkCheck:
    """Fetch one item's public link as a citizen would, without signing in, and keep what came."""
    try:
        page: Page | None = fetch(link, own_hosts(rt))
    except (FetchFailed, FetchRefused) as exc:
        log.warning("link.unreached", item_id=item_id, reason=str(exc))
        page = None
    with rt.sessions.begin() as session:
        row = _row(item_id, page, rt.clock.now())
        session.add(row)
    return row


def own_hosts(rt: Runtime) -> tuple[str, ...]:
    """Return host:port of our own public pages."""
    settings = rt.settings
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    parts = urlsplit(address)
    return (f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}",)


def _row(item_id: int, page: Page | None, now: datetime) -> LinkCheck:
    if page is None:
        return LinkCheck(item_id=item_id, checked_at=now, reached=False, http_status=None, opens=None)
    content = page.content
    usable = look(content) if content and page.status == HTTPStatus.OK else Usable(opens=False)
    return LinkCheck(
        item_id=item_id, checked_at=now, reached=True, http_status=page.status, mime=page.mime,
        size=None if content is None else len(content),
        sha256="" if content is None else hashlib.sha256(content).hexdigest(),
        opens=None if content is None else usable.opens, pages=usable.pages,
    )  # fmt: skip
