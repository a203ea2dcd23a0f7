"""Composing the month's evidence document from a frozen run: every figure stands in the run, none is new."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core.fiscal import Span
from core.i18n import text
from core.lifecycle import LIVE
from core.vocab import Channel, Metric, ReadingState, Verdict
from kpi.facts import PeriodFacts
from kpi.findings import Evaluation, Finding
from kpi.leads import planned
from kpi.words import say_headline
from models import (
    Delivery,
    EvaluationRun,
    Event,
    EvidenceBundle,
    Person,
)
from reports.document import (
    Cover,
    EventRow,
    EvidenceDocument,
    Item,
    MetricRow,
    NarrativeLine,
    Previous,
    Score,
)
from reports.frozen import to_dict
from services.cards import name_of
from services.evidence_checks import level_of, unit_of
from services.evidence_narrative import MIN_LEAD, generated, irregularities, said
from services.evidence_signatures import attested, paper_signatures, signed_rows
from services.evidence_sources import TH, Sources, load_sources, number_of
from services.report_lines import claimed_lines

COUNTED = (Metric.REACH, Metric.IMPRESSIONS, Metric.REACTIONS, Metric.COMMENTS, Metric.SHARES, Metric.CLICKS)


def compose(
    session: Session, row: EvidenceBundle, run: EvaluationRun, previous: EvidenceBundle | None, now: datetime
) -> dict[str, Any]:
    """Return the frozen document of a month or quarter, worded in Thai, as JSON values."""
    sources = load_sources(session, run, Span.parse(row.period))
    maker = session.get(Person, row.requested_by) if row.requested_by else None
    signed = signed_rows(session, sources.span, now)
    document = EvidenceDocument(
        cover=_cover(row, run, sources, maker, now),
        score=_score(sources.result),
        items=tuple(_items(sources)),
        events=tuple(events_of(sources.facts, sources.events)),
        metrics=tuple(_metrics(sources)),
        levels=tuple(level_of(level, sources.criteria) for level in sources.result.levels),
        irregularities=tuple(irregularities(sources)),
        narrative=(*_claimed(session, sources.span), generated(sources, row)),
        attested=attested(signed, sources.span, sources.criteria, now),
        signatures=paper_signatures(maker, signed, sources.span),
        previous=Previous(number=number_of(previous), manifest_sha256=previous.manifest_sha256)
        if previous
        else None,
    )
    return to_dict(document)


def _cover(
    row: EvidenceBundle, run: EvaluationRun, sources: Sources, maker: Person | None, now: datetime
) -> Cover:
    return Cover(
        office=text("evidence.office", TH),
        indicator=sources.criteria.indicator.name.th,
        fiscal_year=run.fiscal_year,
        month=sources.span.months[-1],
        quarter=sources.span.quarter,
        number=number_of(row),
        version=row.version,
        criteria=f"{sources.criteria.fiscal_year} {sources.criteria.version}",
        criteria_digest=run.criteria_digest,
        as_of=run.as_of,
        made_at=now,
        made_by=maker.name if maker else "",
        reason=row.reason,
    )


def _claimed(session: Session, span: Span) -> Iterable[NarrativeLine]:
    """Yield what the office itself says of the span's months: it stands beside what the file generates."""
    for one in claimed_lines(session, span):
        yield NarrativeLine(on=one.on, text=one.text, source=one.source)


def _score(result: Evaluation) -> Score:
    return Score(
        claimed=result.claimed,
        evidenced=result.score,
        target=result.target,
        headline=say_headline({"headline": result.headline, "headline_params": result.headline_params}, TH),
        progress=" · ".join(
            text("evidence.progress", TH, level=level.n, passed=level.passed, total=level.total)
            for level in result.levels
            if level.total
        ),
    )


def _items(sources: Sources) -> Iterable[Item]:
    for row in sources.deliveries:
        if row.state not in LIVE:
            continue
        snapshot = sources.snapshots.get(row.id)
        yield Item(
            title=row.post.title,
            categories=tuple(sorted(tag.category for tag in row.post.categories)),
            channel=row.account.channel,
            published_at=row.published_at,
            link=row.permalink or "",
            reference=f"D{row.id}",
            sha256=snapshot.sha256 if snapshot else "",
            picture=f"posts/{name_of(snapshot)}.png" if snapshot else "",
            note="" if snapshot else text("evidence.not_read_back", TH),
        )


def events_of(facts: PeriodFacts, events: Mapping[int, Event]) -> Iterable[EventRow]:
    """Yield each event of the period beside the first announcement that counts for it."""
    told, left_out = planned(facts, MIN_LEAD)
    for one in told:
        enough = one.lead >= MIN_LEAD
        verdict = Verdict.PASS if enough else Verdict.UNKNOWN if one.hoped >= MIN_LEAD else Verdict.FAIL
        yield EventRow(
            title=events[one.event.id].title,
            starts_at=one.start,
            announced_at=one.start - one.lead if one.lead else None,
            verdict=verdict,
            note=text("evidence.late_notice", TH) if one.late_notice else "",
        )
    for proof in left_out:
        event = events[proof.id or 0]
        yield EventRow(
            title=event.title, starts_at=event.starts_at, announced_at=None, verdict=Verdict.UNDEFINED,
            note=said(proof.code, proof.params),
        )  # fmt: skip


def _metrics(sources: Sources) -> Iterable[MetricRow]:
    live = [row for row in sources.deliveries if row.state in LIVE]
    for channel in Channel:
        mine = [row for row in live if row.account.channel is channel]
        yield MetricRow(
            name=text("evidence.posts_live", TH),
            value=None if sources.facts.posts is None else Decimal(len(mine)),
            unit=text("evidence.unit_post", TH),
            definition=text("evidence.posts_live_meaning", TH), channel=channel, as_of=sources.facts.as_of,
        )  # fmt: skip
        for metric in COUNTED:
            yield _sum(metric, channel, mine, sources)
    for level in sources.result.levels:
        for finding in level.findings:
            if level.n == 3 and finding.denominator is not None:  # noqa: PLR2004 -- the measures are level 3's
                yield _measure(finding, sources)


def _sum(metric: Metric, channel: Channel, rows: list[Delivery], sources: Sources) -> MetricRow:
    """Add up one figure over the month's posts; no reading at all is no data, never zero."""
    readings = [sources.counts.get(row.id, {}).get(metric) for row in rows]
    values = [
        one.value for one in readings if one and one.state is ReadingState.VALUE and one.value is not None
    ]
    names = Counter(one.source for one in readings if one)
    return MetricRow(
        name=text(f"metric.{metric}", TH),
        value=Decimal(sum(values)) if values else None,
        unit=text("evidence.unit_times", TH),
        definition=text(f"evidence.meaning.{metric}", TH),
        channel=channel,
        source=", ".join(sorted(names)),
        base=text("evidence.base", TH, n=len(values), total=len(rows)),
        as_of=max((one.read_at for one in readings if one), default=None),
    )


def _measure(finding: Finding, sources: Sources) -> MetricRow:
    criterion = next(one for one in sources.criteria.criteria if one.id == finding.id)
    small = f" ({text('evidence.small_base', TH)})" if finding.small_base else ""
    return MetricRow(
        name=f"{finding.id} {criterion.title.th}",
        value=finding.value,
        unit=unit_of(finding.unit),
        definition=criterion.formula.th,
        source=text("evidence.own_count", TH),
        base=f"{finding.numerator}/{finding.denominator}{small}",
        as_of=sources.facts.as_of,
    )
