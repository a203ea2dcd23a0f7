"""Signing a period: what is shown is hashed, the hash is what is signed, and who made it may not sign it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.vocab import Role
from models import Attestation, EvaluationRun, Person
from services import audit
from services.people import require
from services.periods import Period
from services.runtime import Runtime
from services.scoring import signed_result
from services.statements import Statement, codes_of, hash_of, statement
from services.typed import body


@dataclass(frozen=True)
class Signature:
    """A signer's word on one statement: the hash of what was shown, for or against, and why against.

    indicator: whose result is signed; empty: the form's, which alone has further statements.
    """

    code: str
    sha256: str
    confirmed: bool
    dissent: str = ""
    indicator: str = ""


@dataclass(frozen=True)
class Desk:
    """All statements of a period as they stand, with every signature ever given, oldest first."""

    statements: Sequence[Statement]
    signatures: Mapping[str, Sequence[Attestation]]
    locked: Attestation | None

    def last(self, code: str) -> Attestation | None:
        """Return the signature that counts for a statement: the newest."""
        given = self.signatures.get(code, ())
        return given[-1] if given else None


def desk(session: Session, period: Period, indicator: str = "") -> Desk:
    """Return what there is to sign for an indicator's period, and what was signed."""
    rows = session.scalars(
        select(Attestation)
        .outerjoin(EvaluationRun, EvaluationRun.id == Attestation.run_id)
        .where(
            Attestation.period_start == period.start, Attestation.period_end == period.end,
            func.coalesce(EvaluationRun.indicator, "") == indicator,
        )
        .order_by(Attestation.id)
    ).all()  # fmt: skip
    codes = codes_of(indicator)
    given = {code: [row for row in rows if row.code == code] for code in codes}
    locked = signed_result(session, period.start, period.end, indicator)
    return Desk([statement(session, period, code, indicator) for code in codes], given, locked)


def sign(rt: Runtime, period: Period, signature: Signature, person: Person) -> Attestation:
    """Sign one statement of a period.

    Raises role_needed and maker_signs (recorded in the audit), period_locked, statement_changed (it is not
    what was on the screen any more), statement_lacks (nobody may sign for it yet), dissent_empty.
    """
    now = rt.clock.now()
    try:
        with rt.sessions.begin() as session:
            return _sign(session, period, signature, person, now)
    except Forbidden as refusal:
        with rt.sessions.begin() as session:
            audit.record(
                session, person.id, "attestation.sign_refused", None, now, code=refusal.key,
                statement=signature.code, period=period.start.isoformat(),
            )  # fmt: skip
        raise


def _sign(
    session: Session, period: Period, signature: Signature, person: Person, now: datetime
) -> Attestation:
    require(person, Role.APPROVER)
    if signature.code not in codes_of(signature.indicator):
        raise NotFound
    if signed_result(session, period.start, period.end, signature.indicator) is not None:
        raise Conflict("period_locked")
    shown = statement(session, period, signature.code, signature.indicator)
    if person.id in shown.makers:
        raise Forbidden("maker_signs")
    if shown.sha256 != signature.sha256:
        raise Conflict("statement_changed")
    if signature.confirmed and shown.lacking:
        raise Conflict("statement_lacks")
    dissent = body(signature.dissent, "dissent", 5000)
    if not signature.confirmed and not dissent:
        raise BadInput("dissent_empty", field="dissent")
    row = Attestation(
        fiscal_year=period.fiscal_year, period_start=period.start, period_end=period.end, code=signature.code,
        statement=dict(shown.content), statement_sha256=shown.sha256, confirmed=signature.confirmed,
        dissent=dissent, run_id=shown.run_id, signed_by=person.id, signer=person.name,
        position=person.position, signed_at=now,
    )  # fmt: skip
    session.add(row)
    audit.record(
        session, person.id, "attestation.sign", row, now, code=row.code, sha256=row.statement_sha256,
        confirmed=row.confirmed,
    )  # fmt: skip
    return row


def find_signature(session: Session, attestation_id: int) -> Attestation:
    """Return one signature; raises NotFound."""
    row = session.get(Attestation, attestation_id)
    if row is None:
        raise NotFound
    return row


def still_true(row: Attestation) -> bool:
    """Say whether what is stored is what was signed: its hash is computed anew."""
    return hash_of(row.statement) == row.statement_sha256
