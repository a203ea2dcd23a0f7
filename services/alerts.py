"""Alerts: one while a trouble lasts, shown to who can do something, closed when it is over or seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.fiscal import to_be
from core.vocab import AlertKind, Role
from models import Account, Alert, Delivery, Person, Post
from services import audit

LISTED = 200  # ids kept in one alert; its count goes on
HANDS = frozenset({Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR})
ABOUT_DELIVERIES = (AlertKind.UNSETTLED, AlertKind.HUNG)
ABOUT_ACCOUNTS = (AlertKind.ACCOUNT, AlertKind.ENDING)
FOR_KPI = (AlertKind.CLOSING,)
FOR_HANDS = (*ABOUT_ACCOUNTS, AlertKind.UNSETTLED, AlertKind.RESTORED, AlertKind.BUDGET)


@dataclass(frozen=True)
class AlertView:
    """An alert and the name of the account or post it is about, empty if it is about neither."""

    alert: Alert
    name: str


def raise_alert(
    session: Session, kind: AlertKind, subject_id: int, now: datetime, code: str, about: Sequence[int] = ()
) -> bool:
    """Open an alert, or add to the one that is open; True if it is new.

    subject_id: what the kind counts (see AlertKind), 0 for none. code: a key of [reason], may be empty.
    about: ids of what it is about, counted and kept; none counts as one more time of the same.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.scalar(
        dialect.insert(Alert)
        .values(
            kind=kind, subject_id=subject_id, code=code, opened_at=now, last_at=now,
            count=len(about) or 1, detail={"about": list(about[:LISTED])},
        )
        .on_conflict_do_nothing()
        .returning(Alert.id)
    )  # fmt: skip
    if made is not None:
        return True
    row = session.scalars(_open(kind, subject_id).with_for_update()).one_or_none()
    if row is not None:  # else somebody closed it just now; the next look opens another
        row.last_at, row.code = now, code or row.code
        row.count += len(about) or 1
        row.detail = row.detail | {"about": [*row.detail["about"], *about][:LISTED]}
    return False


def end_alert(session: Session, kind: AlertKind, subject_id: int, now: datetime) -> None:
    """Close an alert whose trouble is over; nothing if none is open."""
    for row in session.scalars(_open(kind, subject_id).with_for_update()):
        row.closed_at = now


def shown_to(session: Session, person: Person) -> list[AlertView]:
    """Return a person's open alerts with the names of what they are about; three queries at most."""
    rows = alerts_of(session, person)
    accounts = {row.subject_id for row in rows if row.kind in ABOUT_ACCOUNTS}
    deliveries = {row.subject_id for row in rows if row.kind in ABOUT_DELIVERIES}
    names: dict[tuple[bool, int], str] = {}
    if accounts:
        found = session.execute(select(Account.id, Account.name).where(Account.id.in_(accounts)))
        names |= {(False, one): name for one, name in found}
    if deliveries:
        titles = select(Delivery.id, Post.title).join(Delivery.post).where(Delivery.id.in_(deliveries))
        names |= {(True, one): title for one, title in session.execute(titles)}
    return [
        AlertView(row, _month_words(row.subject_id))
        if row.kind is AlertKind.CLOSING
        else AlertView(row, names.get((row.kind in ABOUT_DELIVERIES, row.subject_id), ""))
        for row in rows
    ]


def _month_words(subject: int) -> str:
    """Return `10/2563` for 202010."""
    year, month = divmod(subject, 100)
    return f"{month:02d}/{to_be(year)}"


def alerts_of(session: Session, person: Person) -> Sequence[Alert]:
    """Return the open alerts that this person should see, newest first."""
    return session.scalars(
        select(Alert).where(Alert.closed_at.is_(None), _meant_for(person)).order_by(Alert.id.desc())
    ).all()


def see_alert(session: Session, alert_id: int, person: Person, now: datetime) -> Alert:
    """Put away an alert that a person has read; if the trouble lasts, the next look opens a new one."""
    row = session.scalars(
        select(Alert)
        .where(Alert.id == alert_id, Alert.closed_at.is_(None), _meant_for(person))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    row.closed_at, row.closed_by = now, person.id
    audit.record(session, person.id, "alert.see", row, now, kind=row.kind, count=row.count)
    return row


def _open(kind: AlertKind, subject_id: int) -> Select[Alert]:
    return select(Alert).where(Alert.kind == kind, Alert.subject_id == subject_id, Alert.closed_at.is_(None))


def _meant_for(person: Person) -> ColumnElement[bool]:
    """Show authors their own digests, hands the queue's troubles, administrators everything else."""
    mine = and_(Alert.kind == AlertKind.MISSED, Alert.subject_id == person.id)
    if Role.ADMINISTRATOR in person.roles:
        return or_(mine, Alert.kind != AlertKind.MISSED)
    hands = FOR_HANDS if person.roles & HANDS else ()
    kinds = (*hands, *(FOR_KPI if Role.KPI_OFFICER in person.roles else ()))
    return or_(mine, Alert.kind.in_(kinds)) if kinds else mine
