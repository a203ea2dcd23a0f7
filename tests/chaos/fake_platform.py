"""The outside world of the state machine: a platform that loses answers, lands late, lags and mangles.

It knows nothing of our books. What it accepted stands in `ledger`; nothing is ever taken out of it.
"""

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from connectors.base import (
    Access,
    Limits,
    Listing,
    Media,
    Message,
    OutcomeUnknown,
    Receipt,
    Rejected,
    RemotePost,
    RetryLater,
    Staged,
)
from connectors.reports import CheckReport
from core.clock import SetClock
from core.vocab import Channel, Health
from sandbox.xapi.text import shown

IDLE_LIMIT = timedelta(seconds=60)  # a connection on which nothing is said is closed by the other side
LATE = timedelta(seconds=80)


class Luck(Enum):
    """What becomes of one publish call."""

    GOOD = auto()
    ANSWER_LOST = auto()
    NEVER_ARRIVES = auto()
    LANDS_LATE = auto()
    BUSY = auto()
    REFUSED = auto()
    UNREACHABLE = auto()


@dataclass(frozen=True)
class Landed:
    """One public post."""

    remote_id: str
    account: str
    text: str
    at: datetime


@dataclass
class FakePlatform:
    """One channel with as many accounts as ask; time is the world's own clock, whatever ours says."""

    channel = Channel.X
    limits = Limits(text_length=280, weighted=True, images=4, image_bytes=5_000_000)

    clock: SetClock
    on_arrival: Callable[[Message], None]
    luck: Luck = Luck.GOOD  # of the next send
    ledger: list[Landed] = field(default_factory=list)
    wire: list[tuple[datetime, str, str]] = field(default_factory=list)
    lag: timedelta = timedelta(0)
    reads: str = "well"  # well | in part | not at all

    def advance(self, delta: timedelta) -> None:
        """Let true time pass; what was still on the wire lands on its way."""
        self.clock.advance(delta)
        for due in [late for late in self.wire if late[0] <= self.clock.now()]:
            self.wire.remove(due)
            self._accept(due[1], due[2], due[0])

    @contextmanager
    def open(self, access: Access) -> Iterator["FakeLine"]:
        """Connect now."""
        luck, self.luck = self.luck, Luck.GOOD
        if luck is Luck.UNREACHABLE:
            raise RetryLater("unreachable")
        yield FakeLine(self, access, luck, self.clock.now())

    def carry(self, access: Access, message: Message, luck: Luck) -> Receipt:
        """Do with one request what luck has in store."""
        self.on_arrival(message)
        match luck:
            case Luck.REFUSED:
                raise Rejected("content_refused")
            case Luck.BUSY:
                raise RetryLater("rate_limited", wait_s=20)
            case Luck.NEVER_ARRIVES:
                raise OutcomeUnknown("answer_lost")
            case Luck.LANDS_LATE:
                self.wire.append((self.clock.now() + LATE, access.external_id, message.text))
                raise OutcomeUnknown("answer_lost")
        landed = self._accept(access.external_id, message.text, self.clock.now())
        if luck is Luck.ANSWER_LOST:
            raise OutcomeUnknown("server_error", http_status=500)
        return Receipt(landed.remote_id, published_at=landed.at)

    def find(self, access: Access, since: datetime) -> Listing:
        """Show the account's posts, not the newest ones while it lags."""
        self._answer_reads()
        shown_before = self.clock.now() - self.lag
        mine = [one for one in self.ledger if one.account == access.external_id and one.at >= since]
        visible = [one for one in mine if one.at <= shown_before]
        return Listing(tuple(map(_shown, reversed(visible))), complete=self.reads == "well")

    def read(self, access: Access, remote_id: str) -> RemotePost | None:
        """Show one post."""
        del access
        self._answer_reads()
        return next((_shown(one) for one in self.ledger if one.remote_id == remote_id), None)

    def stage(self, access: Access, media: Media) -> Staged:
        """Keep a picture unpublished."""
        del access
        return Staged(f"media-{media.sha256[:8]}", self.clock.now() + timedelta(hours=20))

    def check(self, access: Access) -> CheckReport:
        """Say that the account is well."""
        return CheckReport(Health.OK, access.external_id)

    def _accept(self, account: str, text: str, at: datetime) -> Landed:
        landed = Landed(f"{len(self.ledger) + 1:019d}", account, unicodedata.normalize("NFC", text), at)
        self.ledger.append(landed)
        return landed

    def _answer_reads(self) -> None:
        if self.reads == "not at all":
            raise RetryLater("platform_trouble")


@dataclass
class FakeLine:
    """One connection."""

    platform: FakePlatform
    access: Access
    luck: Luck
    opened_at: datetime

    def publish(self, message: Message) -> Receipt:
        """Send, unless the other side has closed meanwhile."""
        if self.platform.clock.now() - self.opened_at > IDLE_LIMIT:
            raise RetryLater("connection_lost_before_send")
        return self.platform.carry(self.access, message, self.luck)


def _shown(post: Landed) -> RemotePost:
    """Return a post as X gives it back: links as t.co, three signs escaped."""
    seen = shown(post.remote_id, post.text, [])
    return RemotePost(post.remote_id, seen.text, post.at, entities=seen.urls)
