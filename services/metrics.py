"""Counts as they stand: read in batches, by age of post, appended and never corrected."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.base import Access, Figure, PlatformTrouble
from core.lifecycle import LIVE
from core.vocab import MessageKind, Metric, ReadingState
from models import Account, Delivery, Reading
from services.claiming import access_of
from services.costs import unaffordable
from services.runtime import Runtime

log = structlog.get_logger()

BATCH = 200  # posts read at once: platforms count calls
ROUND = 1000
HOLD = timedelta(minutes=2)
DAILY = timedelta(hours=24)
# how long until the next reading, by the age of the post at this one
PACE = (
    (timedelta(minutes=2), timedelta(seconds=15)),
    (timedelta(hours=1), timedelta(minutes=10)),
    (timedelta(hours=24), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=24)),
    (timedelta(days=28), timedelta(days=7)),
)


@dataclass(frozen=True)
class Batch:
    """Posts of one account whose figures are due, copied out before the platform is asked."""

    account_id: int
    access: Access = field(repr=False)
    deliveries: Mapping[str, int]  # remote id -> delivery id
    published: Mapping[str, datetime]  # remote id -> published at


def collect(rt: Runtime, *, everything: bool = False) -> int:
    """Read the figures of every live post whose turn it is (or of all); return how many posts were read."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        batches = _due_batches(rt, session, now, everything=everything)
        channels = {batch.access.channel for batch in batches}
        waiting = unaffordable(session, rt.settings, rt.prices, now, channels)
        followers_due = _accounts_due(rt, session, now)
    for access, account_id in followers_due:
        _read_account(rt, access, account_id)
    return sum(_read_batch(rt, batch) for batch in batches if batch.access.channel not in waiting)


def _due_batches(rt: Runtime, session: Session, now: datetime, *, everything: bool) -> list[Batch]:
    wanted = select(Delivery).where(
        Delivery.state.in_(LIVE), Delivery.remote_id.is_not(None), Delivery.gone_at.is_(None),
        # a comment of ours has no figures of its own; payloads of old do not say what they are
        func.coalesce(Delivery.payload["kind"].as_string(), MessageKind.POST) != MessageKind.COMMENT,
    )  # fmt: skip
    if not everything:
        wanted = wanted.where(Delivery.metrics_next_at <= now)
    rows = session.scalars(
        wanted.order_by(Delivery.metrics_next_at).limit(ROUND).with_for_update(skip_locked=True)
    ).all()
    by_account: dict[int, list[Delivery]] = defaultdict(list)
    for row in rows:
        row.metrics_next_at = now + HOLD  # another collector leaves them alone
        by_account[row.account_id].append(row)
    accounts = {
        row.id: row
        for row in session.scalars(select(Account).where(Account.id.in_(by_account), Account.active))
    }
    return [
        _batch(rt, accounts[account_id], part)
        for account_id, mine in by_account.items()
        if account_id in accounts
        # neighbours in time share a page of the account's own list
        for part in _parts(sorted(mine, key=lambda row: row.published_at or row.due_at), BATCH)
    ]


def _parts(rows: Sequence[Delivery], size: int) -> Iterable[Sequence[Delivery]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _batch(rt: Runtime, account: Account, rows: Sequence[Delivery]) -> Batch:
    return Batch(
        account_id=account.id,
        access=access_of(rt, account),
        deliveries={str(row.remote_id): row.id for row in rows},
        published={str(row.remote_id): row.published_at or row.due_at for row in rows},
    )


def _read_batch(rt: Runtime, batch: Batch) -> int:
    try:
        connector = rt.connectors[batch.access.channel]
        found = connector.read_metrics(batch.access, batch.published, rt.clock.now())
    except PlatformTrouble as trouble:
        log.warning("metrics.read_failed", account_id=batch.account_id, code=trouble.code)
        return 0
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        for remote_id, delivery_id in batch.deliveries.items():
            figures = found.get(remote_id, {})
            session.add_all(
                _reading(batch.account_id, delivery_id, name, one, now) for name, one in figures.items()
            )
            row = session.get(Delivery, delivery_id)
            if row is not None:
                row.metrics_next_at = next_reading(batch.published[remote_id], now)
    log.info("metrics.collect", account_id=batch.account_id, posts=len(batch.deliveries), read=len(found))
    return len(found)


def next_reading(published_at: datetime, now: datetime) -> datetime | None:
    """Return when to read a post again; None once it is older than 28 days."""
    age = now - published_at
    pause = next((pause for limit, pause in PACE if age < limit), None)
    return None if pause is None else now + pause


def _accounts_due(rt: Runtime, session: Session, now: datetime) -> list[tuple[Access, int]]:
    """Return the accounts whose own figures were last read more than a day ago."""
    last = dict(
        session.execute(
            select(Reading.account_id, func.max(Reading.read_at))
            .where(Reading.delivery_id.is_(None))
            .group_by(Reading.account_id)
        ).all()
    )
    rows = session.scalars(select(Account).where(Account.active)).all()
    return [(access_of(rt, row), row.id) for row in rows if row.id not in last or now - last[row.id] >= DAILY]


def _read_account(rt: Runtime, access: Access, account_id: int) -> None:
    try:
        figures = rt.connectors[access.channel].read_account(access)
    except PlatformTrouble as trouble:
        log.warning("metrics.account_failed", account_id=account_id, code=trouble.code)
        figures = {
            Metric.FOLLOWERS: Figure(ReadingState.REFUSED, None, trouble.code),
        }
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        session.add_all(_reading(account_id, None, name, one, now) for name, one in figures.items())


def _reading(account_id: int, delivery_id: int | None, name: Metric, one: Figure, now: datetime) -> Reading:
    return Reading(
        account_id=account_id, delivery_id=delivery_id, metric=name, state=one.state,
        value=one.value if one.state is ReadingState.VALUE else None, read_at=now, source=one.source,
    )  # fmt: skip


def latest(
    session: Session, delivery_ids: Sequence[int], as_of: datetime | None = None
) -> dict[int, dict[Metric, Reading]]:
    """Return the newest reading of each metric per delivery, as of a moment; one query for any number."""
    newest = select(func.max(Reading.id)).where(Reading.delivery_id.in_(delivery_ids))
    if as_of is not None:
        newest = newest.where(Reading.read_at <= as_of)
    rows = session.scalars(
        select(Reading).where(Reading.id.in_(newest.group_by(Reading.delivery_id, Reading.metric)))
    )
    found: dict[int, dict[Metric, Reading]] = defaultdict(dict)
    for row in rows:
        found[row.delivery_id or 0][row.metric] = row
    return dict(found)


def series(session: Session, delivery_id: int) -> list[Reading]:
    """Return every reading of one delivery, oldest first."""
    return list(
        session.scalars(
            select(Reading).where(Reading.delivery_id == delivery_id).order_by(Reading.read_at, Reading.id)
        )
    )
