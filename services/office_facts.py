"""The facts beside the posts, as they stood at a moment: what people noted, answered, asked and signed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.fiscal import day_start, to_ce
from core.vocab import CommentState
from kpi.facts import AttestationFact, PeriodFacts
from kpi.office_facts import (
    CorrectionFact,
    ImprovementFact,
    ProfileCheckFact,
    ReportFact,
    ResponseFact,
    SurveyFact,
)
from models import (
    Attestation,
    Comment,
    CommentLook,
    Correction,
    ExecutiveReport,
    Holiday,
    Improvement,
    MonthCount,
    NoCorrection,
    ProfileCheck,
    Survey,
)
from services.periods import Period

SILENT = (CommentState.GONE, CommentState.HIDDEN, CommentState.NO_ANSWER)
QUARTERS, YEAR = 4, 12


def with_office(session: Session, period: Period, facts: PeriodFacts) -> PeriodFacts:
    """Return the facts with all that this module knows."""
    listed, whole = corrections(session, period)
    counts = month_counts(session, period)
    return replace(
        facts,
        improvements=improvements(session, period),
        profile_checks=profile_checks(session, period),
        corrections=listed,
        corrections_whole=whole,
        survey=survey(session, period),
        reports=reports(session, period),
        holidays=holidays(session, period),
        responses=responses(session, period),
        attestations=attestations(session, period),
        saves=counts["saves"],
        hashtag_uses=counts["hashtag_uses"],
    )


def improvements(session: Session, period: Period) -> tuple[ImprovementFact, ...] | None:
    """Return the log of improvements; None as long as nobody keeps one."""
    rows = session.scalars(
        select(Improvement).where(Improvement.recorded_at <= period.as_of).order_by(Improvement.id)
    ).all()
    return tuple(_improvement(row, period.as_of) for row in rows) or None


def _improvement(row: Improvement, as_of: datetime) -> ImprovementFact:
    known = row.after_at is not None and row.after_at <= as_of
    return ImprovementFact(
        id=row.id, at=day_start(row.changed_on), baseline=row.baseline, finding=row.criterion,
        after=row.after if known else None, better=row.better if known else None,
    )  # fmt: skip


def profile_checks(session: Session, period: Period) -> tuple[ProfileCheckFact, ...] | None:
    """Return the looks at the channels' profiles in the period; None if nobody looked."""
    rows = session.scalars(
        select(ProfileCheck)
        .where(ProfileCheck.checked_at >= period.start, ProfileCheck.checked_at <= period.until)
        .order_by(ProfileCheck.id)
    )
    return (
        tuple(
            ProfileCheckFact(
                id=row.id, channel=row.channel, point=row.point, ok=row.ok, checked_at=row.checked_at
            )
            for row in rows
        )
        or None
    )


def corrections(session: Session, period: Period) -> tuple[tuple[CorrectionFact, ...] | None, bool]:
    """Return the corrections recorded, and whether somebody said of each month over that these are all.

    None: nothing recorded and nothing said, which is no knowledge.
    """
    rows = session.scalars(
        select(Correction)
        .where(Correction.recorded_at <= period.as_of, Correction.noticed_at >= period.start)
        .order_by(Correction.id)
    ).all()
    over = {str(one) for one in period.months if one.end() <= period.as_of}
    said = set(
        session.scalars(
            select(NoCorrection.month).where(
                NoCorrection.month.in_(over), NoCorrection.said_at <= period.as_of
            )
        )
    )
    whole = bool(over) and over <= said
    found = tuple(CorrectionFact(id=row.id, post_id=row.post_id, minutes=_minutes(row)) for row in rows)
    return (found if found or whole else None), whole


