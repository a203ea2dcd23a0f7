"""What stood in the way of a period, counted from the books; and the evidence files that there are of it."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.fiscal import Span
from core.i18n import text
from core.vocab import AlertKind, BundleState, DeliveryState, EventState
from models import Alert, Delivery, Event, EvidenceBundle
from services.evidence_sources import TH, number_of

LOST = (DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.NEEDS_HUMAN)
MONTH_NAME = 7  # letters of 2020-10


def obstacles_of(session: Session, span: Span) -> Iterable[str]:
    """Yield one sentence for each kind of trouble that the books know of; nothing is made up."""
    lost = session.execute(
        select(Delivery.state, func.count().label("count"))
        .where(Delivery.due_at >= span.start(), Delivery.due_at < span.end(), Delivery.state.in_(LOST))
        .where(Delivery.part == 1)
        .group_by(Delivery.state)
    ).all()
    counted = {row.state: row.count for row in lost}
    for state in LOST:
        if counted.get(state):
            yield text(f"year_form.trouble_{state}", TH, n=counted[state])
    yield from _alerts(session, span)
    cancelled = session.scalar(
        select(func.count())
        .select_from(Event)
        .where(
            Event.starts_at >= span.start(),
            Event.starts_at < span.end(),
            Event.state.in_((EventState.CANCELLED, EventState.POSTPONED)),
        )
    )
    if cancelled:
        yield text("year_form.trouble_events", TH, n=cancelled)


def proofs_of(session: Session, span: Span) -> Iterable[str]:
    """Yield the newest ready evidence file of each month, with the hash of its manifest."""
    rows = session.scalars(
        select(EvidenceBundle)
        .where(EvidenceBundle.fiscal_year == span.fiscal_year, EvidenceBundle.state == BundleState.READY)
        .where(func.length(EvidenceBundle.period) == MONTH_NAME)
        .order_by(EvidenceBundle.period, EvidenceBundle.version)
    )
    newest = {row.period: row for row in rows if len(Span.parse(row.period).months) == 1}
    for row in newest.values():
        yield text("year_form.proof", TH, number=number_of(row), digest=row.manifest_sha256)


def _alerts(session: Session, span: Span) -> Iterable[str]:
    kinds = session.scalars(
        select(Alert.kind).where(Alert.opened_at >= span.start(), Alert.opened_at < span.end())
    )
    counted = Counter(kinds)
    for kind in (AlertKind.ACCOUNT, AlertKind.SILENT, AlertKind.CLOCK, AlertKind.RESTORED):
        if counted[kind]:
            yield text(f"year_form.alert_{kind}", TH, n=counted[kind])
