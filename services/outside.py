"""Posts made by hand on our own accounts: found by reading our pages, kept read-only, sorted by people."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from connectors.base import Access, Listing, PlatformTrouble, RemotePost
from core.errors import BadInput, NotFound
from core.vocab import Category, PostKind, Role
from language.canonical import canonical_sent
from models import Account, Delivery, OutsideLook, OutsideMark, OutsidePost, Person
from services import audit
from services.claiming import access_of
from services.matching import same_text
from services.people import require
from services.runtime import Runtime
from services.typed import line

log = structlog.get_logger()

# reading our own page costs money on X; a month's posts are found in time for the month's file
EVERY = timedelta(days=7)
FIRST_LOOK = timedelta(days=31)
OVERLAP = timedelta(days=7)  # so that one deleted meanwhile is missed
YOUNG = timedelta(hours=1)  # ours may still be on their way into our books


@dataclass(frozen=True)
class Look:
    """One account to be read, copied out before the platform is asked."""

    account_id: int
    access: Access = field(repr=False)
    since: datetime


@dataclass(frozen=True)
class OutsideForm:
    """What an officer says of an outside post; tags: category -> reason."""

    kind: PostKind | None
    tags: dict[Category, str]


@dataclass(frozen=True)
class Found:
    """An outside post and the newest word on it."""

    post: OutsidePost
    account: Account
    mark: OutsideMark | None


def discover(rt: Runtime, *, everything: bool = False) -> int:
    """Read each account last read a week ago (or all); return how many posts from outside are new."""
    with rt.sessions.begin() as session:
        looks = _due(rt, session, everything=everything)
    return sum(_look(rt, look) for look in looks)


def _due(rt: Runtime, session: Session, *, everything: bool) -> list[Look]:
    """Return the accounts nobody read for a week; each is read on from its last whole listing."""
    now = rt.clock.now()
    tried, whole = _last_looks(session), _last_looks(session, OutsideLook.complete.is_(True))
    return [
        Look(row.id, access_of(rt, row), whole[row.id] - OVERLAP if row.id in whole else now - FIRST_LOOK)
        for row in session.scalars(select(Account).where(Account.active).order_by(Account.id))
        if everything or row.id not in tried or now - tried[row.id] >= EVERY
    ]


def _last_looks(session: Session, *only: ColumnElement[bool]) -> dict[int, datetime]:
    looks = select(OutsideLook.account_id, func.max(OutsideLook.looked_at)).where(*only)
    return dict(session.execute(looks.group_by(OutsideLook.account_id)).all())


def _look(rt: Runtime, look: Look) -> int:
    try:
        listing = rt.connectors[look.access.channel].find(look.access, look.since)
    except PlatformTrouble as trouble:
        log.warning("outside.look_failed", account_id=look.account_id, code=trouble.code)
        return 0
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        fresh = _keep(session, look, listing, now)
        session.add(
            OutsideLook(
                account_id=look.account_id, since=look.since, looked_at=now, complete=listing.complete
            )
        )
    log.info("outside.look", account_id=look.account_id, seen=len(listing.posts), new=fresh)
    return fresh


def _keep(session: Session, look: Look, listing: Listing, now: datetime) -> int:
    """Keep what is new, and note what is gone: only a whole listing says that something is not there."""
    known = {
        row.remote_id: row
        for row in session.scalars(
            select(OutsidePost).where(
                OutsidePost.account_id == look.account_id, OutsidePost.published_at >= look.since
            )
        )
    }
    fresh = [
        one for one in _strange(session, look.account_id, listing.posts, now) if one.remote_id not in known
    ]
    session.add_all(_row(look.account_id, one, now) for one in fresh)
    there = {one.remote_id for one in listing.posts}
    for remote_id, row in known.items():
        if listing.complete and remote_id not in there and row.gone_at is None:
            row.gone_at = now
    return len(fresh)


def _strange(
    session: Session, account_id: int, posts: Iterable[RemotePost], now: datetime
) -> list[RemotePost]:
    """Return the posts that are no delivery of ours, nor perhaps one whose id we do not know yet."""
    rows = session.scalars(select(Delivery).where(Delivery.account_id == account_id)).all()
    ours = {row.remote_id for row in rows if row.remote_id}
    unnamed = [canonical_sent(row.payload["text"]) for row in rows if not row.remote_id]
    return [
        one
        for one in posts
        if one.remote_id not in ours
        and not one.reply_to
        and now - one.created_at >= YOUNG
        and not any(same_text(one, text) for text in unnamed)
    ]


def _row(account_id: int, one: RemotePost, now: datetime) -> OutsidePost:
    raw = dict(one.raw) or {"id": one.remote_id, "text": one.text}
    plain = json.dumps(raw, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)
    return OutsidePost(
        account_id=account_id, remote_id=one.remote_id, permalink=one.permalink, body=one.text,
        raw=json.loads(plain), sha256=hashlib.sha256(plain.encode()).hexdigest(),
        published_at=one.created_at, found_at=now,
    )  # fmt: skip


def mark_outside(
    session: Session, outside_id: int, form: OutsideForm, person: Person, now: datetime
) -> OutsideMark:
    """Keep an officer's word on an outside post; raises tag_reason_empty if it serves several kinds."""
    require(person, Role.OFFICER, Role.KPI_OFFICER)
    find_outside(session, outside_id)
    for category, reason in form.tags.items():
        if len(form.tags) > 1 and not reason.strip():
            raise BadInput("tag_reason_empty", field="categories", category=category)
    row = OutsideMark(
        outside_id=outside_id, kind=form.kind, marked_by=person.id, marked_at=now,
        tags=[
            {"category": category.value, "reason": line(reason, "reason", 300)}
            for category, reason in form.tags.items()
        ],
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "outside.mark", row, now, outside_id=outside_id, tags=row.tags)
    return row


def find_outside(session: Session, outside_id: int) -> OutsidePost:
    """Return one outside post; raises NotFound."""
    row = session.get(OutsidePost, outside_id)
    if row is None:
        raise NotFound
    return row


def list_outside(session: Session, limit: int = 200) -> Sequence[Found]:
    """Return posts from outside, newest first, with the newest word on each."""
    rows = session.execute(
        select(OutsidePost, Account)
        .join(Account, Account.id == OutsidePost.account_id)
        .order_by(OutsidePost.published_at.desc())
        .limit(limit)
    ).all()
    newest = (
        select(func.max(OutsideMark.id))
        .where(OutsideMark.outside_id.in_([row.id for row, _ in rows]))
        .group_by(OutsideMark.outside_id)
    )
    marks = {
        row.outside_id: row for row in session.scalars(select(OutsideMark).where(OutsideMark.id.in_(newest)))
    }
    return [Found(row, account, marks.get(row.id)) for row, account in rows]


def last_look(session: Session) -> datetime | None:
    """Return when an account was last read whole for posts from outside."""
    return session.scalar(select(func.max(OutsideLook.looked_at)).where(OutsideLook.complete))
