"""What an account lives on ends on a known day: somebody is told 14, 7 and 1 days ahead, once each."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from connectors.reports import Ending
from core.vocab import AlertKind
from models import Account
from services.alerts import end_alert, raise_alert

log = structlog.get_logger()

DAYS = (1, 7, 14)  # the smallest that fits is the one told
TOKEN, DATA_ACCESS = "token_expiring", "data_access_expiring"


def note_endings(account: Account, told: Iterable[Ending]) -> None:
    """Keep the days that the platform named; what a program renews by itself does not end."""
    ends = {one.code: one.at for one in told}
    if account.refresh_at is None:
        account.token_ends_at = ends.get(TOKEN, account.token_ends_at)
    account.data_access_ends_at = ends.get(DATA_ACCESS, account.data_access_ends_at)


def tell_endings(session: Session, account: Account, now: datetime) -> bool:
    """Raise the alert of a threshold just passed, close it once the end moved away; True if raised."""
    code, ends_at = first_ending(account)
    days = next((days for days in DAYS if ends_at and ends_at - now <= timedelta(days=days)), None)
    if days is None:
        if account.ending_told is not None:
            forget_endings(session, account, now)
        return False
    if account.ending_told is not None and account.ending_told <= days:
        return False
    account.ending_told = days
    end_alert(session, AlertKind.ENDING, account.id, now)  # the words of the next threshold stand alone
    raise_alert(session, AlertKind.ENDING, account.id, now, ending_code(account))
    log.warning("account.ending", account_id=account.id, code=code, days=days)
    return True


def forget_endings(session: Session, account: Account, now: datetime) -> None:
    """Close the alert of an account that has new keys, or none any more."""
    account.ending_told = None
    session.flush()  # a new account has no number before
    end_alert(session, AlertKind.ENDING, account.id, now)


def tell_all_endings(session: Session, now: datetime) -> None:
    """Look at the days of every account in use, and at those that were told of before."""
    limit = now + timedelta(days=DAYS[-1])
    soon = or_(
        Account.token_ends_at <= limit, Account.data_access_ends_at <= limit, Account.ending_told.is_not(None)
    )
    for account in session.scalars(
        select(Account).where(Account.active, soon).order_by(Account.id).with_for_update(skip_locked=True)
    ):
        tell_endings(session, account, now)


def first_ending(account: Account) -> tuple[str, datetime | None]:
    """Return what ends first and when; no moment if nothing ends."""
    if account.disconnected_at is not None:
        return "", None
    ends = [(at, code) for code, at in _ends(account) if at is not None]
    at, code = min(ends, default=(None, ""))
    return code, at


def ending_code(account: Account) -> str:
    """Return the code of [reason] for what ends soon, empty if nothing was told of."""
    code, at = first_ending(account)
    return f"{code}_{account.ending_told}" if at and account.ending_told is not None else ""


def _ends(account: Account) -> tuple[tuple[str, datetime | None], ...]:
    return (TOKEN, account.token_ends_at), (DATA_ACCESS, account.data_access_ends_at)
