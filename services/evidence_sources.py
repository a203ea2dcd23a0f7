"""What a month's evidence document is made of: one frozen run and the rows that it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.fiscal import Span, to_be
from core.i18n import text
from core.vocab import Metric
from kpi.criteria import CriteriaSet
from kpi.facts import PeriodFacts
from kpi.findings import Evaluation
from kpi.freeze import facts_from
from models import Delivery, EvaluationRun, Event, EvidenceBundle, Post, Reading, Snapshot
from reports import manifest
from services import metrics
from services.cards import name_of, pictures_of
from services.criteria import criteria_of
from services.indicators import other_files
from services.periods import Period
from services.runtime import Runtime
from services.scoring import official
from services.verification import as_hashed

TH = "th"


@dataclass(frozen=True)
class Sources:
    """What a document is made of, loaded once."""

    facts: PeriodFacts
    result: Evaluation
    criteria: CriteriaSet
    span: Span
    deliveries: tuple[Delivery, ...]
    snapshots: Mapping[int, Snapshot]  # delivery id -> its newest
    events: Mapping[int, Event]
    counts: Mapping[int, Mapping[Metric, Reading]]


def number_of(row: EvidenceBundle) -> str:
    """Return the office's number of a file: `ปชส. 2563-10/1`, `ปชส. 2564 ไตรมาส 1/1` or `ปชส. 2564/1`."""
    span = Span.parse(row.period)
    if span.is_year:
        return text("evidence.number_year", TH, year=span.fiscal_year, version=row.version)
    if span.quarter:
        return text(
            "evidence.number_quarter", TH, year=span.fiscal_year, number=span.quarter, version=row.version
        )
    (month,) = span.months
    return text(
        "evidence.number", TH, year=to_be(month.year), month=f"{month.month:02d}", version=row.version
    )


def load_sources(session: Session, run: EvaluationRun, span: Span) -> Sources:
    """Load everything a document speaks of, in a fixed number of queries."""
    facts = facts_from(run.facts)
    ids = [one.id for post in facts.posts or () for one in post.deliveries]
    deliveries = session.scalars(
        select(Delivery)
        .where(Delivery.id.in_(ids))
        .options(joinedload(Delivery.post).selectinload(Post.categories), joinedload(Delivery.account))
        .order_by(Delivery.published_at, Delivery.id)
    ).all()
    snapshots = session.scalars(select(Snapshot).where(Snapshot.delivery_id.in_(ids)).order_by(Snapshot.id))
    return Sources(
        facts=facts,
        result=official(session, run),
        criteria=criteria_of(session, run.criteria_digest),
        span=span,
        deliveries=tuple(row for row in deliveries if _of_month(row, facts)),
        snapshots={row.delivery_id: row for row in snapshots},
        events=load_events(session, facts),
        counts=metrics.latest(session, ids, run.as_of),
    )


def load_events(session: Session, facts: PeriodFacts) -> dict[int, Event]:
    """Return the events that frozen facts speak of, by id; one query."""
    ids = [event.id for event in facts.events or ()]
    return {row.id: row for row in session.scalars(select(Event).where(Event.id.in_(ids)))}


def _of_month(row: Delivery, facts: PeriodFacts) -> bool:
    return facts.holds(row.published_at or row.due_at)


def raw_files(session: Session, rt: Runtime, the_run: EvaluationRun) -> dict[str, bytes]:
    """Return what lets a reviewer compute again: facts, evaluation, posts as read back and as pictures."""
    files = {
        "facts.json": manifest.canonical(the_run.facts),
        "evaluation.json": manifest.canonical(the_run.result),
    }
    ids = [one["id"] for post in the_run.facts["posts"] or () for one in post["deliveries"]]
    rows = session.scalars(select(Snapshot).where(Snapshot.delivery_id.in_(ids)).order_by(Snapshot.id)).all()
    files |= {f"posts/{name_of(row)}.json": as_hashed(row.raw) for row in rows}
    newest = {row.delivery_id: row for row in rows}
    period = Period(the_run.fiscal_year, the_run.period_start, the_run.period_end, the_run.as_of)
    return files | pictures_of(session, rt, list(newest.values())) | other_files(session, rt, period)
