"""The month closes itself: what is still unproved is told in its last days, on the 1st its file is made.

Reminders come 5 and 2 working days before the month's last day and 1 after it (domain.md section 3.3).
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from core.clock import bangkok
from core.fiscal import Month, Span
from core.lifecycle import LIVE
from core.vocab import AlertKind, BundleState, DeliveryState, Verdict
from kpi.criteria import Words
from kpi.evaluate import evaluate
from kpi.words import say
from models import Alert, Delivery, EvidenceBundle, Snapshot
from services.alerts import end_alert, raise_alert
from services.criteria import criteria_of, in_force
from services.evidence import request_bundle
from services.evidence_narrative import last_day
from services.facts import gather
from services.holidays import list_holidays, working_day_after, working_day_before
from services.runtime import Runtime
from services.scoring import period_of

log = structlog.get_logger()

FROM_DAY = 25  # of the month: from then on the page lists what is missing
BEFORE, AFTER = (5, 2), 1  # working days
UNPROVED = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.NO_DATA)
UNDECIDED = (DeliveryState.UNCERTAIN, DeliveryState.NEEDS_HUMAN)
SCORED = 3  # the form defines levels 1 to 3


@dataclass(frozen=True)
class Unproved:
    """One check that the month does not yet pass, and why in words of a language."""

    level: int
    check: str
    title: str
    verdict: Verdict
    why: tuple[str, ...]


@dataclass(frozen=True)
class Closing:
    """What a month lacks before its file is made: checks, undecided sends, posts nobody read back."""

    month: Month
    unproved: Sequence[Unproved]
    undecided: Sequence[Delivery]
    unread: Sequence[Delivery]

    @property
    def count(self) -> int:
        return len(self.unproved) + len(self.undecided) + len(self.unread)


def missing_proofs(session: Session, month: Month, now: datetime, media: Path, language: str) -> Closing:
    """Return what a month lacks as of now; evaluates it and keeps nothing."""
    period = period_of(str(month), now)
    judged_by = in_force(session, period.start, "", period.fiscal_year)
    criteria = criteria_of(session, judged_by.digest)
    result = evaluate(criteria, gather(session, period, media))
    titles: dict[str, Words] = {one.id: one.title for level in criteria.levels for one in level.criteria}
    titles |= {one.id: one.title for level in criteria.levels for one in level.attestations}
    unproved = [
        Unproved(
            level.n, one.id, getattr(titles[one.id], language), one.verdict,
            tuple(say({"code": note.code, "params": note.params}, language) for note in one.notes),
        )
        for level in result.levels
        if level.n <= SCORED
        for one in level.findings
        if one.verdict in UNPROVED
    ]  # fmt: skip
    mine = select(Delivery).where(Delivery.due_at >= month.start(), Delivery.due_at < month.end())
    mine = mine.options(selectinload(Delivery.post), selectinload(Delivery.account)).order_by(Delivery.due_at)
    seen = exists().where(Snapshot.delivery_id == Delivery.id)
    return Closing(
        month, unproved, session.scalars(mine.where(Delivery.state.in_(UNDECIDED))).all(),
        session.scalars(mine.where(Delivery.state.in_(LIVE), ~seen)).all(),
    )  # fmt: skip


def month_to_close(today: date) -> Month:
    """Return the month that somebody closes now: this one from its 25th day on, the last one before."""
    this = Month.of(today)
    return this if today.day >= FROM_DAY else Month.of(this.first_day() - timedelta(days=1))


def close_months(rt: Runtime) -> EvidenceBundle | None:
    """Ask for last month's file once it is over; remind while a month is about to end. Any day, any hour."""
    now = rt.clock.now()
    today = bangkok(now).date()
    this = Month.of(today)
    last = Month.of(this.first_day() - timedelta(days=1))
    with rt.sessions.begin() as session:
        for month in (last, this):
            _remind(session, month, today, now)
        made = session.scalar(select(exists().where(EvidenceBundle.period == str(last))))
        if made or not _in_use(session, last):
            return None
        log.info("month.closing", month=str(last))
        return request_bundle(session, Span.parse(str(last)), None, now)


def reminder_days(month: Month, holidays: Container[date]) -> tuple[date, ...]:
    """Return the days on which somebody is reminded: 5 and 2 working days before the end, 1 after it."""
    end = last_day(month)
    days = []
    for count in BEFORE:
        day = end
        for _ in range(count):
            day = working_day_before(day, holidays)
        days.append(day)
    return (*days, working_day_after(end, holidays))


def _remind(session: Session, month: Month, today: date, now: datetime) -> None:
    """Open an alert on each reminder day, at most one a stage, until the month has its file."""
    subject = month.year * 100 + month.month
    ready = EvidenceBundle.period == str(month), EvidenceBundle.state == BundleState.READY
    if session.scalar(select(exists().where(*ready))):
        end_alert(session, AlertKind.CLOSING, subject, now)
        return
    holidays = list_holidays(session, month.first_day(), month.next().next().first_day())
    reached = [day for day in reminder_days(month, holidays) if day <= today]
    told = session.scalars(
        select(Alert.opened_at).where(Alert.kind == AlertKind.CLOSING, Alert.subject_id == subject)
    ).all()
    if reached and _in_use(session, month) and not any(bangkok(at).date() >= reached[-1] for at in told):
        end_alert(session, AlertKind.CLOSING, subject, now)
        raise_alert(session, AlertKind.CLOSING, subject, now, "")


def _in_use(session: Session, month: Month) -> bool:
    """Say whether anything was due in a month: an office that had not begun gets no empty files."""
    due = Delivery.due_at >= month.start(), Delivery.due_at < month.end()
    return bool(session.scalar(select(exists().where(*due))))
