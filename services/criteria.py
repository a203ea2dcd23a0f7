"""Which criteria judge a period: kept for ever under their digest, approved by another, never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.fiscal import day_start, to_ce
from core.vocab import Role
from kpi.criteria import CriteriaSet
from kpi.criteria_files import adopt, criteria_from, packaged_criteria, packaged_names, raw_criteria
from models import CriteriaText, Person
from services import audit
from services.people import require
from services.runtime import Runtime
from services.typed import line

ONLY_CRITERIA = 2564  # until another year's set is adopted, its criteria serve every year
OCTOBER = 10


@dataclass(frozen=True)
class Proposal:
    """A new set as proposed: its TOML text, the letter that adopts it, from when, and why."""

    text: str
    document: str
    applies_from: date
    why: str = ""


@dataclass(frozen=True)
class Adoption:
    """A level that the form leaves undefined, to be judged by its template from a day on."""

    level: int
    document: str
    applies_from: date


def in_force(
    session: Session, start: datetime, indicator: str = "", year: int = ONLY_CRITERIA
) -> CriteriaText:
    """Return the set that judges a period beginning at `start`: the newest approved one that applies by then.

    Until the office has approved one, the set that came with the program is copied and serves.
    """
    first = bangkok(start).date()
    row = session.scalars(
        select(CriteriaText)
        .where(
            CriteriaText.indicator == indicator,
            CriteriaText.approved_at.is_not(None),
            CriteriaText.applies_from <= first,
        )
        .order_by(CriteriaText.applies_from.desc(), CriteriaText.approved_at.desc())
        .limit(1)
    ).one_or_none()
    return row or keep_packaged(session, year, indicator, start)


def keep_packaged(session: Session, year: int, indicator: str, now: datetime) -> CriteriaText:
    """Copy the set that came with the program, once; a year without one of its own has the last there is."""
    known = (year, indicator) in packaged_names()
    raw = raw_criteria(packaged_criteria(year if known else ONLY_CRITERIA, indicator))
    return _keep(session, raw, CriteriaText(applies_from=_first_day(raw), kept_at=now))


def criteria_of(session: Session, digest: str) -> CriteriaSet:
    """Return the criteria with this digest, exactly as they judged; raises NotFound."""
    row = session.scalar(select(CriteriaText).where(CriteriaText.digest == digest))
    if row is None:
        raise NotFound
    return criteria_from(row.content)


def list_criteria(session: Session) -> Sequence[CriteriaText]:
    """Return every set ever kept, newest first."""
    return session.scalars(select(CriteriaText).order_by(CriteriaText.id.desc())).all()


def names(session: Session, rows: Iterable[CriteriaText]) -> dict[int, str]:
    """Return the names of the people who kept and approved sets."""
    ids = {number for row in rows for number in (row.kept_by, row.approved_by) if number is not None}
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def find_criteria(session: Session, criteria_id: int) -> CriteriaText:
    """Return one set; raises NotFound."""
    row = session.get(CriteriaText, criteria_id)
    if row is None:
        raise NotFound
    return row


def propose(session: Session, proposal: Proposal, person: Person, now: datetime) -> CriteriaText:
    """Keep a set for another to approve; raises bad_criteria, document_empty, criteria_too_late, _known."""
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    return _proposed(session, raw_criteria(proposal.text), proposal, person, now)


def propose_adoption(session: Session, adoption: Adoption, person: Person, now: datetime) -> CriteriaText:
    """Keep a set like the newest approved one in which a level takes its template; as `propose`."""
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    base = in_force(session, day_start(adoption.applies_from))
    document = line(adoption.document, "document", 200, needed="document_empty")
    raw = adopt(base.content, adoption.level, document, _next_version(session, base))
    wanted = Proposal("", document, adoption.applies_from, f"level {adoption.level}")
    return _proposed(session, raw, wanted, person, now)


def approve(rt: Runtime, criteria_id: int, person: Person) -> CriteriaText:
    """Approve a set: it is locked, and serves periods that begin later.

    Raises role_needed and own_criteria (recorded in the audit), criteria_approved, criteria_too_late.
    """
    now = rt.clock.now()
    try:
        with rt.sessions.begin() as session:
            return _approve(session, find_criteria(session, criteria_id), person, now)
    except Forbidden as refusal:
        with rt.sessions.begin() as session:
            row = find_criteria(session, criteria_id)
            audit.record(session, person.id, "criteria.approve_refused", row, now, code=refusal.key)
        raise


def _approve(session: Session, row: CriteriaText, person: Person, now: datetime) -> CriteriaText:
    require(person, Role.APPROVER, Role.ADMINISTRATOR)
    if row.kept_by == person.id:
        raise Forbidden("own_criteria")
    if row.approved_at is not None:
        raise Conflict("criteria_approved")
    _must_be_in_time(session, row, now)
    row.approved_by, row.approved_at = person.id, now
    audit.record(session, person.id, "criteria.approve", row, now, digest=row.digest, version=row.version)
    return row


def _proposed(
    session: Session, raw: dict[str, object], proposal: Proposal, person: Person, now: datetime
) -> CriteriaText:
    fresh = CriteriaText(
        applies_from=proposal.applies_from, kept_by=person.id, kept_at=now,
        document=line(proposal.document, "document", 200, needed="document_empty"),
        why=line(proposal.why, "why", 300),
    )  # fmt: skip
    if session.scalar(select(CriteriaText.id).where(CriteriaText.digest == criteria_from(raw).digest)):
        raise Conflict("criteria_known", field="file")
    row = _keep(session, raw, fresh)
    _must_be_in_time(session, row, now)
    audit.record(session, person.id, "criteria.propose", row, now, digest=row.digest, document=row.document)
    return row


def _must_be_in_time(session: Session, row: CriteriaText, now: datetime) -> None:
    """Refuse a change that would judge a period already begun; the first set may serve its own year."""
    first = not session.scalar(
        select(func.count()).where(
            CriteriaText.indicator == row.indicator, CriteriaText.approved_at.is_not(None)
        )
    )
    if row.applies_from <= bangkok(now).date() and not first:
        raise BadInput("criteria_too_late", field="applies_from", day=row.applies_from)


def _keep(session: Session, raw: dict[str, object], row: CriteriaText) -> CriteriaText:
    criteria = criteria_from(raw)
    known = session.scalar(select(CriteriaText).where(CriteriaText.digest == criteria.digest))
    if known is not None:
        return known
    row.fiscal_year, row.indicator = criteria.fiscal_year, criteria.indicator.code
    row.version, row.digest, row.content = criteria.version, criteria.digest, raw
    session.add(row)
    session.flush()
    return row


def _next_version(session: Session, base: CriteriaText) -> str:
    kept = session.scalars(select(CriteriaText.version).where(CriteriaText.indicator == base.indicator))
    return str(max((int(one) for one in kept if one.isdecimal()), default=1) + 1)


def _first_day(raw: dict[str, object]) -> date:
    return date(to_ce(int(str(raw["fiscal_year"]))) - 1, OCTOBER, 1)
