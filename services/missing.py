"""What did not go out in time: the delivery is closed, and its author gets one digest, not one note each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.vocab import AlertKind, DeliveryState
from models import Delivery, Post
from services.alerts import raise_alert


def miss(session: Session, rows: Sequence[Delivery], now: datetime, why: str) -> None:
    """Move deliveries to missed and add them to their authors' open digests; why: a code of [reason]."""
    for row in rows:
        row.reason = "window_passed"
        row.move(DeliveryState.MISSED, now, why=why)
    for author_id, missed in _by_author(session, _without_followers(rows)).items():
        raise_alert(session, AlertKind.MISSED, author_id, now, "window_passed", missed)


def _without_followers(rows: Sequence[Delivery]) -> list[Delivery]:
    """Leave out the parts that follow one of these: the author hears of each chain once."""
    ids = {row.id for row in rows}
    return [row for row in rows if row.follows_id not in ids]


def _by_author(session: Session, rows: Sequence[Delivery]) -> dict[int, list[int]]:
    if not rows:
        return {}
    posts = {row.post_id for row in rows}
    authors = dict(session.execute(select(Post.id, Post.author_id).where(Post.id.in_(posts))).all())
    found = defaultdict(list)
    for row in rows:
        found[authors[row.post_id]].append(row.id)
    return found
