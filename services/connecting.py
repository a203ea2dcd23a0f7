"""Connecting an account by signing in at the platform: asked by one browser, answered once, in minutes."""

import hashlib
import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from connectors.base import PlatformTrouble, Rejected
from connectors.login import Grant, Login, SignIn
from core.errors import BadInput, Conflict, Forbidden, Unavailable
from core.vocab import Channel, Role
from models import Account, Handshake, Person
from services import audit
from services.accounts import keep_account
from services.addresses import redirect_uri
from services.apps import app_of
from services.grants import keys_of, packed
from services.people import require
from services.runtime import Runtime

GOOD_FOR = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=1)
VERIFIER_BYTES = 48  # 64 characters: PKCE wants 43 to 128


@dataclass(frozen=True)
class Browser:
    """Who asks: a person in one signed-in browser, known by its session's key."""

    person: Person
    key: str = field(repr=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.key.encode()).hexdigest()


@dataclass(frozen=True)
class Returned:
    """What the platform's page sent back in the address; error: its word for a refusal."""

    state: str = field(repr=False)
    code: str = field(default="", repr=False)
    error: str = ""


@dataclass(frozen=True)
class Choice:
    """One account that may be connected. problems: codes of [reason]; known: we have it already."""

    external_id: str
    name: str
    username: str
    problems: tuple[str, ...]
    known: bool


@dataclass(frozen=True)
class Offer:
    """What a sign-in opened, until it is chosen from."""

    id: int
    channel: Channel
    choices: Sequence[Choice]
    expires_at: datetime


def begin(rt: Runtime, channel: Channel, browser: Browser) -> str:
    """Return where to send the browser; raises app_missing."""
    require(browser.person, Role.ADMINISTRATOR)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(VERIFIER_BYTES)
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        app = app_of(rt, session, channel)
        session.execute(delete(Handshake).where(Handshake.expires_at < now - FORGOTTEN_AFTER))
        row = Handshake(
            state_sha256=_sha256(state), session_sha256=browser.digest, person_id=browser.person.id,
            channel=channel, created_at=now, expires_at=now + GOOD_FOR,
        )  # fmt: skip
        _seal(rt, row, {"verifier": verifier})
        session.add(row)
    sign_in = SignIn(state, redirect_uri(rt, channel), verifier)
    return _login(rt, channel).authorize_url(app, sign_in)


def receive(rt: Runtime, channel: Channel, browser: Browser, returned: Returned) -> int:
    """Take the platform's answer, once, and turn its code into accounts; return the offer's id.

    Raises connect_unknown, connect_expired, connect_used, connect_denied, connect_refused, connect_none.
    """
    require(browser.person, Role.ADMINISTRATOR)
    with rt.sessions.begin() as session:
        row = _of_state(session, channel, browser, returned.state)
        now = rt.clock.now()
        if row.used_at is not None:
            raise Conflict("connect_used")
        row.used_at = now
        in_time = row.expires_at >= now
        app, verifier = app_of(rt, session, channel), str(_opened(rt, row).get("verifier", ""))
        _seal(rt, row, {})
    if not in_time:
        raise Conflict("connect_expired")
    if returned.error or not returned.code:
        raise Conflict("connect_denied", channel=channel)
    sign_in = SignIn(returned.state, redirect_uri(rt, channel), verifier)
    try:
        grant = _login(rt, channel).redeem(app, sign_in, returned.code)
    except Rejected as trouble:
        raise Conflict(f"connect_{trouble.code}" if trouble.code in REFUSALS else "connect_refused") from None
    except PlatformTrouble:
        raise Unavailable("connect_unreachable", channel=channel) from None
    if not grant.accounts:
        raise Conflict("connect_none", channel=channel)
    return _offer(rt, row.id, grant)


REFUSALS = frozenset({"login_code_refused", "app_credentials_wrong", "login_unfinished"})


