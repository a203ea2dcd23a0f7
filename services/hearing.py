"""What a platform tells us unasked: signed, taken down without names or words, acted upon by a worker.

The same word twice, a word out of order, a word from last week: each is only a hint to look at the platform,
so taking it again costs one look at most, and what is older than two days costs nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from connectors.base import PlatformTrouble
from connectors.comments import Telling
from connectors.facebook.webhooks import Change, challenge, changes, signed
from core.errors import Conflict, Unavailable
from core.vocab import Channel, Role
from models import Account, Delivery, Person, WebhookNote
from services import audit
from services.accounts import find_account
from services.apps import app_of, known_apps, verify_token
from services.claiming import access_of
from services.comments import look_soon
from services.people import require
from services.runtime import Runtime

log = structlog.get_logger()

WINDOW = timedelta(hours=48)  # Meta tries for about 36 hours
AHEAD = timedelta(minutes=10)  # clocks differ
KEPT = timedelta(days=7)  # longer than the window: an old word stays known while it could be taken
ABOUT_COMMENTS = frozenset({"comment", "post", "status", "photo", "video"})


def subscribe(rt: Runtime, account_id: int, person: Person | None) -> None:
    """Ask the platform to tell what happens on an account; raises cannot_tell, tell_refused."""
    if person is not None:
        require(person, Role.ADMINISTRATOR)
    with rt.sessions.begin() as session:
        account = find_account(session, account_id)
        access = access_of(rt, account)
    connector = rt.connectors[access.channel]
    if not isinstance(connector, Telling):
        raise Conflict("cannot_tell", channel=access.channel)
    try:
        connector.subscribe(access)
    except PlatformTrouble:
        raise Unavailable("tell_refused", channel=access.channel) from None
    with rt.sessions.begin() as session:
        audit.record(session, person.id if person else None, "account.listen", account, rt.clock.now())


def answer_challenge(rt: Runtime, query: Mapping[str, str]) -> str | None:
    """Return what to echo to Facebook's question, None if it does not know our word."""
    with rt.sessions.begin() as session:
        word = verify_token(rt, session, Channel.FACEBOOK)
    return challenge(query, word)


def hear(rt: Runtime, body: bytes, signature: str) -> int | None:
    """Take down what Facebook tells; return how much of it is new, None if Facebook did not sign it."""
    with rt.sessions.begin() as session:
        known = Channel.FACEBOOK in known_apps(session)
        secret = app_of(rt, session, Channel.FACEBOOK).client_secret if known else ""
    if not signed(body, signature, secret):
        log.warning("webhook.refused", bytes=len(body))
        return None
    now = rt.clock.now()
    fresh = [
        one for one in changes(body) if now - WINDOW <= one.at <= now + AHEAD and one.item in ABOUT_COMMENTS
    ]
    with rt.sessions.begin() as session:
        new = sum(_take_down(rt, session, one) for one in fresh)
    log.info("webhook.heard", told=len(fresh), new=new)
    return new


def act(rt: Runtime, limit: int = 500) -> int:
    """Bring forward the next look at the posts that were spoken of; return how many words were acted upon."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        notes = session.scalars(
            select(WebhookNote)
            .where(WebhookNote.done_at.is_(None))
            .order_by(WebhookNote.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        look_soon(session, _deliveries(session, {(one.external_id, one.post_id) for one in notes}), now)
        for one in notes:
            one.done_at = now
        old = session.scalars(select(WebhookNote).where(WebhookNote.received_at < now - KEPT).limit(limit))
        for one in old.all():
            session.delete(one)
    return len(notes)


def _take_down(rt: Runtime, session: Session, one: Change) -> bool:
    """Keep one change; False if it was told before."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.scalar(
        dialect.insert(WebhookNote)
        .values(
            channel=Channel.FACEBOOK, digest=_digest(one), external_id=one.page_id[:40],
            post_id=one.post_id[:80], told_at=one.at, received_at=rt.clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(WebhookNote.id)
    )  # fmt: skip
    return made is not None


def _digest(one: Change) -> str:
    told = json.dumps(asdict(one), default=str, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _deliveries(session: Session, spoken_of: set[tuple[str, str]]) -> list[int]:
    """Return our deliveries among the posts spoken of; one query."""
    rows = session.execute(
        select(Delivery.id, Account.external_id, Delivery.remote_id)
        .join(Account, Account.id == Delivery.account_id)
        .where(Account.channel == Channel.FACEBOOK, Delivery.remote_id.in_({post for _, post in spoken_of}))
    )
    return [one for one, page, post in rows if (page, post) in spoken_of]
