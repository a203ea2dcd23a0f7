"""The facts of a period, frozen from the database as they stood at one moment, for kpi/."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.vocab import Channel, EventState, Metric, ReadingState
from kpi.audience import seen
from kpi.facts import EventFact, PeriodFacts, PlanFact, PlanItemFact
from kpi.live import Standing, sent, standing
from kpi.office_facts import FollowersFact
from language.reference import Kind, shipped
from models import (
    Account,
    Event,
    FormImport,
    PlanDocument,
    Post,
    Reading,
)
from services import baselines, item_facts, office_facts, post_facts
from services.memory_baselines import with_memory
from services.periods import Period
from services.post_facts import PostRows


def gather(session: Session, period: Period, media_dir: Path) -> PeriodFacts:
    """Return all that is known of a period; queries grow with the kinds of facts, not with the posts."""
    events = _events(session, period)
    rows = post_facts.load(session, period.start, period.end, period.as_of, [row.id for row in events])
    items = item_facts.load(session, period)
    plans = _plans(session, period)
    facts = PeriodFacts(
        fiscal_year=period.fiscal_year,
        start=period.start,
        end=period.end,
        as_of=period.as_of,
        claimed=_claimed(session, period),
        plans=plans,
        plan_items=_plan_items(rows, plans),
        events=tuple(_event(row, period.as_of) for row in events),
        posts=post_facts.posts(session, rows, {row.id: row for row in events}, period.as_of),
        items=item_facts.items(items, period, media_dir),
        link_checks=item_facts.link_checks(items),
        term_findings=post_facts.term_findings(rows),
        agencies=agencies(bangkok(period.until).date()),
        followers=_followers(session, period),
        baseline=baselines.baseline_of(session, period.fiscal_year, period.as_of),
    )
    return with_memory(session, office_facts.with_office(session, period, _with_reach(facts)))


def _with_reach(facts: PeriodFacts) -> PeriodFacts:
    """Sum the reach of the period's posts; None if nobody could read any of it."""
    live = [one for _, one in sent(facts) if standing(one) is Standing.LIVE]
    figures = [seen(one) for one in live]
    known = [figure for figure in figures if figure is not None]
    return replace(facts, reach=sum(known) if known else None, reach_unread=len(figures) - len(known))


def agencies(on: date) -> tuple[str, ...]:
    """Return the names of the departments that exist on a day."""
    entries = shipped(Kind.AGENCY).values()
    return tuple(
        one.name
        for one in entries
        if one.holds(on) and one.name.startswith("สำนัก") and not one.name.startswith("สำนักงาน")
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


def _plan_items(rows: PostRows, plans: tuple[PlanFact, ...]) -> tuple[PlanItemFact, ...]:
    """Every post with a time is a planned publication: it stands in the plan from the day it was written."""
    return tuple(
        PlanItemFact(
            id=post.id,
            due_at=post.due_at,
            created_at=post.created_at,
            approved=post_facts.approval_of(rows, post) is not None,
            plan_id=_plan_of(post, rows, plans),
            post_id=post.id,
            cancelled_at=rows.withdrawn_at.get(post.id),
        )
        for post in rows.posts
        if post.due_at is not None
    )


def _plan_of(post: Post, rows: PostRows, plans: tuple[PlanFact, ...]) -> int | None:
    """Return the plan document a post traces to: approved by its day, and covering why it is written.

    A post of an event traces through the plan's calendar, one with a message pillar through its pillars.
    """
    mark = rows.marks.get(post.id)
    why = ({"calendar"} if post.event_id else set()) | ({"pillars"} if mark and mark.pillars else set())
    day = bangkok(post.due_at).date() if post.due_at else None
    covering = [
        one for one in plans if day and one.approved_on and one.approved_on <= day and why & set(one.covers)
    ]
    return covering[-1].id if covering else None


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
        flagship=row.flagship,
        unplanned=row.unplanned,
        unplanned_reason=row.unplanned_reason,
        place=row.place,
        host=row.host,
        target_group=row.target_group,
    )


def _followers(session: Session, period: Period) -> tuple[FollowersFact, ...] | None:
    rows = session.execute(
        select(Account.channel, Reading.value, Reading.read_at)
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
    read: dict[Channel, list[tuple[int | None, datetime]]] = defaultdict(list)
    for channel, value, at in rows:
        read[channel].append((value, at))
    found = tuple(
        FollowersFact(
            channel=channel, first=known[0][0], last=known[-1][0], first_at=known[0][1], last_at=known[-1][1]
        )
        for channel, known in sorted(read.items())
    )
    return found or None
