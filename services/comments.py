"""What citizens say under our posts: read for whoever answers, kept as counts and times, forgotten in time.

Words and authors are personal data: the words stand here until the comment is dealt with, at the latest 90
days; of an author only a keyed hash is kept. When the platform loses a comment, so do we.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, raiseload

from connectors.base import Access, PlatformTrouble
from connectors.comments import Comment as RemoteComment
from connectors.comments import Commenting, Comments
from core.lifecycle import LIVE
from core.vocab import Channel, CommentState
from models import Account, Comment, CommentLook, Delivery
from services.claiming import access_of
from services.costs import unaffordable
from services.runtime import Runtime

log = structlog.get_logger()

KEPT = timedelta(days=90)
READ_FOR = timedelta(days=28)
HOLD = timedelta(minutes=2)
OVERLAP = timedelta(minutes=5)
# how long until the next look, by the age of the post; X bills each comment read, so it is asked less often
PACE = ((timedelta(hours=24), timedelta(minutes=10)), (timedelta(days=7), timedelta(hours=1)))
RARELY = timedelta(hours=12)
ON_X = 3
FIRST_PART = 1


@dataclass(frozen=True)
class Look:
    """A post whose comments are due, copied out before the platform is asked."""

    delivery_id: int
    account_id: int
    remote_id: str
    access: Access = field(repr=False)
    since: datetime | None


def collect_comments(rt: Runtime, limit: int = 50) -> int:
    """Read what is new under every live post whose turn it is; return how many posts were asked for."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        _begin_looks(session, now)
        looks = _due_looks(rt, session, now, limit)
        channels = {look.access.channel for look in looks}
        waiting = unaffordable(session, rt.settings, rt.prices, now, channels)
        looks = [look for look in looks if look.access.channel not in waiting]
    for one in looks:
        _read(rt, one)
    with rt.sessions.begin() as session:
        forget_old(session, now)
    return len(looks)


def look_soon(session: Session, delivery_ids: Iterable[int], now: datetime) -> None:
    """Bring the next look at these posts forward to now."""
    for row in session.scalars(select(CommentLook).where(CommentLook.delivery_id.in_(delivery_ids))):
        if row.next_at is not None:
            row.next_at = now


def forget_old(session: Session, now: datetime) -> int:
    """Take words and names out of what is older than 90 days; return how many comments that were."""
    rows = session.scalars(
        select(Comment).where(Comment.written_at < now - KEPT, Comment.author_hash != FORGOTTEN)
    ).all()
    for row in rows:
        row.body, row.author_hash = None, FORGOTTEN
        row.remote_id = _sha256(row.remote_id)
    return len(rows)


FORGOTTEN = "-"


def _begin_looks(session: Session, now: datetime) -> None:
    """Begin to look at live posts nobody has looked at yet."""
    known = select(CommentLook.delivery_id)
    ids = session.scalars(
        select(Delivery.id).where(
            Delivery.state.in_(LIVE), Delivery.part == FIRST_PART, Delivery.remote_id.is_not(None),
            Delivery.gone_at.is_(None), Delivery.published_at > now - READ_FOR, Delivery.id.not_in(known),
        )
    )  # fmt: skip
    session.add_all(CommentLook(delivery_id=one, next_at=now) for one in ids.all())
    session.flush()


def _due_looks(rt: Runtime, session: Session, now: datetime, limit: int) -> list[Look]:
    rows = session.execute(
        select(CommentLook, Delivery, Account)
        .join(Delivery, Delivery.id == CommentLook.delivery_id)
        .join(Account, Account.id == Delivery.account_id)
        .where(CommentLook.next_at <= now, Account.active)
        .options(raiseload("*"))
        .order_by(CommentLook.next_at, CommentLook.delivery_id)
        .limit(limit)
        .with_for_update(of=CommentLook, skip_locked=True)
    ).all()
    looks = []
    for look, delivery, account in rows:
        look.next_at = now + HOLD  # another collector leaves it alone
        # Facebook is read whole, so that what was taken away is seen; X bills what it gives
        since = look.read_at - OVERLAP if look.read_at and account.channel is Channel.X else None
        looks.append(Look(delivery.id, account.id, delivery.remote_id or "", access_of(rt, account), since))
    return looks


def _read(rt: Runtime, look: Look) -> None:
    connector = rt.connectors[look.access.channel]
    found = Comments((), complete=False)
    if isinstance(connector, Commenting):
        try:
            found = connector.read_comments(look.access, look.remote_id, look.since)
        except PlatformTrouble as trouble:
            log.warning("comments.read_failed", delivery_id=look.delivery_id, code=trouble.code)
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        added = _take(rt, session, look, found, now)
        row = session.get_one(CommentLook, look.delivery_id)
        row.read_at = now if found.complete else row.read_at
        row.next_at = _next_look(session.get_one(Delivery, look.delivery_id), look.access.channel, now)
    log.info("comments.collect", delivery_id=look.delivery_id, seen=len(found.rows), new=added)


def _take(rt: Runtime, session: Session, look: Look, found: Comments, now: datetime) -> int:
    """Keep new comments, settle answered and vanished ones; return how many are new."""
    known = {
        row.remote_id: row
        for row in session.scalars(
            select(Comment).where(Comment.delivery_id == look.delivery_id).with_for_update()
        )
    }
    new = [
        one for one in found.rows if not one.ours and one.remote_id not in known and not _old(one, known, now)
    ]
    for one in new:
        comment = _comment(rt, look, one, now)
        known[one.remote_id] = comment
        session.add(comment)
    _settle_answered(known, found.rows, now)
    if found.complete and look.since is None:
        there = {one.remote_id for one in found.rows}
        for row in known.values():
            if row.state is CommentState.WAITING and row.remote_id not in there:
                row.settle(CommentState.GONE, now)
    return len(new)


def _settle_answered(known: dict[str, Comment], rows: Sequence[RemoteComment], now: datetime) -> None:
    """Settle what was answered by whatever way: from here, or by hand on the platform; hidden ones, too."""
    for one in sorted(rows, key=lambda row: row.created_at):
        above = known.get(one.parent_id) if one.ours and one.parent_id else None
        if above is not None and above.state is CommentState.WAITING:
            above.settle(CommentState.ANSWERED, now, one.created_at)
        mine = known.get(one.remote_id)
        if one.hidden and mine is not None and mine.state is CommentState.WAITING:
            mine.settle(CommentState.HIDDEN, now)


def _comment(rt: Runtime, look: Look, one: RemoteComment, now: datetime) -> Comment:
    return Comment(
        account_id=look.account_id, delivery_id=look.delivery_id, remote_id=one.remote_id,
        author_hash=rt.vault.keyed_hash("author", one.author) if one.author else "",
        body=one.text, state=CommentState.WAITING, written_at=one.created_at, read_at=now,
    )  # fmt: skip


def _old(one: RemoteComment, known: dict[str, Comment], now: datetime) -> bool:
    """Say whether a comment was forgotten already, or would be at once."""
    return _sha256(one.remote_id) in known or one.created_at < now - KEPT


def _next_look(delivery: Delivery, channel: Channel, now: datetime) -> datetime | None:
    age = now - (delivery.published_at or delivery.due_at)
    if age >= READ_FOR or delivery.gone_at is not None:
        return None
    pause = next((pause for limit, pause in PACE if age < limit), RARELY)
    return now + (pause * ON_X if channel is Channel.X else pause)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
