"""Facts of posts that stand on our accounts and were not sent by this system; their ids are negative."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.vocab import Category, Channel, DeliveryState
from kpi.facts import DeliveryFact, PostFact, TagFact
from language import terms
from models import Account, Delivery, OutsideMark, OutsidePost


def load(session: Session, start: datetime, end: datetime, as_of: datetime) -> Sequence[OutsidePost]:
    """Return the outside posts of a period found by as_of, without those that turned out to be ours."""
    ours = select(Delivery.id).where(
        Delivery.account_id == OutsidePost.account_id, Delivery.remote_id == OutsidePost.remote_id
    )
    return session.scalars(
        select(OutsidePost)
        .where(
            OutsidePost.published_at >= start, OutsidePost.published_at < end, OutsidePost.found_at <= as_of,
            ~ours.exists(),
        )
        .order_by(OutsidePost.id)
    ).all()  # fmt: skip


def facts(session: Session, rows: Sequence[OutsidePost], as_of: datetime) -> tuple[PostFact, ...]:
    """Return one fact per outside post, with what officers said of it by as_of."""
    marks = _marks(session, [row.id for row in rows], as_of)
    channels = dict(session.execute(select(Account.id, Account.channel)).all()) if rows else {}
    return tuple(_fact(row, channels[row.account_id], marks.get(row.id), as_of) for row in rows)


def _marks(session: Session, ids: list[int], as_of: datetime) -> dict[int, OutsideMark]:
    newest = (
        select(func.max(OutsideMark.id))
        .where(OutsideMark.outside_id.in_(ids), OutsideMark.marked_at <= as_of)
        .group_by(OutsideMark.outside_id)
    )
    rows = session.scalars(select(OutsideMark).where(OutsideMark.id.in_(newest)))
    return {row.outside_id: row for row in rows}


def _fact(row: OutsidePost, channel: Channel, mark: OutsideMark | None, as_of: datetime) -> PostFact:
    gone = row.gone_at if row.gone_at and row.gone_at <= as_of else None
    delivery = DeliveryFact(
        id=-row.id, channel=channel, state=DeliveryState.VERIFIED, published_at=row.published_at,
        verified_at=row.found_at, gone_at=gone,
    )  # fmt: skip
    tags = (
        [TagFact(category=Category(one["category"]), reason=one["reason"]) for one in mark.tags]
        if mark
        else []
    )
    return PostFact(
        id=-row.id, deliveries=(delivery,), kind=mark.kind if mark else None, outside=True, tags=tuple(tags),
        terms_checked_at=as_of,
    )  # fmt: skip


def wrong_words(rows: Sequence[OutsidePost]) -> dict[int, list[str]]:
    """Return the rules that the words of each outside post break, by its negative id."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        for finding in terms.check(row.body, bangkok(row.published_at).date()):
            found[-row.id].append(finding.rule_id)
    return found
