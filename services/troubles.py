"""What an answer says about the whole account: its queue is held, and somebody is told once."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import PlatformTrouble, Rejected, RetryLater
from core.vocab import PUBLIC_PHASES, AlertKind, AttemptOutcome, Health
from models import Account, Attempt, Delivery
from services.alerts import end_alert, raise_alert
from services.holds import hold_account

RATE_LIMITED = "rate_limited"
# X's answers to many different things: one post's fault, or the account's; the second is none we know
NOT_PERMITTED = "not_permitted"
WITHOUT_A_REASON = (NOT_PERMITTED, "refused_unknown")
IN_A_ROW = 2
LEAST_WAIT_S = 15.0
PROBE_AGAIN = timedelta(minutes=15)  # how often an account that cannot publish is asked whether it can again
PROBE_DAILY = timedelta(hours=24)
REFUSED_TOKENS = ("token_dead", "token_expired")  # what another token may help
JUST_RENEWED = timedelta(minutes=1)
JUST_CHECKED = timedelta(minutes=1)
RENEWAL_TRUSTED = timedelta(minutes=10)  # a token refused sooner than that is not helped by another one


def note_trouble(session: Session, account: Account, trouble: PlatformTrouble, now: datetime) -> None:
    """Hold an account that the platform refuses as a whole, or for a while; leave it alone otherwise."""
    until = now + timedelta(seconds=max(trouble.wait_s, LEAST_WAIT_S))
    if may_renew(account, trouble.code, now):
        return
    if trouble.health is not None:
        found_well = account.checked_at if account.health is Health.OK else None
        set_health(session, account, trouble.health, trouble.code, now)
        if found_well and now - found_well < JUST_CHECKED:
            # a call begun before the check may tell of what was put right since: ask again, soon
            account.probe_at = now
        if trouble.health is Health.BLOCKED:
            account.blocked_until = until
    elif isinstance(trouble, RetryLater) and trouble.code == RATE_LIMITED:
        # every other post of this account would get the same answer, and make things worse
        account.blocked_until = max(account.blocked_until or until, until)
    elif isinstance(trouble, Rejected) and trouble.code in WITHOUT_A_REASON:
        _note_refusal(session, account, trouble.code, now)


def _note_refusal(session: Session, account: Account, code: str, now: datetime) -> None:
    """Tell of an answer nobody knows yet; hold an account that is refused twice without a reason."""
    if _in_a_row(session, account):
        code = "refused_in_a_row"
        hold_account(session, account, code, now)
    if code != NOT_PERMITTED:
        raise_alert(session, AlertKind.ACCOUNT, account.id, now, code)


def _in_a_row(session: Session, account: Account) -> bool:
    """Say whether the account's last posts were all refused without a reason."""
    last = session.execute(
        select(Attempt.delivery_id, Attempt.code)
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .where(
            Delivery.account_id == account.id,
            Attempt.phase.in_(PUBLIC_PHASES),
            Attempt.outcome != AttemptOutcome.OPEN,
        )
        .order_by(Attempt.id.desc())
        .limit(IN_A_ROW)
    ).all()
    told = dict(last)
    return len(told) == IN_A_ROW and all(code in WITHOUT_A_REASON for code in told.values())


def may_renew(account: Account, code: str, now: datetime) -> bool:
    """Say whether a program renews the refused token, before anybody is told; then the next one is asked for.

    A call begun just before the last renewal was refused for the old token: the next call has the new one.
    """
    if account.refresh_at is None or code not in REFUSED_TOKENS:
        return False
    since = now - account.refreshed_at if account.refreshed_at else RENEWAL_TRUSTED
    if since >= RENEWAL_TRUSTED:
        account.refresh_at = now
    return since >= RENEWAL_TRUSTED or since < JUST_RENEWED


def set_health(session: Session, account: Account, health: Health, reason: str, now: datetime) -> None:
    """Keep what is known of an account, open its alert while it cannot publish and close it when it can."""
    account.health, account.health_reason = health, reason[:200]
    if health is Health.OK:
        account.blocked_until = None
        account.probe_at = now + PROBE_DAILY
        end_alert(session, AlertKind.ACCOUNT, account.id, now)
        return
    account.probe_at = now + PROBE_AGAIN
    raise_alert(session, AlertKind.ACCOUNT, account.id, now, reason.partition(",")[0])
