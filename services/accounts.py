"""The office's accounts on the platforms: kept with sealed tokens, checked in time, switched off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.base import PlatformTrouble
from connectors.reports import CheckReport
from core.errors import NotFound
from core.vocab import Channel, DeliveryState, Health, Role
from models.accounts import Account
from models.deliveries import Delivery
from models.people import Person
from services import audit
from services.claiming import access_of
from services.endings import forget_endings, note_endings, tell_endings
from services.people import require
from services.renewing import renew_account, renewal_of
from services.runtime import Runtime
from services.token_files import read_token
from services.troubles import PROBE_AGAIN, may_renew, set_health
from services.vault import about_account

__all__ = ["AccountCheck", "access_of", "add_account", "check_account", "check_all", "list_accounts"]

# how long before a post its account is asked once more whether it can publish
BEFORE_A_POST = (timedelta(hours=72), timedelta(hours=24), timedelta(hours=1))
WAITING = (DeliveryState.SCHEDULED, DeliveryState.HELD)


@dataclass(frozen=True)
class Keys:
    """What opens an account: its secrets, and when they end (None: not by themselves, or not known)."""

    secrets: Mapping[str, str] = field(repr=False)
    ends_at: datetime | None = None
    data_access_ends_at: datetime | None = None


@dataclass(frozen=True)
class AccountCheck:
    """What a check found. reached False: the platform did not answer, and the stored health stayed as it was.

    problems: codes of the locales' [reason] table; `platform_unreachable` if not reached.
    """

    account: Account
    reached: bool
    problems: tuple[str, ...] = ()


def add_account(rt: Runtime, token: Mapping[str, Any], person: Person | None) -> Account:
    """Add an account, or give a known one new tokens; the tokens are sealed and never shown again.

    token: {"channel", "name", "external_id", "secrets": {…}}. Raises `token_file_invalid` naming the key.
    """
    if person is not None:
        require(person, Role.ADMINISTRATOR)
    told = read_token(token)
    with rt.sessions.begin() as session:
        person_id = person.id if person else None
        return keep_account(
            rt, session, (told.channel, told.external_id, told.name), Keys(told.secrets), person_id
        )


def keep_account(
    rt: Runtime, session: Session, who: tuple[Channel, str, str], keys: Keys, person_id: int | None
) -> Account:
    """Store an account, or new keys of a known one; it is used from now on and checked soon.

    who: channel, external id, name.
    """
    channel, external_id, name = who
    now = rt.clock.now()
    account = session.scalar(
        select(Account)
        .where(Account.channel == channel, Account.external_id == external_id)
        .with_for_update()
    )
    action = "account.renew" if account else "account.add"
    if account is None:
        account = Account(channel=channel, external_id=external_id, created_at=now)
        session.add(account)
    account.name, account.active, account.disconnected_at = name, True, None
    account.key_id = rt.vault.key_id
    account.sealed = rt.vault.seal(about_account(channel, external_id), keys.secrets)
    account.health, account.health_reason, account.blocked_until = Health.UNCHECKED, "", None
    account.probe_at, account.refreshed_at, account.refreshing_until = None, None, None
    renewal_of(rt, account, keys.secrets, keys.ends_at)
    account.data_access_ends_at = keys.data_access_ends_at
    forget_endings(session, account, now)
    tell_endings(session, account, now)
    audit.record(session, person_id, action, account, now, channel=channel, name=name)
    return account


def check_account(rt: Runtime, account_id: int) -> AccountCheck:
    """Ask the platform whether an account can publish, outside any transaction, and store the answer."""
    with rt.sessions.begin() as session:
        account = find_account(session, account_id)
        account.probed_at = now = rt.clock.now()
        if account.disconnected_at is not None:
            return AccountCheck(account, reached=True, problems=("disconnected",))
    renew_account(rt, account_id)
    report = _ask(rt, account_id)
    if report is not None and any(_renewed_after(rt, account_id, code) for code in report.problems):
        report = _ask(rt, account_id)
    with rt.sessions.begin() as session:
        account = find_account(session, account_id)
        if report is None:
            return AccountCheck(account, reached=False, problems=("platform_unreachable",))
        now = account.checked_at = rt.clock.now()
        note_endings(account, report.endings)
        tell_endings(session, account, now)
        set_health(session, account, report.health, ",".join(report.problems), now)
    return AccountCheck(account, reached=True, problems=report.problems)


def check_all(rt: Runtime) -> list[AccountCheck]:
    """Check every active account, one after the other."""
    with rt.sessions.begin() as session:
        ids = session.scalars(select(Account.id).where(Account.active).order_by(Account.id)).all()
    return [check_account(rt, account_id) for account_id in ids]


def probe_due(rt: Runtime) -> list[AccountCheck]:
    """Check the accounts whose turn it is, each once, however many posts wait for it.

    Daily; 72, 24 and 1 hours before a post; every quarter of an hour while one cannot publish.
    """
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        rows = session.scalars(
            select(Account).where(Account.active).order_by(Account.id).with_for_update(skip_locked=True)
        ).all()
        posts = _next_posts(session, now)
        due = [row for row in rows if _is_due(row, posts.get(row.id), now)]
        for row in due:
            row.probe_at = now + PROBE_AGAIN  # another worker leaves it alone; what is learnt decides anew
            row.probed_at = now
    return [check_account(rt, row.id) for row in due]


def list_accounts(session: Session, *, active_only: bool = False) -> Sequence[Account]:
    """Return the accounts, by channel and name."""
    rows = select(Account).order_by(Account.channel, Account.name, Account.id)
    return session.scalars(rows.where(Account.active) if active_only else rows).all()


def find_account(session: Session, account_id: int) -> Account:
    """Return one account; raises NotFound."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def set_active(rt: Runtime, account_id: int, person: Person | None, *, active: bool) -> Account:
    """Use an account or leave it out; what is scheduled for it waits meanwhile."""
    if person is not None:
        require(person, Role.ADMINISTRATOR)
    with rt.sessions.begin() as session:
        account = find_account(session, account_id)
        account.active = active
        person_id = person.id if person else None
        audit.record(session, person_id, "account.active", account, rt.clock.now(), active=active)
    return account


