"""Reading a published post back: what the platform shows is kept as proof, and only then is it verified."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from connectors.base import Access, PlatformTrouble, RemotePost, RetryLater
from connectors.replies import Replying
from core.crashpoints import reach
from core.vocab import DeliveryState, MessageKind
from language.canonical import canonical_sent
from models import Delivery, Snapshot
from services.claiming import access_of
from services.clockwatch import Moment, believed
from services.incarnations import Life
from services.matching import same_text
from services.payloads import kind
from services.runtime import Runtime

log = structlog.get_logger()

HOLD = timedelta(seconds=60)
AGAIN = timedelta(seconds=20)
VISIBLE_WITHIN = timedelta(
    minutes=15
)  # domain.md 2.1: a read-back snapshot at most 15 minutes after publishing


@dataclass(frozen=True)
class Live:
    """A post that our books say is live, copied out before the platform is asked."""

    delivery_id: int
    remote_id: str
    text: str
    access: Access = field(repr=False)
    comment_on: str = ""  # the post it stands under; empty for a post


def verify_due(rt: Runtime, life: Life | None = None, limit: int = 50) -> int:
    """Read back every published post whose turn it is; return how many were asked for."""
    moment = believed(rt, life.watch if life else None)
    if moment is None:
        return 0
    now = moment.at
    with rt.sessions.begin() as session:
        rows = session.scalars(
            select(Delivery)
            .where(Delivery.state == DeliveryState.PUBLISHED, Delivery.next_at <= now)
            .options(selectinload(Delivery.account))
            .order_by(Delivery.next_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.next_at = now + HOLD
        found = [live_of(rt, session, row) for row in rows]
    for live in found:
        look(rt, live, moment)
    return len(found)


def look(rt: Runtime, live: Live, moment: Moment) -> bool:
    """Read one post, keep what was seen, move to verified if it is there with our words; True if so."""
    try:
        post = _read(rt, live)
    except PlatformTrouble as trouble:
        log.warning("delivery.verify_failed", delivery_id=live.delivery_id, code=trouble.code)
        return False
    with rt.sessions.begin() as session:
        now = moment.now(rt.clock)
        row = session.get(Delivery, live.delivery_id, with_for_update=True)
        if row is None or row.remote_id != live.remote_id:
            return False
        if post is not None:
            session.add(snapshot_of(row, post, now))
        if row.state is not DeliveryState.PUBLISHED:
            return post is not None
        return _settle(row, post, now)


def live_of(rt: Runtime, session: Session, row: Delivery) -> Live:
    """Copy what is read back of a delivery; its account must be loaded."""
    comment_on = ""
    if kind(row.payload) is MessageKind.COMMENT:
        before = session.get(Delivery, row.follows_id) if row.follows_id is not None else None
        comment_on = (before.remote_id if before is not None else row.payload.get("reply_to")) or ""
    return Live(row.id, row.remote_id or "", row.payload["text"], access_of(rt, row.account), comment_on)


def _read(rt: Runtime, live: Live) -> RemotePost | None:
    """Read a post by its id, a comment among ours under its post."""
    connector = rt.connectors[live.access.channel]
    if not live.comment_on or not isinstance(connector, Replying):
        return connector.read(live.access, live.remote_id)
    listing = connector.find_replies(live.access, live.comment_on)
    found = [post for post in listing.posts if post.remote_id == live.remote_id]
    if not found and not listing.complete:
        raise RetryLater("listing_incomplete")
    return found[0] if found else None


def _settle(row: Delivery, post: RemotePost | None, now: datetime) -> bool:
    if post is not None and same_text(post, canonical_sent(row.payload["text"])):
        row.verified_at = now
        row.permalink = post.permalink or row.permalink
        row.published_at = post.created_at
        row.reason = ""
        row.move(DeliveryState.VERIFIED, now, why="read_back")
        return True
    # a platform may show a post late; after a quarter of an hour a person is told
    late = row.published_at is not None and now - row.published_at > VISIBLE_WITHIN
    row.next_at = now + (VISIBLE_WITHIN if late else AGAIN)
    row.reason = "text_differs" if post is not None else "not_visible_yet"
    if late:
        row.move(DeliveryState.NEEDS_HUMAN, now, why=row.reason)
    return False


def as_hashed(raw: Mapping[str, Any]) -> bytes:
    """Return a reading as the bytes whose hash is its proof; evidence files hold the same bytes."""
    return json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()


def snapshot_of(row: Delivery, post: RemotePost, now: datetime) -> Snapshot:
    """Return the proof of one read-back: the platform's own words, hashed."""
    raw = dict(post.raw)
    digest = hashlib.sha256(as_hashed(raw)).hexdigest()
    reach("after_verify")
    return Snapshot(
        delivery_id=row.id, read_at=now, live=True, remote_id=post.remote_id, permalink=post.permalink,
        created_at=post.created_at, body=post.text, raw=raw, sha256=digest,
    )  # fmt: skip
