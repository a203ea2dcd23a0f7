"""The office's own app on each platform: its id in the open, its secret sealed and never shown again."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.login import App
from core.errors import BadInput, Conflict
from core.vocab import Channel, Role
from models import Account, AppKeys, Person
from services import audit
from services.claiming import access_of
from services.people import require
from services.runtime import Runtime
from services.vault import about_account

ID_LENGTH = 100
SECRET_LENGTH = 500
NEEDS_SECRET = frozenset({Channel.FACEBOOK})  # X takes public clients, too
# under which names the secrets of an account repeat its app's
IN_ACCOUNTS = {Channel.FACEBOOK: ("app_id", "app_secret"), Channel.X: ("client_id", "client_secret")}


@dataclass(frozen=True)
class KnownApp:
    """What may be shown of an app."""

    channel: Channel
    public_id: str
    changed_at: datetime


def keep_app(
    rt: Runtime, channel: Channel, public_id: str, secret: str, person: Person | None, app_bearer: str = ""
) -> int:
    """Store an app, or its new secret; return how many accounts got it.

    secret, app_bearer (X's "Bearer Token" of the app): empty keeps the stored one while the id stays the
    same. Raises app_id_bad, app_secret_bad, app_bearer_bad.
    """
    if person is not None:
        require(person, Role.ADMINISTRATOR)
    clean_id, clean = _clean(public_id, "public_id", "app_id_bad", ID_LENGTH), secret.strip()
    bearer = _clean(app_bearer, "app_bearer", "app_bearer_bad", SECRET_LENGTH) if app_bearer.strip() else ""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        row = session.get(AppKeys, channel, with_for_update=True)
        held = _opened(rt, row)
        if not clean and (row is None or row.public_id != clean_id) and channel in NEEDS_SECRET:
            raise BadInput("app_secret_bad", field="secret")
        clean = _clean(clean, "secret", "app_secret_bad", SECRET_LENGTH) if clean else held.get("secret", "")
        if row is None:
            row = AppKeys(channel=channel, changed_at=now, public_id=clean_id)
            session.add(row)
        bearer = bearer or (held.get("app_bearer", "") if row.public_id == clean_id else "")
        row.public_id, row.key_id = clean_id, rt.vault.key_id
        word = held.get("verify_token") or secrets.token_urlsafe(24)
        told = {"secret": clean, "verify_token": word, "app_bearer": bearer}
        row.sealed = rt.vault.seal(_about(channel), told)
        row.changed_at, row.changed_by = now, person.id if person else None
        given = _give_to_accounts(rt, session, channel, App(clean_id, clean))
        audit.record(session, row.changed_by, "account.app", None, now, channel=channel, accounts=given)
    return given


def app_of(rt: Runtime, session: Session, channel: Channel) -> App:
    """Return an app with its secret, for one use; raises `app_missing`."""
    row = session.get(AppKeys, channel)
    if row is None:
        raise Conflict("app_missing", channel=channel)
    return App(row.public_id, _opened(rt, row)["secret"])


def verify_token(rt: Runtime, session: Session, channel: Channel) -> str:
    """Return the word that a platform must know to subscribe our webhook; empty without an app."""
    return _opened(rt, session.get(AppKeys, channel)).get("verify_token", "")


def app_bearer(rt: Runtime, session: Session, channel: Channel) -> str:
    """Return the app's own token, empty if nobody stored one."""
    return _opened(rt, session.get(AppKeys, channel)).get("app_bearer", "")


def known_apps(session: Session) -> dict[Channel, KnownApp]:
    """Return what may be shown of the apps."""
    return {
        row.channel: KnownApp(row.channel, row.public_id, row.changed_at)
        for row in session.scalars(select(AppKeys))
    }


def reseal_app(rt: Runtime, row: AppKeys) -> None:
    """Seal an app's secrets with the key in use now."""
    opened = _opened(rt, row)
    row.key_id, row.sealed = rt.vault.key_id, rt.vault.seal(_about(row.channel), opened)


def _give_to_accounts(rt: Runtime, session: Session, channel: Channel, app: App) -> int:
    """Put an app's new secret into the accounts that were connected through it; return how many."""
    id_name, secret_name = IN_ACCOUNTS[channel]
    given = 0
    rows = select(Account).where(Account.channel == channel).order_by(Account.id).with_for_update()
    for account in session.scalars(rows):
        held = dict(access_of(rt, account).secrets)
        if held.get(id_name) == app.client_id and held.get(secret_name, "") != app.client_secret:
            held[secret_name] = app.client_secret
            about = about_account(channel, account.external_id)
            account.key_id, account.sealed = rt.vault.key_id, rt.vault.seal(about, held)
            account.probe_at, given = None, given + 1
    return given


def _opened(rt: Runtime, row: AppKeys | None) -> dict[str, str]:
    return rt.vault.unseal(_about(row.channel), row.key_id, row.sealed) if row else {}


def _about(channel: Channel) -> str:
    return f"app:{channel}:sealed"


def _clean(typed: str, field: str, code: str, limit: int) -> str:
    clean = typed.strip()
    if not clean or len(clean) > limit or not clean.isascii() or not clean.isprintable() or " " in clean:
        raise BadInput(code, field=field)
    return clean
