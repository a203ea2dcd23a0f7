"""The month's evidence file: asked for by a person, made by a worker, chained, checked by anyone."""

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, NotFound, RukonError
from core.fiscal import Month, fiscal_year
from core.vocab import BundleState, Role
from models import EvidenceBundle, Person
from reports import bundle, manifest
from reports.document import from_dict, to_dict
from reports.evidence_pdf import render_pdf
from reports.manifest import Label, Problem
from reports.tables import tables
from reports.wording import form_date
from services import audit
from services.evidence_document import compose
from services.evidence_sources import raw_files
from services.people import require
from services.runtime import Runtime
from services.scoring import period_of, run

log = structlog.get_logger()

FONTS = Path(bundle.__file__).parent / "fonts"
PDF_NAME = "evidence.pdf"
ABANDONED = timedelta(minutes=10)


@dataclass(frozen=True)
class Checked:
    """What was found wrong with one bundle; no problems means that it is as it was made."""

    name: str
    number: str
    problems: tuple[Problem, ...]


def request_bundle(
    session: Session, month: Month, person: Person, now: datetime, reason: str = ""
) -> EvidenceBundle:
    """Ask for a month's file; a second version needs a reason. Raises bundle_in_progress, reason_empty."""
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    if month.start() > now:
        raise BadInput("month_in_future", field="month")
    rows = session.scalars(select(EvidenceBundle).where(EvidenceBundle.month == str(month))).all()
    if any(row.state in (BundleState.REQUESTED, BundleState.BUILDING) for row in rows):
        raise Conflict("bundle_in_progress")
    made = [row for row in rows if row.state is BundleState.READY]
    if made and not reason.strip():
        raise BadInput("reason_empty", field="reason")
    row = EvidenceBundle(
        month=str(month), fiscal_year=fiscal_year(month.first_day()), version=len(rows) + 1,
        reason=reason.strip(), requested_by=person.id, requested_at=now,
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "evidence.request", row, now, month=str(month), reason=reason.strip())
    return row


def list_bundles(session: Session, limit: int = 100) -> Sequence[EvidenceBundle]:
    """Return the files, newest first."""
    return session.scalars(
        select(EvidenceBundle)
        .order_by(EvidenceBundle.month.desc(), EvidenceBundle.version.desc())
        .limit(limit)
    ).all()


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
        row = _row(session, bundle_id)
        now = rt.clock.now()
        previous = _previous(session)
        the_run = run(session, period_of(row.month, now), rt)
        document = compose(session, row, the_run, previous, now)
        row.run_id, row.document = the_run.id, to_dict(document)
        extra = raw_files(session, the_run)
    document = from_dict(row.document)
    files = {PDF_NAME: render_pdf(document, FONTS), **tables(document), **extra}
    cover = document.cover
    label = Label(
        number=cover.number, month=cover.month, version=cover.version, criteria_version=cover.criteria,
        criteria_digest=cover.criteria_digest, made_at=cover.made_at,
    )  # fmt: skip
    listed = manifest.build(label, files, _manifest_of(rt, previous))
    packed = bundle.pack(files, listed)
    name = f"evidence-{row.month}-v{row.version}.zip"
    write(rt.evidence_dir / name, packed)
    with rt.sessions.begin() as session:
        ready = _row(session, bundle_id)
        ready.file_name, ready.file_sha256 = name, hashlib.sha256(packed).hexdigest()
        ready.manifest_sha256 = hashlib.sha256(listed).hexdigest()
        ready.previous_sha256 = previous.manifest_sha256 if previous else ""
        ready.ready_at = rt.clock.now()
        _set_state(session, bundle_id, BundleState.READY)
    log.info("evidence.build", bundle_id=bundle_id, month=row.month, version=row.version, bytes=len(packed))


def daily_plans_line(row: EvidenceBundle) -> str:
    """Return the line as the office types it into Daily Plans, `31/10/2563 : ...`; empty if not made."""
    if row.document is None:
        return ""
    return "\n".join(f"{form_date(line.on)} : {line.text}" for line in from_dict(row.document).narrative)


def render_again(row: EvidenceBundle) -> bytes:
    """Return the PDF of a frozen document, rendered anew: the same bytes for ever; NotFound if not made."""
    if row.document is None:
        raise NotFound
    return render_pdf(from_dict(row.document), FONTS)


def bundle_path(rt: Runtime, row: EvidenceBundle) -> Path:
    """Return where a ready file lies; raises NotFound if it is not ready or gone."""
    path = rt.evidence_dir / row.file_name
    if row.state is not BundleState.READY or not path.is_file():
        raise NotFound
    return path


def read_file(rt: Runtime, bundle_id: int, name: str) -> bytes:
    """Return one file out of a ready bundle, such as the PDF or a CSV; raises NotFound."""
    with rt.sessions.begin() as session:
        path = bundle_path(rt, _row(session, bundle_id))
    files, listed = bundle.unpack(path.read_bytes())
    found = {**files, manifest.NAME: listed}.get(name)
    if found is None:
        raise NotFound
    return found


def verify_bundles(named: Sequence[tuple[str, bytes]]) -> list[Checked]:
    """Check bundles in the order they were made, each against its manifest and the one before."""
    checked, previous = [], None
    for name, packed in named:
        files, listed = bundle.unpack(packed)
        problems = tuple(manifest.verify(files, listed, previous))
        checked.append(Checked(name, _claim(listed, "number"), problems))
        previous = listed
    return checked


def as_made(named: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return bundles in the order they were made, whatever order they came in: the order of the chain."""
    return sorted(named, key=lambda one: (_claim(bundle.unpack(one[1])[1], "made_at"), one[0]))


def _claim(listed: bytes, name: str) -> str:
    try:
        return str(json.loads(listed)[name])
    except (ValueError, KeyError, TypeError):
        return ""


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


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
        _row(session, bundle_id).failure = code
        _set_state(session, bundle_id, BundleState.FAILED)


def _set_state(session: Session, bundle_id: int, state: BundleState) -> None:
    session.execute(update(EvidenceBundle).where(EvidenceBundle.id == bundle_id).values(state=state))


def _row(session: Session, bundle_id: int) -> EvidenceBundle:
    row = session.get(EvidenceBundle, bundle_id)
    if row is None:
        raise NotFound
    return row


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
    raise Conflict("previous_bundle_lost", month=row.month, version=row.version)
