"""The laws I1 to I10: what must hold between the fake platform's ledger and our books at every moment."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.lifecycle import LIVE, delivery_may
from core.vocab import AttemptOutcome
from core.vocab import DeliveryState as D
from tests.chaos.fake_platform import IDLE_LIMIT, LATE, Landed

OVER = frozenset({D.MISSED, D.FAILED, D.CANCELLED})
SETTLED = frozenset({*LIVE, *OVER, D.HELD, D.NEEDS_HUMAN})
UNCLEAR_LIMIT = timedelta(seconds=120 + 60)
DELIVERIES = "SELECT id, state, fence, remote_id, due_at, not_after, next_at, payload FROM delivery"
ATTEMPTS = "SELECT delivery_id, owner, outcome, started_at, ended_at FROM attempt ORDER BY id"
MOVES = "SELECT subject_id, origin, target FROM move WHERE subject = 'delivery' ORDER BY id"


@dataclass(frozen=True)
class Row:
    """One delivery as the database file has it."""

    id: int
    state: D
    fence: int
    remote_id: str | None
    due_at: datetime
    not_after: datetime
    next_at: datetime
    text: str


@dataclass(frozen=True)
class Try:
    """One attempt as the database file has it."""

    owner: str
    outcome: AttemptOutcome
    started_at: datetime
    ended: bool


@dataclass
class Books:
    """Our side, read at one moment: deliveries by their text, attempts and moves by delivery."""

    deliveries: dict[str, Row]
    attempts: Mapping[int, list[Try]]
    moves: Mapping[int, list[tuple[D, D]]]


@dataclass
class Memory:
    """What earlier moments have shown, to see that nothing is taken back."""

    fences: dict[int, int] = field(default_factory=dict)
    attempts: dict[int, int] = field(default_factory=dict)


def read_books(database: sqlite3.Connection) -> Books:
    """Read everything about deliveries, past our own code."""
    rows = [
        Row(
            id=number, state=D(state), fence=fence, remote_id=remote_id, due_at=_moment(due_at),
            not_after=_moment(not_after), next_at=_moment(next_at), text=json.loads(payload)["text"],
        )
        for number, state, fence, remote_id, due_at, not_after, next_at, payload in
        database.execute(DELIVERIES)
    ]  # fmt: skip
    attempts, moves = defaultdict(list), defaultdict(list)
    for number, owner, outcome, started_at, ended_at in database.execute(ATTEMPTS):
        found = Try(owner, AttemptOutcome(outcome), _moment(started_at), ended_at is not None)
        attempts[number].append(found)
    for number, origin, target in database.execute(MOVES):
        moves[number].append((D(origin), D(target)))
    return Books({row.text: row for row in rows}, attempts, moves)


def check_posts(books: Books, ledger: Iterable[Landed], wire: Iterable[str]) -> None:
    """I1, I2, I3 (what is over has no post), I8: the platform shows what was approved, once."""
    landed: dict[str, list[Landed]] = defaultdict(list)
    for one in ledger:
        landed[one.text].append(one)
    assert landed.keys() <= books.deliveries.keys(), "I8: a text stands there that nobody approved"
    underway = Counter(wire)
    for text, row in books.deliveries.items():
        there = landed[text]
        assert len(there) + underway[text] <= 1, f"I1: {row} stands {len(there)} times: {there}"
        if row.state in LIVE:
            assert [one.remote_id for one in there] == [row.remote_id], f"I2: {row} and {there}"
        if row.state in OVER:
            assert not there, f"I3: {row} is {row.state} and stands there"
            assert not underway[text], f"I3: {row} is {row.state} and will land"


def check_window(books: Books, ledger: Iterable[Landed], ahead: timedelta) -> None:
    """I4, I6: after its attempt was written, not before its time, not long after its window."""
    for one in ledger:
        row = books.deliveries[one.text]
        first = min(attempt.started_at for attempt in books.attempts[row.id])
        assert one.at + ahead >= first, f"I4: {row} landed before its attempt was written"
        assert one.at + ahead >= row.due_at, f"I6: {row} landed before its time"
        assert one.at <= row.not_after + IDLE_LIMIT + LATE + ahead, f"I6: {row} landed after its window"


def check_arrows(books: Books, memory: Memory) -> None:
    """I10: states change along the arrows; fences never fall; attempts only grow."""
    for row in books.deliveries.values():
        state = D.SCHEDULED
        for origin, target in books.moves.get(row.id, []):
            assert origin is state, f"I10: {row} has a gap in its moves"
            assert delivery_may(origin, target), f"I10: {origin} -> {target}"
            state = target
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


def wrong_arrival(attempts: Iterable[Try], living: Iterable[str]) -> Iterator[str]:
    """I4, I5: the newest attempt is open and was written before; no older one of somebody who still lives."""
    unfinished = [one for one in attempts if not one.ended]
    if not unfinished or unfinished[-1].outcome is not AttemptOutcome.OPEN:
        yield "I4: a request arrived whose attempt was not written down"
    others = {one.owner for one in unfinished[:-1]} & set(living)
    if others - {one.owner for one in unfinished[-1:]}:
        yield f"I5: {others} may still send the same"


def unsettled(books: Books) -> list[Row]:
    """I3, I9: return what is left half way; nothing may be when the storm is over."""
    return [row for row in books.deliveries.values() if row.state not in SETTLED]


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)
