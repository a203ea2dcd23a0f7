"""Once a month a sample of the store is taken out and opened: what cannot be restored is not stored."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import NotFound
from core.fiscal import Month
from models import Asset, ContentItem, ContentVersion, RestoreCheck
from services.details import details_of
from services.media import read_asset
from services.runtime import Runtime
from services.usable import look
from services.versions import digest

log = structlog.get_logger()

SAMPLE = 20


def sample_due(rt: Runtime) -> int:
    """Take this month's sample if nobody has yet; return how many items were looked at."""
    now = rt.clock.now()
    month = Month.of(bangkok(now).date())
    with rt.sessions.begin() as session:
        done = session.scalar(
            select(RestoreCheck.id).where(RestoreCheck.checked_at >= month.start()).limit(1)
        )
        chosen = [] if done else choose(session, month, now)
    for item_id in chosen:
        check(rt, item_id)
    return len(chosen)


def choose(session: Session, month: Month, now: datetime) -> list[int]:
    """Return the ids of a month's sample: an order that nobody chose, but anybody can find again."""
    stored = session.scalars(select(ContentItem.id).where(ContentItem.created_at <= now))
    shuffled = sorted(stored, key=lambda one: hashlib.sha256(f"{month}/{one}".encode()).digest())
    return sorted(shuffled[:SAMPLE])


def check(rt: Runtime, item_id: int) -> RestoreCheck:
    """Take one item out of the store, compare every hash, open its file; write down what came of it."""
    with rt.sessions.begin() as session:
        item = session.get_one(ContentItem, item_id)
        version = session.scalars(
            select(ContentVersion).where(
                ContentVersion.item_id == item_id, ContentVersion.number == item.version
            )
        ).first()
        assets = _assets(session, item)
    problem, pages = _look(rt, assets, item.asset_id)
    if version is not None and digest(version.data) != version.sha256:
        problem = "version_damaged"
    row = RestoreCheck(
        item_id=item_id, version=item.version, checked_at=rt.clock.now(), ok=not problem, problem=problem,
        pages=pages,
    )  # fmt: skip
    with rt.sessions.begin() as session:
        session.add(row)
    if problem:
        log.error("store.not_restored", item_id=item_id, problem=problem)
    return row


def latest_checks(session: Session, as_of: datetime) -> dict[int, RestoreCheck]:
    """Return the last look at each item that was ever in a sample, by item id."""
    rows = session.scalars(
        select(RestoreCheck).where(RestoreCheck.checked_at <= as_of).order_by(RestoreCheck.id)
    )
    return {row.item_id: row for row in rows}


def _assets(session: Session, item: ContentItem) -> Sequence[Asset]:
    wanted = [photo.asset_id for photo in details_of(item.details).photos]
    wanted += [item.asset_id] if item.asset_id is not None else []
    return session.scalars(select(Asset).where(Asset.id.in_(wanted)).order_by(Asset.id)).all()


def _look(rt: Runtime, assets: Sequence[Asset], main: int | None) -> tuple[str, int | None]:
    """Return the code of what is wrong, empty if nothing; and the pages of the item's own file."""
    pages: int | None = None
    for asset in assets:
        try:
            content = read_asset(rt.media_dir, asset.sha256)
        except NotFound as exc:
            return exc.key, None
        if asset.mime.startswith("image/"):
            continue
        usable = look(content)
        if not usable.opens:
            return "file_not_opening", usable.pages
        pages = usable.pages if asset.id == main else pages
    return "", pages
