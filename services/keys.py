"""Changing the encryption key while everything runs: row by row, to be stopped and repeated at any time."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.errors import Conflict
from core.vocab import Role
from models import Account, AppKeys, Handshake, Person
from services import audit
from services.apps import reseal_app
from services.claiming import access_of
from services.people import require
from services.runtime import Runtime
from services.vault import about_account, begin_key, keep_first_key


@dataclass(frozen=True)
class Rotated:
    """How many rows were sealed anew, and how many are still sealed with an older key."""

    sealed: int
    left: int


def rotate(rt: Runtime, person: Person | None, *, new_key: bool, forget_old: bool = False) -> Rotated:
    """Begin a key if wanted, seal every row with the newest, forget the older keys if wanted.

    Processes that run notice the new key by the first row they cannot open; until then they seal with the old
    one, so a second call comes before forgetting it. Raises keys_in_use.
    """
    if person is not None:
        require(person, Role.ADMINISTRATOR)
    if new_key:
        begin_key(rt.vault.key_file)
        rt.vault.look_again()
    sealed = sum(_seal_accounts(rt)) + sum(_seal_apps(rt))
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        # a sign-in under way is begun again sooner than re-sealed
        session.execute(
            update(Handshake)
            .where(_older(rt, Handshake.key_id), Handshake.closed_at.is_(None))
            .values(closed_at=now)
        )
        left = _left(rt, session)
        audit.record(
            session, person.id if person else None, "keys.rotate", None, now, sealed=sealed, left=left
        )
    if forget_old:
        if left:
            raise Conflict("keys_in_use", n=left)
        keep_first_key(rt.vault.key_file)
        rt.vault.look_again()
    return Rotated(sealed, left)


def _seal_accounts(rt: Runtime) -> list[bool]:
    with rt.sessions.begin() as session:
        ids = session.scalars(select(Account.id).where(_older(rt, Account.key_id)).order_by(Account.id)).all()
    return [_seal_account(rt, account_id) for account_id in ids]


def _seal_account(rt: Runtime, account_id: int) -> bool:
    """Seal one account in a transaction of its own: whoever publishes waits for no other."""
    with rt.sessions.begin() as session:
        account = session.get_one(Account, account_id, with_for_update=True)
        if account.key_id == rt.vault.key_id:
            return False
        secrets = access_of(rt, account).secrets
        about = about_account(account.channel, account.external_id)
        account.key_id, account.sealed = rt.vault.key_id, rt.vault.seal(about, secrets)
        return True


def _seal_apps(rt: Runtime) -> list[bool]:
    with rt.sessions.begin() as session:
        rows = session.scalars(select(AppKeys).where(_older(rt, AppKeys.key_id)).with_for_update()).all()
        for row in rows:
            reseal_app(rt, row)
        return [True for _ in rows]


def _left(rt: Runtime, session: Session) -> int:
    counts = [
        select(func.count()).select_from(kind).where(_older(rt, kind.key_id)) for kind in (Account, AppKeys)
    ]
    return sum(session.scalar(count) or 0 for count in counts)


def _older(rt: Runtime, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return column != rt.vault.key_id