def _ask(rt: Runtime, account_id: int) -> CheckReport | None:
    """Return the platform's word, None if it gave none."""
    with rt.sessions.begin() as session:
        account = find_account(session, account_id)
        channel, access = account.channel, access_of(rt, account)
    try:
        return rt.connectors[channel].check(access)
    except PlatformTrouble as trouble:
        return CheckReport(trouble.health, problems=(trouble.code,)) if trouble.health else None


def _renewed_after(rt: Runtime, account_id: int, code: str) -> bool:
    """Fetch the next token in place of a refused one, where a program can; True if it was asked for."""
    with rt.sessions.begin() as session:
        if not may_renew(find_account(session, account_id), code, rt.clock.now()):
            return False
    return renew_account(rt, account_id)


def _next_posts(session: Session, now: datetime) -> dict[int, datetime]:
    """Return when the next post of each account is due, within three days; one query for all."""
    rows = session.execute(
        select(Delivery.account_id, func.min(Delivery.due_at))
        .where(Delivery.state.in_(WAITING), Delivery.due_at > now, Delivery.due_at <= now + BEFORE_A_POST[0])
        .group_by(Delivery.account_id)
    )
    return dict(rows.all())


def _is_due(row: Account, next_post: datetime | None, now: datetime) -> bool:
    if row.probe_at is None or row.probe_at <= now:
        return True
    if next_post is None or (row.probed_at is not None and now - row.probed_at < PROBE_AGAIN):
        return False
    looks = [next_post - ahead for ahead in BEFORE_A_POST if next_post - ahead <= now]
    return row.checked_at is None or row.checked_at < max(looks)
