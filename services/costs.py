"""What the platforms bill the office: every billed call noted, the month's sum, and the budget.

Posts are not noted when they are sent but booked from our own deliveries: what went out was billed, also
where the answer was lost and the post was found later.

Months are calendar months in UTC, as X counts the days in which it bills the same read only once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from core.clock import Clock
from core.config import Settings
from core.fiscal import Month
from core.vocab import AlertKind, Channel, DeliveryState
from models import Account, Charge, Delivery
from models.database import commit_lightly
from services.alerts import end_alert, raise_alert
from services.prices import POST, POST_LINK, REPLY_SUMMONED, Prices, usd

log = structlog.get_logger()

POSTS = (POST, POST_LINK, REPLY_SUMMONED)
BOOKED_AT_ONCE = 500
WAITING = (DeliveryState.SCHEDULED, DeliveryState.HELD, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
BUDGET_REACHED = "budget_reached"


@dataclass(frozen=True)
class Item:
    """One kind of thing billed in a month."""

    operation: str
    units: int
    spent: Decimal  # US dollars


@dataclass(frozen=True)
class Spending:
    """What one UTC month has cost so far, dearest first."""

    month: Month
    items: tuple[Item, ...]

    @property
    def total(self) -> Decimal:
        return sum((item.spent for item in self.items), Decimal(0))


@dataclass(frozen=True)
class Ledger:
    """The meter that connectors are given: each billed thing is a row, in a transaction of its own."""

    sessions: sessionmaker[Session]
    clock: Clock
    prices: Prices

    def spent(self, channel: Channel, operation: str, units: int, resources: Collection[str] = ()) -> None:
        """Note what was billed now; never raises: a count that is lost must not lose a post."""
        try:
            with self.sessions.begin() as session:
                commit_lightly(session)
                _note(session, self._rows(channel, operation, units, resources))
        except (SQLAlchemyError, KeyError) as exc:
            log.warning("costs.not_noted", channel=channel, operation=operation, error=type(exc).__name__)

    def _rows(
        self, channel: Channel, operation: str, units: int, resources: Collection[str]
    ) -> list[dict[str, Any]]:
        price, now = self.prices.of(channel, operation), self.clock.now()
        if not resources:
            return [_row(now, channel, operation, "", units, price * units)]
        return [_row(now, channel, operation, one, 1, price) for one in sorted(resources)]


def book_posts(session: Session, prices: Prices, since: datetime) -> int:
    """Note the posts that went out on X since a moment and are not in the ledger yet; return how many."""
    noted = (
        select(Charge.id)
        .where(
            Charge.channel == Channel.X,
            Charge.resource == Delivery.remote_id,
            Charge.operation.in_(POSTS),
        )
        .exists()
    )
    found = session.execute(
        select(Delivery.remote_id, Delivery.published_at, Delivery.payload)
        .join(Account, Account.id == Delivery.account_id)
        .where(Account.channel == Channel.X, Delivery.published_at >= since, ~noted)
        .limit(BOOKED_AT_ONCE)
    ).all()
    rows = [
        _row(published_at, Channel.X, *_post_price(prices, str(remote_id), payload))
        for remote_id, published_at, payload in found
        if published_at is not None
    ]
    _note(session, rows)
    return len(rows)


def spending(session: Session, prices: Prices, month: Month) -> Spending:
    """Return what a UTC month has cost so far; books what went out meanwhile."""
    while book_posts(session, prices, start_of(month)) == BOOKED_AT_ONCE:
        pass
    spent = func.sum(Charge.micro_usd)
    rows = session.execute(
        select(Charge.operation, func.sum(Charge.units), spent)
        .where(Charge.day >= month.first_day(), Charge.day < month.next().first_day())
        .group_by(Charge.operation)
        .order_by(spent.desc(), Charge.operation)
    )
    return Spending(month, tuple(Item(name, units, usd(micro)) for name, units, micro in rows))


def utc_month(moment: datetime) -> Month:
    """Return the month by whose bill a moment counts."""
    return Month.of(moment.astimezone(UTC).date())


def start_of(month: Month) -> datetime:
    """Return the first moment of a UTC month."""
    return datetime.combine(month.first_day(), time.min, UTC)


def reserved(session: Session, prices: Prices, now: datetime) -> Decimal:
    """Return what the posts that wait for this month's remaining days will cost: kept back for them."""
    payloads = session.scalars(_waiting(now).with_only_columns(Delivery.payload))
    return usd(sum(_post_price(prices, "", payload)[3] for payload in payloads))


def _reserved_at_most(session: Session, prices: Prices, now: datetime) -> Decimal:
    """Return what they would cost if each were as dear as a post can be: known without reading any."""
    number = session.scalar(_waiting(now).with_only_columns(func.count())) or 0
    return usd(number * max(prices.of(Channel.X, operation) for operation in POSTS))


def _waiting(now: datetime) -> Select[Delivery]:
    end = start_of(utc_month(now).next())
    return (
        select(Delivery)
        .join(Account, Account.id == Delivery.account_id)
        .where(Account.channel == Channel.X, Delivery.state.in_(WAITING), Delivery.due_at < end)
    )


def unaffordable(
    session: Session, settings: Settings, prices: Prices, now: datetime, channels: Collection[Channel]
) -> frozenset[Channel]:
    """Return those of the channels from which nothing may be read for now: of X, while its budget is kept."""
    billed = Channel.X in channels
    closed = billed and not may_collect(session, settings, prices, now)
    if closed:
        log.warning("costs.over_budget", channel=Channel.X)
    return frozenset({Channel.X}) if closed else frozenset()


def may_collect(session: Session, settings: Settings, prices: Prices, now: datetime) -> bool:
    """Say whether the month's budget still allows reading figures; publishing goes on in any case.

    Collecting stops before the budget is used up: what the posts still waiting will cost is kept back. An
    alert says so, and ends when there is room again.
    """
    budget = Decimal(str(settings.x_budget_usd))
    if not budget:
        return True
    left = budget - spending(session, prices, utc_month(now)).total
    if left > _reserved_at_most(session, prices, now) or left > reserved(session, prices, now):
        end_alert(session, AlertKind.BUDGET, 0, now)
        return True
    raise_alert(session, AlertKind.BUDGET, 0, now, BUDGET_REACHED)
    return False


def _post_price(prices: Prices, remote_id: str, payload: Mapping[str, Any]) -> tuple[str, str, int, int]:
    operation, price = prices.post(payload["text"], answer=bool(payload.get("reply_to")))
    return operation, remote_id, 1, price


def _row(
    at: datetime, channel: Channel, operation: str, resource: str, units: int, micro_usd: int
) -> dict[str, Any]:
    return {
        "at": at, "day": at.astimezone(UTC).date(), "channel": channel, "operation": operation,
        "resource": resource, "units": units, "micro_usd": micro_usd,
    }  # fmt: skip


def _note(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Append rows; what was billed today already is not billed again."""
    if rows:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(dialect.insert(Charge).values(rows).on_conflict_do_nothing())
