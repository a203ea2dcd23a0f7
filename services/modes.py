"""Election and mourning: while a mode is on, nothing goes out that nobody has looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, NotFound
from core.vocab import DeliveryState, ModeKind, Role
from models import Clearance, Delivery, Mode, Person
from services import audit
from services.gates import mode_covers, mode_on
from services.people import require
from services.typed import line
from services.unsent import Fate, hold_scheduled

REASONS = {kind: f"mode_{kind}" for kind in ModeKind}  # codes of the locales' [reason]


@dataclass(frozen=True)
class ModeForm:
    """A mode as declared: from when (now or later), until when if that is known."""

    kind: ModeKind
    starts_at: datetime
    ends_at: datetime | None
    why: str


def declare(session: Session, form: ModeForm, person: Person, now: datetime) -> tuple[Mode, Fate]:
    """Declare a mode; if it is on already, what waits is held at once.

    Raises reason_empty, mode_end_before_start, mode_declared if one of this kind is on or comes.
    """
    require(person, Role.APPROVER, Role.ADMINISTRATOR)
    why = line(form.why, "why", 300, needed="reason_empty")
    if form.ends_at is not None and form.ends_at <= max(form.starts_at, now):
        raise BadInput("mode_end_before_start", field="ends_at")
    if any(mode.kind is form.kind for mode in list_modes(session, now)):
        raise Conflict("mode_declared")
    mode = Mode(
        kind=form.kind, starts_at=form.starts_at, ends_at=form.ends_at, why=why, person_id=person.id,
        declared_at=now,
    )  # fmt: skip
    session.add(mode)
    audit.record(session, person.id, "mode.declare", mode, now, kind=form.kind, reason=why)
    return mode, hold_covered(session, now, person.id)


def end_mode(session: Session, mode_id: int, person: Person, now: datetime) -> Mode:
    """End a mode before its time, or take it back; what it holds stays held until somebody lets it out."""
    require(person, Role.APPROVER, Role.ADMINISTRATOR)
    mode = session.get(Mode, mode_id, with_for_update=True)
    if mode is None:
        raise NotFound
    if mode.ended_at is not None:
        raise Conflict("mode_over")
    mode.ended_at, mode.ended_by = now, person.id
    audit.record(session, person.id, "mode.end", mode, now, kind=mode.kind)
    return mode


def list_modes(session: Session, now: datetime) -> Sequence[Mode]:
    """Return the modes that are on or to come, the earliest first."""
    unfinished = or_(Mode.ends_at.is_(None), Mode.ends_at > now)
    return session.scalars(
        select(Mode).where(Mode.ended_at.is_(None), unfinished).order_by(Mode.starts_at, Mode.id)
    ).all()


def hold_covered(session: Session, now: datetime, person_id: int | None = None) -> Fate:
    """Hold what a mode that is on now covers: all that waits and is due before it ends."""
    fate = Fate()
    for mode in session.scalars(select(Mode).where(*mode_on(now)).order_by(Mode.id)).all():
        wanted = select(Delivery).where(
            Delivery.state.in_((DeliveryState.SCHEDULED, DeliveryState.SENDING, DeliveryState.UNCERTAIN)),
            select(Mode.id)
            .where(*mode_covers(now, Delivery.id), Mode.id == mode.id)
            .correlate(Delivery)
            .exists(),
        )
        if mode.ends_at is not None:
            wanted = wanted.where(Delivery.due_at < mode.ends_at)
        rows = session.scalars(wanted.order_by(Delivery.id).with_for_update()).all()
        held = hold_scheduled(rows, REASONS[mode.kind], person_id, now)
        fate = Fate(fate.held + held.held, fate.in_flight + held.in_flight)
    return fate


def clear(session: Session, delivery: Delivery, why: str, person: Person, now: datetime) -> None:
    """Let a delivery out of the modes that cover it; what a mode holds needs an approver and a reason.

    Does nothing for a delivery that no mode covers or held. Raises reason_empty, role_needed.
    """
    modes = session.scalars(select(Mode).where(*mode_covers(now, delivery.id)).order_by(Mode.id)).all()
    if not modes and delivery.reason not in REASONS.values():
        return
    require(person, Role.APPROVER, Role.ADMINISTRATOR)
    reason = line(why, "why", 300, needed="reason_empty")
    session.add_all(
        Clearance(mode_id=mode.id, delivery_id=delivery.id, person_id=person.id, at=now, why=reason)
        for mode in modes
    )
    audit.record(session, person.id, "delivery.clear", delivery, now, reason=reason)
