"""Letting an account go: its permission is taken back at the platform, then its tokens are erased."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.base import PlatformTrouble
from connectors.login import Login
from core.errors import Conflict, Unavailable
from core.vocab import AlertKind, DeliveryState, Health, Role
from models import Account, Delivery, Person
from services import audit
from services.accounts import find_account
from services.alerts import end_alert
from services.claiming import access_of
from services.endings import forget_endings
from services.people import require
from services.runtime import Runtime
from services.vault import about_account

GONE = "account_disconnected"  # the reason of what is held
DISCONNECTED = "disconnected"
REVOKED, BY_HAND, NOT_REVOKED = "revoked", "by_hand", "not_revoked"


@dataclass(frozen=True)
class Parted:
    """What letting go meant: posts now held, posts that may still land, and what the platform said.

    at_platform: `revoked`; `by_hand`: its keys can only be taken back on its own page; `not_revoked`: it did
    not answer, and the administrator chose not to wait.
    """

    held: int
    in_flight: int
    at_platform: str


def waiting_for(session: Session, account_id: int) -> int:
    """Return how many posts of an account would be held."""
    wanted = (Delivery.account_id == account_id, Delivery.state == DeliveryState.SCHEDULED)
    return session.scalar(select(func.count()).select_from(Delivery).where(*wanted)) or 0


def disconnect(rt: Runtime, account_id: int, person: Person | None, *, anyway: bool = False) -> Parted:
    """Take the permission back, erase the tokens, hold what waits.

    anyway: erase even if the platform cannot be reached. Raises revoke_unreachable, already_disconnected.
    """
    if person is not None:
        require(person, Role.ADMINISTRATOR)
    with rt.sessions.begin() as session:
        account = find_account(session, account_id)
        if account.disconnected_at is not None:
            raise Conflict("already_disconnected", at=account.disconnected_at)
    at_platform = _revoke(rt, account, anyway=anyway)
    with rt.sessions.begin() as session:
        account = session.get_one(Account, account_id, with_for_update=True)
        now = rt.clock.now()
        _erase(rt, session, account, now)
        held, in_flight = _hold_waiting(session, account_id, now)
        audit.record(
            session, person.id if person else None, "account.disconnect", account, now,
            held=held, at_platform=at_platform,
        )  # fmt: skip
    return Parted(held, in_flight, at_platform)


def _revoke(rt: Runtime, account: Account, *, anyway: bool) -> str:
    connector = rt.connectors[account.channel]
    if not isinstance(connector, Login):
        return BY_HAND
    try:
        connector.revoke(access_of(rt, account))
    except PlatformTrouble as trouble:
        if trouble.code == "revoke_by_hand":
            return BY_HAND
        if trouble.health is Health.REAUTH:
            return REVOKED  # dead already
        if not anyway:
            raise Unavailable("revoke_unreachable", name=account.name) from None
        return NOT_REVOKED
    return REVOKED


def _erase(rt: Runtime, session: Session, account: Account, now: datetime) -> None:
    account.key_id = rt.vault.key_id
    account.sealed = rt.vault.seal(about_account(account.channel, account.external_id), {})
    account.active, account.disconnected_at = False, now
    account.health, account.health_reason = Health.REAUTH, DISCONNECTED
    account.access_until = account.refresh_at = account.refreshing_until = None
    account.token_ends_at = account.data_access_ends_at = None
    end_alert(session, AlertKind.ACCOUNT, account.id, now)
    forget_endings(session, account, now)


def _hold_waiting(session: Session, account_id: int, now: datetime) -> tuple[int, int]:
    """Hold what waits for an account; return how many, and how many are on their way and may still land."""
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.account_id == account_id, Delivery.state == DeliveryState.SCHEDULED)
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    for row in rows:
        row.move(DeliveryState.HELD, now, why=GONE)
        row.reason = GONE
    sending = (Delivery.account_id == account_id, Delivery.state == DeliveryState.SENDING)
    return len(rows), session.scalar(select(func.count()).select_from(Delivery).where(*sending)) or 0
