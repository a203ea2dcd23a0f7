"""A period's evidence file: asked for by a person or by the calendar, made by a worker, chained."""

import contextlib
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, NotFound, RukonError
from core.fiscal import Span
from core.vocab import BundleState, Role
from models import EvidenceBundle, Person
from reports import bundle, manifest
from services import audit
from services.evidence_document import compose as compose_evidence
from services.evidence_files import bundle_path, label_of, render, write
from services.evidence_signatures import signed_files, signed_rows
from services.evidence_sources import raw_files
from services.people import require
from services.runtime import Runtime
from services.scoring import period_of, run, run_in_force, signed_result
from services.typed import line
from services.year_form import compose as compose_form

log = structlog.get_logger()

UNDER_WAY = (BundleState.REQUESTED, BundleState.BUILDING)
LONGEST_REASON = 300
ABANDONED = timedelta(minutes=10)


def request_bundle(
    session: Session, span: Span, person: Person | None, now: datetime, reason: str = ""
) -> EvidenceBundle:
    """Ask for a period's file; a second version needs a reason. Raises bundle_in_progress, reason_empty.

    person: None when the calendar asks.
    """
    if person is not None:
        require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    if span.start() > now:
        raise BadInput("month_in_future", field="month")
    rows = session.scalars(select(EvidenceBundle).where(EvidenceBundle.period == str(span))).all()
    if any(row.state in UNDER_WAY for row in rows):
        raise Conflict("bundle_in_progress")
    why = line(reason, "reason", LONGEST_REASON)
    if not why and any(row.state is BundleState.READY for row in rows):
        raise BadInput("reason_empty", field="reason")
    row = EvidenceBundle(
        period=str(span), fiscal_year=span.fiscal_year, version=len(rows) + 1, reason=why,
        requested_by=person.id if person else None, requested_at=now,
    )  # fmt: skip
    session.add(row)
    who = person.id if person else None
    audit.record(session, who, "evidence.request", row, now, month=str(span), reason=why)
    return row


def list_bundles(session: Session, limit: int = 100) -> Sequence[EvidenceBundle]:
    """Return the files, newest first."""
    return session.scalars(
        select(EvidenceBundle)
        .order_by(EvidenceBundle.period.desc(), EvidenceBundle.version.desc())
        .limit(limit)
    ).all()


def bundles_by_period(session: Session, year: int) -> dict[str, list[EvidenceBundle]]:
    """Return a fiscal year's files by their period, newest version first."""
    rows = session.scalars(
        select(EvidenceBundle)
        .where(EvidenceBundle.fiscal_year == year)
        .order_by(EvidenceBundle.version.desc(), EvidenceBundle.id.desc())
    )
    found: dict[str, list[EvidenceBundle]] = {}
    for row in rows:
        found.setdefault(row.period, []).append(row)
    return found


def find_bundle(session: Session, bundle_id: int) -> EvidenceBundle:
    """Return one file's row; raises NotFound."""
    row = session.get(EvidenceBundle, bundle_id)
    if row is None:
        raise NotFound
    return row


def build_all(rt: Runtime) -> int:
    """Make every file that was asked for, one after another; return how many."""
    made = 0
    while (bundle_id := _take(rt)) is not None:
        try:
            build(rt, bundle_id)
        except Exception as exc:
            log.exception("evidence.build_failed", bundle_id=bundle_id)
            _fail(rt, bundle_id, exc.key if isinstance(exc, RukonError) else "error")
        made += 1
    return made


def build(rt: Runtime, bundle_id: int) -> None:
    """Freeze the document, render it, write the ZIP, and only then say that it is ready."""
    with rt.sessions.begin() as session:
        row = find_bundle(session, bundle_id)
        now = rt.clock.now()
        previous = _previous(session)
        period = period_of(row.period, now)
        the_run = run_in_force(session, period) if signed_result(session, period.start, period.end) else None
        the_run = the_run or run(session, period, rt)
        year = Span.parse(row.period).is_year
        row.run_id = the_run.id
        row.document = (compose_form if year else compose_evidence)(session, row, the_run, previous, now)
        extra = signed_files(signed_rows(session, Span.parse(row.period), now))
        extra |= {} if year else raw_files(session, rt, the_run)
    files = {**render(row), **extra}
    label = label_of(row)
    listed = manifest.build(label, files, _manifest_of(rt, previous))
    packed = bundle.pack(files, listed)
    name = f"evidence-{row.period}-v{row.version}.zip"
    write(rt.evidence_dir / name, packed)
    with rt.sessions.begin() as session:
        ready = find_bundle(session, bundle_id)
        ready.file_name, ready.file_sha256 = name, hashlib.sha256(packed).hexdigest()
        ready.manifest_sha256 = hashlib.sha256(listed).hexdigest()
        ready.previous_sha256 = previous.manifest_sha256 if previous else ""
        ready.ready_at = rt.clock.now()
        _set_state(session, bundle_id, BundleState.READY)
    log.info("evidence.build", bundle_id=bundle_id, month=row.period, version=row.version, bytes=len(packed))


def _take(rt: Runtime) -> int | None:
    """Take the next file to make: one asked for, or one whose maker died (making it twice is harmless)."""
    with rt.sessions.begin() as session:
        abandoned = and_(
            EvidenceBundle.state == BundleState.BUILDING,
            EvidenceBundle.requested_at < rt.clock.now() - ABANDONED,
        )
        row = session.scalars(
            select(EvidenceBundle)
            .where(or_(EvidenceBundle.state == BundleState.REQUESTED, abandoned))
            .order_by(EvidenceBundle.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        _set_state(session, row.id, BundleState.BUILDING)
        return row.id


def _fail(rt: Runtime, bundle_id: int, code: str) -> None:
    with rt.sessions.begin() as session:
        find_bundle(session, bundle_id).failure = code
        _set_state(session, bundle_id, BundleState.FAILED)


def _set_state(session: Session, bundle_id: int, state: BundleState) -> None:
    session.execute(update(EvidenceBundle).where(EvidenceBundle.id == bundle_id).values(state=state))


def _previous(session: Session) -> EvidenceBundle | None:
    """Return the file made last before this one: the chain follows the order of making."""
    newest = select(func.max(EvidenceBundle.ready_at)).where(EvidenceBundle.state == BundleState.READY)
    return session.scalars(
        select(EvidenceBundle)
        .where(EvidenceBundle.state == BundleState.READY, EvidenceBundle.ready_at == newest.scalar_subquery())
        .order_by(EvidenceBundle.id.desc())
        .limit(1)
    ).one_or_none()


def _manifest_of(rt: Runtime, row: EvidenceBundle | None) -> bytes | None:
    if row is None:
        return None
    with contextlib.suppress(NotFound):
        _, listed = bundle.unpack(bundle_path(rt, row).read_bytes())
        return listed
    raise Conflict("previous_bundle_lost", month=row.period, version=row.version)
