"""What the figures were before: the three months before the year, else the first 28 days; frozen once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.fiscal import Month, day_start, months_of
from core.vocab import ReadingState
from kpi.audience import engagement_of, seen
from kpi.facts import DeliveryFact
from kpi.office_facts import BaselineFact
from models import Baseline, Reading
from services import post_facts

FIRST_DAYS = timedelta(days=28)
BEFORE = 3
PLACES = Decimal("0.0000000001")


@dataclass(frozen=True)
class Stretch:
    """What one stretch of days showed: reach and the median engagement rate of its posts."""

    days: int
    reach: int
    rates: Sequence[Fraction]


def baseline_of(session: Session, year: int, as_of: datetime) -> BaselineFact | None:
    """Return the frozen baseline of a fiscal year; freezes it the first time it can be known."""
    row = session.scalar(select(Baseline).where(Baseline.fiscal_year == year))
    if row is None:
        row = _three_months(session, year, as_of) or _first_days(session, year, as_of)
        if row is None:
            return None
        session.add(row)
        session.flush()
    return _fact(row) if row.frozen_at <= as_of else None


def _fact(row: Baseline) -> BaselineFact:
    rate = row.figures["engagement_rate"]
    return BaselineFact(
        first_day=row.first_day, last_day=row.last_day, three_months=row.kind == "three_months",
        reach=row.figures["reach"], reach_days=row.figures["reach_days"],
        engagement_rate=None if rate is None else Decimal(rate),
    )  # fmt: skip


def _three_months(session: Session, year: int, as_of: datetime) -> Baseline | None:
    """Return the median of July, August and September, if each of them has figures."""
    months = before(months_of(year)[0])
    if months[-1].end() > as_of:
        return None
    live = _live(session, months[0].start(), months[-1].end(), as_of)
    found = [_stretch(live, one.start(), one.end()) for one in months]
    if not all(one.reach for one in found):
        return None
    middle = sorted(found, key=lambda one: Fraction(one.reach, one.days))[1]
    rates = [median(one.rates) for one in found if one.rates]
    last = bangkok(months[-1].end() - timedelta(seconds=1)).date()
    return _row(year, "three_months", (months[0].first_day(), last), _figures(middle, rates), as_of)


def before(first: Month) -> list[Month]:
    """Return the three months before a year's first."""
    return [Month(first.year, first.month - back) for back in range(BEFORE, 0, -1)]


def _first_days(session: Session, year: int, as_of: datetime) -> Baseline | None:
    """Return the first 28 days of collecting, once they are over."""
    begun = session.scalar(select(func.min(Reading.read_at)).where(Reading.delivery_id.is_not(None)))
    if begun is None:
        return None
    start = day_start(bangkok(begun).date())
    end = start + FIRST_DAYS
    if end > as_of:
        return None
    found = _stretch(_live(session, start, end, as_of), start, end)
    if not found.reach:
        return None
    days = (bangkok(start).date(), bangkok(end).date() - timedelta(days=1))
    return _row(year, "first_28_days", days, _figures(found, list(found.rates)), as_of)


def _live(session: Session, start: datetime, end: datetime, as_of: datetime) -> list[DeliveryFact]:
    has_any = select(Reading.id).where(
        Reading.delivery_id.is_not(None), Reading.state == ReadingState.VALUE, Reading.read_at <= as_of
    )
    if session.scalar(has_any.limit(1)) is None:
        return []
    rows = post_facts.load(session, start, end, as_of, [])
    facts = post_facts.posts(session, rows, {}, as_of)
    return [one for post in facts for one in post.deliveries]


def _stretch(live: Sequence[DeliveryFact], start: datetime, end: datetime) -> Stretch:
    mine = [one for one in live if one.published_at and start <= one.published_at < end]
    return Stretch(
        days=(end - start).days,
        reach=sum(seen(one) or 0 for one in mine),
        rates=[rate for one in mine if (rate := engagement_of(one)) is not None],
    )


def _figures(reach_of: Stretch, rates: Sequence[Fraction]) -> dict[str, Any]:
    return {
        "reach": reach_of.reach, "reach_days": reach_of.days,
        "engagement_rate": str(floor(median(rates))) if rates else None,
    }  # fmt: skip


def floor(rate: Fraction) -> Decimal:
    """Keep ten places, rounded down: a rate must never fall short of a baseline that is the same rate."""
    return (Decimal(rate.numerator) / Decimal(rate.denominator)).quantize(PLACES, rounding=ROUND_FLOOR)


def _row(
    year: int, kind: str, days: tuple[date, date], figures: dict[str, Any], frozen_at: datetime
) -> Baseline:
    return Baseline(
        fiscal_year=year, kind=kind, first_day=days[0], last_day=days[1], figures=figures, frozen_at=frozen_at
    )
