"""The laws I1 to I10: what must hold between the fake platform's ledger and our books at every moment."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.lifecycle import LIVE, delivery_may
from core.vocab import AttemptOutcome
from core.vocab import DeliveryState as D
from models import Account, Attempt, Delivery, Move
from tests.chaos.fake_platform import IDLE_LIMIT, LATE, Landed

Key = tuple[str, str]  # external id of the account, text
OVER = frozenset({D.MISSED, D.FAILED, D.CANCELLED})
SETTLED = frozenset({*LIVE, *OVER, D.HELD, D.NEEDS_HUMAN})
UNCLEAR_LIMIT = timedelta(seconds=120 + 60)


@dataclass
class Books:
    """Our side, read at one moment."""

    deliveries: dict[Key, Delivery]
    attempts: Mapping[int, list[Attempt]]
    moves: Mapping[int, list[Move]]


@dataclass
class Memory:
    """What earlier moments have shown, to see that nothing is taken back."""

    fences: dict[int, int] = field(default_factory=dict)
    attempts: dict[int, int] = field(default_factory=dict)


def read_books(session: Session) -> Books:
    """Read everything about deliveries."""
    names = dict(session.execute(select(Account.id, Account.external_id)).all())
    rows = session.scalars(select(Delivery)).all()
    return Books(
        {(names[row.account_id], row.payload["text"]): row for row in rows},
        _by(session.scalars(select(Attempt).order_by(Attempt.id)), "delivery_id"),
        _by(session.scalars(select(Move).where(Move.subject == "delivery").order_by(Move.id)), "subject_id"),
    )


def check_posts(books: Books, ledger: Iterable[Landed], wire: Iterable[Key]) -> None:
    """I1, I2, I3 (what is over has no post), I8: the platform shows what was approved, once."""
    landed: dict[Key, list[Landed]] = defaultdict(list)
    for one in ledger:
        landed[one.account, one.text].append(one)
    assert landed.keys() <= books.deliveries.keys(), "I8: a text stands there that nobody approved"
    underway = Counter(wire)
    for key, row in books.deliveries.items():
        there = landed[key]
        assert len(there) + underway[key] <= 1, f"I1: {row} stands {len(there)} times: {there}"
        if row.state in LIVE:
            assert [one.remote_id for one in there] == [row.remote_id], f"I2: {row} and {there}"
        if row.state in OVER:
            assert not there, f"I3: {row} is {row.state} and stands there"
            assert not underway[key], f"I3: {row} is {row.state} and will land"


def check_window(books: Books, ledger: Iterable[Landed], ahead: timedelta) -> None:
    """I4, I6: after its attempt was written, not before its time, not long after its window."""
    for one in ledger:
        row = books.deliveries[one.account, one.text]
        first = min(attempt.started_at for attempt in books.attempts[row.id])
        assert one.at + ahead >= first, f"I4: {row} landed before its attempt was written"
        assert one.at + ahead >= row.due_at, f"I6: {row} landed before its time"
        assert one.at <= row.not_after + IDLE_LIMIT + LATE + ahead, f"I6: {row} landed after its window"


def check_arrows(books: Books, memory: Memory) -> None:
    """I10: states change along the arrows; fences never fall; attempts only grow."""
    for row in books.deliveries.values():
        state = D.SCHEDULED
        for move in books.moves.get(row.id, []):
            assert move.origin == state, f"I10: {row} has a gap in its moves"
            assert delivery_may(D(move.origin), D(move.target)), f"I10: {move.origin} -> {move.target}"
            state = D(move.target)
        assert state is row.state, f"I10: {row} is {row.state}, its moves say {state}"
        count = len(books.attempts.get(row.id, []))
        assert row.fence >= memory.fences.get(row.id, 0), f"I10: the fence of {row} fell"
        assert count >= memory.attempts.get(row.id, 0), f"I10: {row} lost an attempt"
        memory.fences[row.id], memory.attempts[row.id] = row.fence, count


def check_watched(books: Books, now: datetime, ahead: timedelta) -> None:
    """I9: every unclear delivery will be looked at soon."""
    for row in books.deliveries.values():
        if row.state is D.UNCERTAIN:
            assert row.next_at <= now + UNCLEAR_LIMIT + 2 * ahead, f"I9: nobody will look at {row} for long"


def check_arrival(attempts: Iterable[Attempt], owner: str, living: Iterable[str]) -> None:
    """I4, I5: one open attempt of the sender's, written before; no older one of somebody who still lives."""
    unfinished = [one for one in attempts if one.ended_at is None]
    mine = [one for one in unfinished if one.owner == owner and one.outcome is AttemptOutcome.OPEN]
    assert mine, "I4: a request arrived whose attempt was not written down"
    others = [one for one in unfinished if one is not mine[-1] and one.owner in set(living) - {owner}]
    assert not others, f"I5: {[one.owner for one in others]} may still send the same"


def check_settled(books: Books) -> None:
    """I3, I9: when the storm is over, nothing is left half way."""
    open_ones = {key: row.state for key, row in books.deliveries.items() if row.state not in SETTLED}
    assert not open_ones, f"I3: never settled: {open_ones}"


def _by(rows: Iterable, name: str) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
