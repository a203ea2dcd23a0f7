"""The picture of each reading that proves a post, drawn ahead of the month's file, kept by its hash."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Delivery, Snapshot
from reports.cards import Card, draw_cards
from services.evidence_files import FONTS, write
from services.runtime import Runtime

AT_ONCE = 50


def draw_waiting(rt: Runtime, limit: int = 200) -> int:
    """Draw the newest readings that have no picture yet; return how many."""
    with rt.sessions.begin() as session:
        rows = session.scalars(select(Snapshot).order_by(Snapshot.id.desc()).limit(limit)).all()
        missing = [row for row in rows if not _path(rt, row).is_file()][:AT_ONCE]
        cards = _cards(session, missing)
    _draw(rt, missing, cards)
    return len(missing)


def pictures_of(session: Session, rt: Runtime, rows: Sequence[Snapshot]) -> dict[str, bytes]:
    """Return the pictures of readings by file name, drawing those that nobody has drawn yet."""
    missing = [row for row in rows if not _path(rt, row).is_file()]
    for first in range(0, len(missing), AT_ONCE):
        some = missing[first : first + AT_ONCE]
        _draw(rt, some, _cards(session, some))
    return {f"posts/{name_of(row)}.png": _path(rt, row).read_bytes() for row in rows}


def name_of(row: Snapshot) -> str:
    """Return what a reading's files are called: `D12-34`, delivery and reading."""
    return f"D{row.delivery_id}-{row.id}"


def _draw(rt: Runtime, rows: Sequence[Snapshot], cards: Sequence[Card]) -> None:
    for row, picture in zip(rows, draw_cards(cards, FONTS), strict=True):
        write(_path(rt, row), picture)


def _path(rt: Runtime, row: Snapshot) -> Path:
    return rt.evidence_dir / "cards" / f"{row.id}-{row.sha256}.png"


def _cards(session: Session, rows: Sequence[Snapshot]) -> list[Card]:
    ids = {row.delivery_id for row in rows}
    found = session.scalars(
        select(Delivery).where(Delivery.id.in_(ids)).options(joinedload(Delivery.account))
    )
    deliveries = {one.id: one for one in found}
    return [_card(row, deliveries[row.delivery_id]) for row in rows]


def _card(row: Snapshot, delivery: Delivery) -> Card:
    return Card(
        channel=delivery.account.channel, account=delivery.account.name, body=row.body,
        pictures=len(delivery.payload["media"]), link=row.permalink, created_at=row.created_at,
        read_at=row.read_at, live=row.live, sha256=row.sha256,
    )  # fmt: skip