def _minutes(row: Correction) -> int | None:
    if row.corrected_at is None:
        return None
    return int((row.corrected_at - row.noticed_at).total_seconds() // 60)


def survey(session: Session, period: Period) -> SurveyFact | None:
    """Return the last survey whose field work ended in the period."""
    row = session.scalars(
        select(Survey)
        .where(
            Survey.fielded_until >= bangkok(period.start).date(),
            Survey.fielded_until < bangkok(period.end).date(),
            Survey.recorded_at <= period.as_of,
        )
        .order_by(Survey.fielded_until.desc(), Survey.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return SurveyFact(
        id=row.id, respondents=row.respondents, recalling=row.recalling, file_sha256=row.file_sha256,
        method=row.method, fielded_until=row.fielded_until, reported_on=row.reported_on,
    )  # fmt: skip


def reports(session: Session, period: Period) -> tuple[ReportFact, ...] | None:
    """Return the reports that executives acknowledged; None as long as none was ever filed."""
    rows = session.scalars(
        select(ExecutiveReport)
        .where(ExecutiveReport.recorded_at <= period.as_of)
        .order_by(ExecutiveReport.id)
    )
    found = [
        ReportFact(id=row.id, acknowledged_on=row.acknowledged_on, file_sha256=row.file_sha256)
        for row in rows
    ]
    return tuple(found) or None


def month_counts(session: Session, period: Period) -> dict[str, int | None]:
    """Return each figure read by hand over all months that have begun; None while a month lacks it."""
    begun = [str(one) for one in period.months if one.start() < period.until]
    newest = (
        select(func.max(MonthCount.id))
        .where(MonthCount.month.in_(begun), MonthCount.recorded_at <= period.as_of)
        .group_by(MonthCount.month, MonthCount.name)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in session.scalars(select(MonthCount).where(MonthCount.id.in_(newest))):
        found[row.name][row.month] = row.value
    return {
        name: sum(found[name].values()) if begun and set(begun) <= set(found[name]) else None
        for name in ("saves", "hashtag_uses")
    }


def holidays(session: Session, period: Period) -> tuple[date, ...] | None:
    """Return the fiscal year's holidays; None if nobody entered them."""
    first, last = date(to_ce(period.fiscal_year) - 1, 10, 1), date(to_ce(period.fiscal_year), 9, 30)
    rows = session.scalars(select(Holiday.day).where(Holiday.day.between(first, last)).order_by(Holiday.day))
    return tuple(rows) or None


def responses(session: Session, period: Period) -> tuple[ResponseFact, ...] | None:
    """Return the comments of the period that wanted an answer; None while nobody reads comments."""
    if (
        session.scalar(select(CommentLook.delivery_id).where(CommentLook.read_at.is_not(None)).limit(1))
        is None
    ):
        return None
    rows = session.scalars(
        select(Comment)
        .where(
            Comment.written_at >= period.start, Comment.written_at < period.until,
            Comment.state.not_in(SILENT),
        )
        .order_by(Comment.id)
    )  # fmt: skip
    return tuple(
        ResponseFact(
            id=row.id, asked_at=row.written_at,
            answered_at=row.answered_at if row.answered_at and row.answered_at <= period.as_of else None,
        )
        for row in rows
    )  # fmt: skip


def attestations(session: Session, period: Period) -> tuple[AttestationFact, ...]:
    """Return the words signed for exactly this period; for a year, what all its four quarters signed.

    The signature on a run's result is no such word: it locks, and decides nothing.
    """
    rows = session.scalars(
        select(Attestation)
        .where(
            Attestation.fiscal_year == period.fiscal_year, Attestation.signed_at <= period.as_of,
            Attestation.run_id.is_(None),
            Attestation.period_start >= period.start, Attestation.period_end <= period.end,
        )
        .order_by(Attestation.id)
    ).all()  # fmt: skip
    mine = [row for row in rows if (row.period_start, row.period_end) == (period.start, period.end)]
    if mine or len(period.months) < YEAR:
        return tuple(
            AttestationFact(id=row.id, code=row.code, confirmed=row.confirmed, signed_at=row.signed_at)
            for row in mine
        )
    return _of_all_quarters(rows)


def _of_all_quarters(rows: Sequence[Attestation]) -> tuple[AttestationFact, ...]:
    last: dict[str, dict[datetime, Attestation]] = defaultdict(dict)
    for row in rows:
        last[row.code][row.period_start] = row
    return tuple(
        AttestationFact(
            id=max(one.id for one in signed.values()), code=code,
            confirmed=all(one.confirmed for one in signed.values()),
            signed_at=max(one.signed_at for one in signed.values()),
        )
        for code, signed in last.items()
        if len(signed) == QUARTERS
    )  # fmt: skip
