"""What 3d2 was before: figures read by hand, of the three months before the year or of its first one.

Nothing is stored: the figures are the first ones entered, the posts' as they stood when the last of these
came, and both are kept in rows that are only ever added. So the answer never changes once there is one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import itemgetter
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.fiscal import Month, months_of
from kpi.facts import PeriodFacts
from kpi.memory import memory_rate
from kpi.office_facts import MemoryBaselineFact
from models import MonthCount
from services import post_facts
from services.baselines import before, floor
from services.month_counts import NAMES

Counts = Mapping[str, MonthCount]


def with_memory(session: Session, facts: PeriodFacts) -> PeriodFacts:
    """Return the facts with the baseline of 3d2, where everything else that 3d2 needs is there."""
    if facts.survey is None or facts.saves is None or facts.hashtag_uses is None:
        return facts
    return replace(facts, memory_baseline=memory_baseline(session, facts.fiscal_year, facts.as_of))


def memory_baseline(session: Session, year: int, as_of: datetime) -> MemoryBaselineFact | None:
    """Return the median of July, August and September, else the first month of the year with both figures."""
    counts = _first_counts(session, [*before(months_of(year)[0]), *months_of(year)], as_of)
    for moment, months in sorted(_stretches(year, counts), key=itemgetter(0)):
        if moment > as_of:
            break
        rates = [memory_rate(_facts(session, one, counts[one], moment)) for one in months]
        known = [rate for rate in rates if rate is not None]
        if len(known) == len(months):
            last = bangkok(months[-1].end() - timedelta(seconds=1)).date()
            rate = floor(median(known))
            return MemoryBaselineFact(
                first_day=months[0].first_day(), last_day=last, three_months=len(months) > 1, rate=rate
            )
    return None


def _stretches(year: int, counts: Mapping[Month, Counts]) -> Iterator[tuple[datetime, Sequence[Month]]]:
    """Yield what could be compared with, each with the moment from which it was known."""
    three = before(months_of(year)[0])
    for months in (three, *([one] for one in months_of(year))):
        if all(len(counts.get(one, {})) == len(NAMES) for one in months):
            entered = [row.recorded_at for one in months for row in counts[one].values()]
            yield max(*entered, months[-1].end()), months


def _first_counts(
    session: Session, months: Sequence[Month], as_of: datetime
) -> dict[Month, dict[str, MonthCount]]:
    first = (
        select(func.min(MonthCount.id))
        .where(MonthCount.month.in_([str(one) for one in months]), MonthCount.recorded_at <= as_of)
        .group_by(MonthCount.month, MonthCount.name)
    )
    found: dict[Month, dict[str, MonthCount]] = {}
    for row in session.scalars(select(MonthCount).where(MonthCount.id.in_(first))):
        found.setdefault(Month.parse(row.month), {})[row.name] = row
    return found


def _facts(session: Session, month: Month, counts: Counts, moment: datetime) -> PeriodFacts:
    rows = post_facts.load(session, month.start(), month.end(), moment, [])
    return PeriodFacts(
        fiscal_year=0, start=month.start(), end=month.end(), as_of=moment,
        posts=post_facts.posts(session, rows, {}, moment),
        saves=counts["saves"].value, hashtag_uses=counts["hashtag_uses"].value,
    )  # fmt: skip
