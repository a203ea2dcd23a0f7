"""The office's accounts on the platforms: added from a token file, checked, switched off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from connectors.base import CheckReport, PlatformTrouble
from core.errors import BadInput, NotFound
from core.vocab import Channel, Health, Role
from models.accounts import Account
from models.people import Person
from services import audit
from services.claiming import access_of
from services.people import require
from services.runtime import Runtime
from services.troubles import PROBE_AGAIN, set_health
from services.typed import line

__all__ = ["AccountCheck", "access_of", "add_account", "check_account", "check_all", "list_accounts"]

SECRETS: Final[Mapping[Channel, frozenset[str]]] = {
    Channel.FACEBOOK: frozenset({"page_token", "app_id", "app_secret"}),
    Channel.X: frozenset({"consumer_key", "consumer_secret", "access_token", "access_token_secret"}),
}
KEYS: Final = frozenset({"channel", "name", "external_id", "secrets"})
MAY_STAND: Final = frozenset({"username"})  # for the reader of the file
SECRET_LENGTH: Final = 2000


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
    channel, name, external_id, secrets = _read(token)
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        account = session.scalar(
            select(Account).where(Account.channel == channel, Account.external_id == external_id)
        )
        action = "account.renew" if account else "account.add"
        if account is None:
            account = Account(channel=channel, external_id=external_id, created_at=now)
            session.add(account)
        account.name, account.active = name, True
        account.key_id = rt.vault.key_id
        account.sealed = rt.vault.seal(channel, external_id, secrets)
        account.health, account.health_reason, account.blocked_until = Health.UNCHECKED, "", None
        account.probe_at = None
        person_id = person.id if person else None
        audit.record(session, person_id, action, account, now, channel=channel, name=name)
    return account


def check_account(rt: Runtime, account_id: int) -> AccountCheck:
    """Ask the platform whether an account can publish, outside any transaction, and store the answer."""
    with rt.sessions.begin() as session:
        account = find_account(session, account_id)
    report = _ask(rt, account)
    with rt.sessions.begin() as session:
        account = find_account(session, account_id)
        if report is None:
            return AccountCheck(account, reached=False, problems=("platform_unreachable",))
        now = account.checked_at = rt.clock.now()
        set_health(session, account, report.health, ",".join(report.problems), now)
    return AccountCheck(account, reached=True, problems=report.problems)


def check_all(rt: Runtime) -> list[AccountCheck]:
    """Check every active account, one after the other."""
    with rt.sessions.begin() as session:
        ids = session.scalars(select(Account.id).where(Account.active).order_by(Account.id)).all()
    return [check_account(rt, account_id) for account_id in ids]


def probe_due(rt: Runtime) -> list[AccountCheck]:
    """Check the accounts whose turn it is: daily, and every quarter of an hour while one cannot publish."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        due = or_(Account.probe_at.is_(None), Account.probe_at <= now)
        rows = session.scalars(
            select(Account).where(Account.active, due).order_by(Account.id).with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.probe_at = now + PROBE_AGAIN  # another worker leaves it alone; what is learnt decides anew
    return [check_account(rt, row.id) for row in rows]


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


def _ask(rt: Runtime, account: Account) -> CheckReport | None:
    """Return the platform's word, None if it gave none."""
    try:
        return rt.connectors[account.channel].check(access_of(rt, account))
    except PlatformTrouble as trouble:
        return CheckReport(trouble.health, problems=(trouble.code,)) if trouble.health else None


def _read(token: Mapping[str, Any]) -> tuple[Channel, str, str, dict[str, str]]:
    """Take a token file apart; errors name keys, never values."""
    _check_keys(token, KEYS, MAY_STAND, "")
    if token["channel"] not in set(Channel):
        raise BadInput("token_file_invalid", field="token", key="channel")
    channel = Channel(token["channel"])
    secrets = token["secrets"]
    _check_keys(secrets, SECRETS[channel], frozenset(), "secrets.")
    name, external_id = line(str(token["name"]), "name", 200), str(token["external_id"]).strip()
    if not name:
        raise BadInput("token_file_invalid", field="token", key="name")
    if not external_id.isascii() or not external_id.isdigit() or len(external_id) > 40:  # noqa: PLR2004 -- the column
        raise BadInput("token_file_invalid", field="token", key="external_id")
    for key, value in secrets.items():
        if not isinstance(value, str) or not value.strip() or len(value) > SECRET_LENGTH:
            raise BadInput("token_file_invalid", field="token", key=f"secrets.{key}")
    return channel, name, external_id, {key: value.strip() for key, value in secrets.items()}


def _check_keys(found: object, needed: frozenset[str], allowed: frozenset[str], prefix: str) -> None:
    if not isinstance(found, Mapping):
        raise BadInput("token_file_invalid", field="token", key=prefix.rstrip(".") or "{}")
    wrong = sorted(needed - found.keys()) + sorted(str(key)[:40] for key in found.keys() - needed - allowed)
    if wrong:
        raise BadInput("token_file_invalid", field="token", key=", ".join(prefix + key for key in wrong))
