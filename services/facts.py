"""The facts of a period, frozen from the database as they stood at one moment, for kpi/."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.vocab import Channel, EventState, Metric, ReadingState
from kpi.facts import (
    EventFact,
    ItemFact,
    LinkCheckFact,
    PeriodFacts,
    PlanFact,
    PlanItemFact,
)
from kpi.office_facts import FollowersFact
from models import (
    Account,
    Asset,
    ContentItem,
    Event,
    FormImport,
    LinkCheck,
    PlanDocument,
    Post,
    Reading,
)
from services import post_facts
from services.media import asset_path
from services.post_facts import PostRows


@dataclass(frozen=True)
class Period:
    """From a moment to another, within one fiscal year, as known at a third."""

    fiscal_year: int
    start: datetime
    end: datetime
    as_of: datetime


def gather(session: Session, period: Period, media_dir: Path) -> PeriodFacts:
    """Return all that is known of a period; queries grow with the kinds of facts, not with the posts."""
    events = _events(session, period)
    rows = post_facts.load(session, period.start, period.end, period.as_of, [row.id for row in events])
    items = _items(session, period)
    return PeriodFacts(
        fiscal_year=period.fiscal_year,
        start=period.start,
        end=period.end,
        as_of=period.as_of,
        claimed=_claimed(session, period),
        plans=_plans(session, period),
        plan_items=_plan_items(rows),
        events=tuple(_event(row, period.as_of) for row in events),
        posts=post_facts.posts(session, rows, {row.id: row for row in events}, period.as_of),
        items=tuple(_item(row, asset, media_dir) for row, asset in items),
        link_checks=_link_checks(session, period, [row.id for row, _ in items]),
        term_findings=post_facts.term_findings(rows),
        followers=_followers(session, period),
    )


def _claimed(session: Session, period: Period) -> Decimal | None:
    return session.scalar(
        select(FormImport.claimed)
        .where(FormImport.fiscal_year == period.fiscal_year, FormImport.imported_at <= period.as_of)
        .order_by(FormImport.imported_at.desc())
        .limit(1)
    )


def _plans(session: Session, period: Period) -> tuple[PlanFact, ...]:
    rows = session.scalars(
        select(PlanDocument)
        .where(PlanDocument.fiscal_year == period.fiscal_year, PlanDocument.uploaded_at <= period.as_of)
        .order_by(PlanDocument.id)
    )
    return tuple(
        PlanFact(
            id=row.id,
            fiscal_year=row.fiscal_year,
            title=row.title,
            number=row.number,
            approver=row.approver,
            approved_on=row.approved_on,
            covers=tuple(part for part in row.covers.split(",") if part),
            file_sha256=row.file_sha256,
        )
        for row in rows
    )


def _plan_items(rows: PostRows) -> tuple[PlanItemFact, ...]:
    """Every post with a time is a planned publication: it stands in the plan from the day it was written."""
    return tuple(
        PlanItemFact(
            id=post.id,
            due_at=post.due_at,
            created_at=post.created_at,
            approved=post.id in rows.approved_at,
            post_id=post.id,
            cancelled_at=rows.withdrawn_at.get(post.id),
        )
        for post in rows.posts
        if post.due_at is not None
    )


def _events(session: Session, period: Period) -> list[Event]:
    """Events of the period, and those that posts of the period speak of."""
    spoken_of = select(Post.event_id).where(
        Post.event_id.is_not(None), Post.due_at >= period.start, Post.due_at < period.end
    )
    return list(
        session.scalars(
            select(Event)
            .where(
                Event.created_at <= period.as_of,
                or_(
                    (Event.starts_at >= period.start) & (Event.starts_at < period.end),
                    Event.id.in_(spoken_of),
                ),
            )
            .order_by(Event.starts_at, Event.id)
        )
    )


def _event(row: Event, as_of: datetime) -> EventFact:
    cancelled = row.cancelled_at is not None and row.cancelled_at <= as_of
    undone = row.state is EventState.CANCELLED and not cancelled
    return EventFact(
        id=row.id,
        starts_at=row.starts_at,
        created_at=row.created_at,
        ends_at=row.ends_at,
        all_day=row.all_day,
        state=EventState.SCHEDULED if undone else row.state,
        cancelled_at=row.cancelled_at if cancelled else None,
        public=row.public,
        unplanned=row.unplanned,
        unplanned_reason=row.unplanned_reason,
        place=row.place,
        host=row.host,
        target_group=row.target_group,
    )


def _items(session: Session, period: Period) -> list[tuple[ContentItem, Asset | None]]:
    """Everything stored so far: a form of last year still has to be there this month."""
    rows = session.execute(
        select(ContentItem, Asset)
        .outerjoin(Asset, Asset.id == ContentItem.asset_id)
        .where(ContentItem.created_at <= period.as_of)
        .order_by(ContentItem.id)
    )
    return list(rows)


def _item(row: ContentItem, asset: Asset | None, media_dir: Path) -> ItemFact:
    text = f"{row.title}\n{row.summary}"
    return ItemFact(
        id=row.id,
        category=row.category,
        stored_at=row.created_at,
        agency=row.agency,
        source=row.source,
        item_date=row.item_date,
        rights=row.rights,
        language=row.language,
        sha256=asset.sha256 if asset else hashlib.sha256(text.encode()).hexdigest(),
        mime=asset.mime if asset else "",
        alt_text=row.alt_text,
        link=row.link,
        retrievable=_restorable(asset, media_dir),
        extras=(),
    )


def _restorable(asset: Asset | None, media_dir: Path) -> bool:
    """Take the file out of the store and compare its hash; an item without a file is its row."""
    if asset is None:
        return True
    path = asset_path(media_dir, asset.sha256)
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == asset.sha256


def _link_checks(session: Session, period: Period, items: Iterable[int]) -> tuple[LinkCheckFact, ...]:
    rows = session.scalars(
        select(LinkCheck)
        .where(LinkCheck.item_id.in_(list(items)), LinkCheck.checked_at <= period.as_of)
        .order_by(LinkCheck.checked_at, LinkCheck.id)
    )
    return tuple(
        LinkCheckFact(
            id=row.id,
            item_id=row.item_id,
            checked_at=row.checked_at,
            reached=row.reached,
            http_status=row.http_status,
            size=row.size,
            mime=row.mime,
            sha256=row.sha256,
            opens=row.opens,
        )
        for row in rows
    )


def _followers(session: Session, period: Period) -> tuple[FollowersFact, ...] | None:
    rows = session.execute(
        select(Account.channel, Reading.value)
        .join(Account, Account.id == Reading.account_id)
        .where(
            Reading.delivery_id.is_(None),
            Reading.metric == Metric.FOLLOWERS,
            Reading.state == ReadingState.VALUE,
            Reading.read_at >= period.start,
            Reading.read_at < min(period.end, period.as_of),
        )
        .order_by(Reading.read_at)
    )
    first: dict[Channel, int | None] = {}
    last: dict[Channel, int | None] = {}
    for channel, value in rows:
        first.setdefault(channel, value)
        last[channel] = value
    found = tuple(FollowersFact(channel=one, first=first[one], last=last[one]) for one in sorted(first))
    return found or None