def offer(rt: Runtime, offer_id: int, browser: Browser) -> Offer:
    """Return what may be chosen from; raises connect_unknown, connect_expired, connect_used."""
    with rt.sessions.begin() as session:
        row, granted = _open_offer(rt, session, offer_id, browser)
        ids = [one["external_id"] for one in granted["accounts"]]
        wanted = (Account.channel == row.channel, Account.external_id.in_(ids))
        known = set(session.scalars(select(Account.external_id).where(*wanted)))
        choices = [
            Choice(
                one["external_id"],
                one["name"],
                one["username"],
                tuple(one["problems"]),
                one["external_id"] in known,
            )
            for one in granted["accounts"]
        ]
        return Offer(row.id, row.channel, choices, row.expires_at)


def choose(rt: Runtime, offer_id: int, browser: Browser, external_ids: Collection[str]) -> list[Account]:
    """Connect the chosen accounts and forget what was granted beside them; raises choose_account."""
    require(browser.person, Role.ADMINISTRATOR)
    with rt.sessions.begin() as session:
        row, granted = _open_offer(rt, session, offer_id, browser)
        chosen = [one for one in granted["accounts"] if one["external_id"] in external_ids]
        if not chosen:
            raise BadInput("choose_account", field="account")
        kept = [
            keep_account(
                rt,
                session,
                (row.channel, one["external_id"], one["name"]),
                keys_of(granted, one),
                browser.person.id,
            )
            for one in chosen
        ]
        row.closed_at = rt.clock.now()
        _seal(rt, row, {})
        audit.record(
            session, browser.person.id, "account.connect", None, row.closed_at,
            channel=row.channel, accounts=[one["external_id"] for one in chosen],
        )  # fmt: skip
    return kept


def _offer(rt: Runtime, handshake_id: int, grant: Grant) -> int:
    with rt.sessions.begin() as session:
        row = session.get_one(Handshake, handshake_id)
        row.expires_at = rt.clock.now() + GOOD_FOR
        _seal(rt, row, {"granted": packed(grant)})
        return row.id


def _of_state(session: Session, channel: Channel, browser: Browser, state: str) -> Handshake:
    row = session.scalar(
        select(Handshake)
        .where(Handshake.state_sha256 == _sha256(state), Handshake.channel == channel)
        .with_for_update()
    )
    if row is None:
        raise Forbidden("connect_unknown")
    _same_browser(row, browser)
    return row


def _open_offer(
    rt: Runtime, session: Session, offer_id: int, browser: Browser
) -> tuple[Handshake, dict[str, Any]]:
    row = session.get(Handshake, offer_id, with_for_update=True)
    if row is None:
        raise Forbidden("connect_unknown")
    _same_browser(row, browser)
    granted = _opened(rt, row).get("granted")
    if row.closed_at is not None or not granted:
        raise Conflict("connect_used")
    if row.expires_at < rt.clock.now():
        raise Conflict("connect_expired")
    found: dict[str, Any] = json.loads(granted)
    return row, found


def _same_browser(row: Handshake, browser: Browser) -> None:
    """Refuse an answer brought by another browser than asked: it may open an attacker's account."""
    same = secrets.compare_digest(row.session_sha256, browser.digest)
    if not same or row.person_id != browser.person.id:
        raise Forbidden("connect_unknown")


def _login(rt: Runtime, channel: Channel) -> Login:
    connector = rt.connectors[channel]
    if not isinstance(connector, Login):
        raise Conflict("connect_by_file", channel=channel)
    return connector


def _seal(rt: Runtime, row: Handshake, secret: dict[str, str]) -> None:
    row.key_id, row.sealed = rt.vault.key_id, rt.vault.seal(_about(row), secret)


def _opened(rt: Runtime, row: Handshake) -> dict[str, str]:
    return rt.vault.unseal(_about(row), row.key_id, row.sealed)


def _about(row: Handshake) -> str:
    return f"handshake:{row.state_sha256}:sealed"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
