"""What a month on X will cost: what it has cost, and what the waiting posts and their figures still will.

The figures are forecast as they are collected: each post's readings by its age (services.metrics), and on a
day on which a page of the timeline is read, every post between the first and the last one asked for. What
citizens will say, and so what reading it costs, is not forecast.
"""

import bisect
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.fiscal import Month
from core.lifecycle import LIVE
from core.vocab import Channel
from models import Account, Charge, Delivery, Post
from services.costs import WAITING, Spending, spending, start_of, utc_month
from services.metrics import next_reading
from services.payloads import freeze
from services.prices import MEDIA_METADATA, OWNED_READ, USER_READ, Prices, usd
from services.runtime import Runtime
from services.sending import VERIFY_AFTER

DAY = timedelta(days=1)
FIGURES_FOR = timedelta(days=29)


@dataclass(frozen=True)
class Planned:
    """A post that will go out on X: when, its words, and how many of its files have alt text."""

    at: datetime
    text: str
    described: int = 0
    answer: bool = False


@dataclass(frozen=True)
class Forecast:
    """A UTC month in US dollars: spent so far, and what is still to come for posts and for reading."""

    spent: Spending
    posts: Decimal
    reading: Decimal

    @property
    def total(self) -> Decimal:
        return self.spent.total + self.posts + self.reading


@dataclass(frozen=True)
class Quote:
    """What one post more costs: itself, and the month with it."""

    post: Decimal
    has_link: bool
    month: Forecast
    budget: Decimal  # 0: none set

    @property
    def over_budget(self) -> bool:
        return bool(self.budget) and self.month.total > self.budget


@dataclass
class Read:
    """A post of an account as the collector will meet it; next_at: its next reading, None after the last."""

    at: datetime
    next_at: datetime | None
    done_today: bool = False  # this UTC day's read is in the ledger


def forecast(session: Session, prices: Prices, now: datetime, more: Sequence[Planned] = ()) -> Forecast:
    """Return the forecast of the present month; more: posts that are not scheduled yet."""
    month = utc_month(now)
    spent = spending(session, prices, month)
    planned = [*_waiting(session, start_of(month.next()), now), *more]
    inside = [one for one in planned if one.at < start_of(month.next())]
    posts = sum(prices.post(one.text, answer=one.answer)[1] for one in inside)
    posts += sum(one.described for one in inside) * prices.micro_usd[MEDIA_METADATA]
    reads = _reads(_known(session, now), inside, month, now) * prices.micro_usd[OWNED_READ]
    users = _user_days(session, month, now) * prices.micro_usd[USER_READ]
    return Forecast(spent, usd(posts), usd(reads + users))


def quote(session: Session, prices: Prices, budget: float, now: datetime, parts: Sequence[Planned]) -> Quote:
    """Return what a post (its parts, in order) costs and what this month costs with it."""
    told = [prices.post(one.text, answer=one.answer) for one in parts]
    micro = sum(price for _, price in told)
    micro += sum(one.described for one in parts) * prices.micro_usd[MEDIA_METADATA]
    return Quote(
        post=usd(micro),
        has_link=any(operation == "post_link" for operation, _ in told),
        month=forecast(session, prices, now, parts),
        budget=Decimal(str(budget)),
    )


def quote_of(session: Session, rt: Runtime, post: Post) -> Quote | None:
    """Return the quote of a post that is not scheduled yet, all its parts on X; None if X has none of it."""
    now = rt.clock.now()
    variant = next((one for one in post.variants if one.channel is Channel.X), None)
    if variant is None:
        return None
    at = max(post.due_at or now, now)
    parts = [Planned(at, one["text"], described(one)) for one in freeze(post, variant)]
    return quote(session, rt.prices, rt.settings.x_budget_usd, now, parts)


def described(payload: Mapping[str, Any]) -> int:
    """Return how many files of a payload go up with alt text."""
    return sum(bool(item.get("alt")) for item in payload.get("media", []))


def _waiting(session: Session, end: datetime, now: datetime) -> list[Planned]:
    rows = session.execute(
        select(Delivery.due_at, Delivery.payload)
        .join(Account, Account.id == Delivery.account_id)
        .where(Account.channel == Channel.X, Delivery.state.in_(WAITING), Delivery.due_at < end)
    )
    return [
        Planned(max(due_at, now), payload["text"], described(payload), bool(payload.get("reply_to")))
        for due_at, payload in rows
    ]


def _known(session: Session, now: datetime) -> list[Read]:
    """Return the live posts of X whose figures are still collected, and whether today's read is paid."""
    read_today = (
        select(Charge.id)
        .where(
            Charge.channel == Channel.X,
            Charge.operation == OWNED_READ,
            Charge.resource == Delivery.remote_id,
            Charge.day == now.astimezone(UTC).date(),
        )
        .exists()
    )
    rows = session.execute(
        select(Delivery.published_at, Delivery.metrics_next_at, read_today)
        .join(Account, Account.id == Delivery.account_id)
        .where(
            Account.channel == Channel.X,
            Delivery.state.in_(LIVE),
            Delivery.gone_at.is_(None),
            Delivery.published_at >= now - FIGURES_FOR - DAY,
        )
    )
    return [Read(at, next_at and max(next_at, now), paid) for at, next_at, paid in rows if at is not None]


def _reads(known: Sequence[Read], planned: Sequence[Planned], month: Month, now: datetime) -> int:
    """Return how many (post, UTC day) pairs will be read until the month's end, reading by reading."""
    posts = [*known, *(Read(one.at, one.at + VERIFY_AFTER) for one in planned)]
    posts.sort(key=lambda post: post.at)
    times = [post.at for post in posts]
    end, today = start_of(month.next()), now.astimezone(UTC).date()
    paid: set[tuple[int, date]] = {(place, today) for place, post in enumerate(posts) if post.done_today}
    already = len(paid)
    queue = [(post.next_at, place) for place, post in enumerate(posts) if post.next_at]
    heapq.heapify(queue)
    while queue and queue[0][0] < end:
        moment, first = queue[0]
        due = [heapq.heappop(queue)[1] for _ in _together(queue)]
        day = moment.astimezone(UTC).date()
        paid.update((place, day) for place in range(*_between(times, times[first], times[due[-1]], moment)))
        for place in due:
            following = next_reading(posts[place].at, moment)
            if following is not None:
                heapq.heappush(queue, (following, place))
    return len(paid) - already


def _together(queue: list[tuple[datetime, int]]) -> Iterator[None]:
    """Yield once for each reading that is due at the same moment as the next one."""
    moment = queue[0][0]
    while queue and queue[0][0] == moment:
        yield


def _between(times: Sequence[datetime], first: datetime, last: datetime, now: datetime) -> tuple[int, int]:
    """Return the places of the posts that are out by now and lie between two moments."""
    return bisect.bisect_left(times, first), bisect.bisect_right(times, min(last, now))


def _user_days(session: Session, month: Month, now: datetime) -> int:
    """Return on how many days the accounts of X will be asked for their followers; one read a day each."""
    today = now.astimezone(UTC).date()
    accounts = session.scalars(
        select(Account.external_id).where(Account.channel == Channel.X, Account.active)
    ).all()
    paid = session.scalars(
        select(Charge.resource).where(
            Charge.channel == Channel.X, Charge.operation == USER_READ, Charge.day == today
        )
    ).all()
    left = (month.next().first_day() - today).days
    return sum(left - (one in paid) for one in accounts)
