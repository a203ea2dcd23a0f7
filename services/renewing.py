"""Tokens that a program renews: fetched by one worker, kept before they are used (ADR 14).

A refresh token works once. So a worker first takes the account's turn, in one guarded statement that is
committed before the call; nobody else asks while the turn lasts. What the platform answers is kept before
anything else, and only in place of the very token that was spent. A worker that died between the platform's
answer and our commit leaves a turn that ran out: the old token is tried once more, and if the platform has
already taken it, a person must sign in again and is told why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, or_, select

from connectors.base import Access, OutcomeUnknown, PlatformTrouble, Rejected
from connectors.login import Renewed, Renewing
from core.vocab import Health
from models import Account
from services import audit
from services.claiming import access_of
from services.runtime import Runtime
from services.troubles import LEAST_WAIT_S, set_health
from services.vault import about_account

log = structlog.get_logger()

REFRESH = "refresh_token"
USED_LIFE = 0.75  # the part of a token's life after which the next one is fetched
MARGIN_S = 15.0  # beyond the client's own time-outs


@dataclass(frozen=True)
class Turn:
    """One worker's right to renew one account; after_silence: an earlier request was never answered."""

    account_id: int
    access: Access = field(repr=False)
    after_silence: bool


def renewal_of(rt: Runtime, account: Account, secrets: Mapping[str, str], ends_at: datetime | None) -> None:
    """Note on an account when its token ends, and when the next is fetched if a program can do that."""
    now = rt.clock.now()
    account.access_until, account.refresh_at, account.token_ends_at = None, None, None
    if ends_at is None:
        return
    if not secrets.get(REFRESH):
        account.token_ends_at = ends_at
        return
    account.access_until = ends_at
    account.refresh_at = now + (ends_at - now) * USED_LIFE


def renew_due(rt: Runtime) -> int:
    """Renew every account whose turn it is; return how many were asked for."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        ids = session.scalars(select(Account.id).where(_its_turn(rt, now)).order_by(Account.id)).all()
    return sum(renew_account(rt, account_id) for account_id in ids)


def renew_account(rt: Runtime, account_id: int) -> bool:
    """Fetch one account's next token, unless somebody else is at it; True if the platform was asked."""
    turn = _take_turn(rt, account_id)
    if turn is None:
        return False
    try:
        renewed = _connector(rt, turn.access).renew(turn.access)
    except PlatformTrouble as trouble:
        _note_trouble(rt, turn, trouble)
        return True
    _keep(rt, turn, renewed)
    return True


def _take_turn(rt: Runtime, account_id: int) -> Turn | None:
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        mine = select(Account).where(Account.id == account_id, _its_turn(rt, now))
        account = session.scalars(mine.with_for_update()).one_or_none()
        if account is None:
            return None
        silence = account.refreshing_until is not None
        account.refreshing_until = now + _patience(rt)
        return Turn(account.id, access_of(rt, account), silence)


def _its_turn(rt: Runtime, now: datetime) -> ColumnElement[bool]:
    """Say whether a token is to be renewed and nobody is at it; later than possible is a wrong clock's."""
    until = Account.refreshing_until
    at_it = and_(until > now, until <= now + _patience(rt))
    return and_(Account.refresh_at <= now, or_(until.is_(None), ~at_it))


def _patience(rt: Runtime) -> timedelta:
    """Return how long the one whose turn it is may take."""
    return timedelta(seconds=rt.settings.connect_timeout_s + rt.settings.read_timeout_s + MARGIN_S)


def _keep(rt: Runtime, turn: Turn, renewed: Renewed) -> None:
    """Store new secrets in place of the spent ones, whoever's turn it is by now; nothing else goes first."""
    with rt.sessions.begin() as session:
        account = _same(rt, session.get(Account, turn.account_id, with_for_update=True), turn)
        if account is None:
            log.warning("account.renewed_in_vain", account_id=turn.account_id)
            return
        now = rt.clock.now()
        about = about_account(account.channel, account.external_id)
        account.key_id, account.sealed = rt.vault.key_id, rt.vault.seal(about, renewed.secrets)
        renewal_of(rt, account, renewed.secrets, renewed.expires_at)
        account.refreshing_until, account.refreshed_at = None, now
        if account.health is Health.REAUTH:
            account.health, account.probe_at = Health.UNCHECKED, None
        audit.record(session, None, "account.refresh", account, now)
    log.info("account.renewed", account_id=turn.account_id)


def _note_trouble(rt: Runtime, turn: Turn, trouble: PlatformTrouble) -> None:
    log.warning("account.renew_failed", account_id=turn.account_id, code=trouble.code)
    with rt.sessions.begin() as session:
        account = _same(rt, session.get(Account, turn.account_id, with_for_update=True), turn)
        if account is None:
            return
        now = rt.clock.now()
        if isinstance(trouble, OutcomeUnknown):
            return  # the turn runs out by itself, and who comes next knows that it was never answered
        account.refreshing_until = None
        if isinstance(trouble, Rejected) or trouble.health is Health.REAUTH:
            account.refresh_at = None
            code = "refresh_lost" if turn.after_silence else "refresh_refused"
            set_health(session, account, Health.REAUTH, code, now)
        else:
            account.refresh_at = now + timedelta(seconds=max(trouble.wait_s, LEAST_WAIT_S))


def _same(rt: Runtime, account: Account | None, turn: Turn) -> Account | None:
    """Return the account if it still holds the token that was spent: no newer one may be overwritten."""
    if account is None:
        return None
    held = access_of(rt, account).secrets.get(REFRESH)
    return account if held == turn.access.secrets.get(REFRESH) else None


def _connector(rt: Runtime, access: Access) -> Renewing:
    connector = rt.connectors[access.channel]
    if not isinstance(connector, Renewing):
        raise TypeError(f"{access.channel} renews nothing")
    return connector
