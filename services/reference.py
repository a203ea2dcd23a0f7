"""Reference data as it holds here: what the product ships, with what people of this office put right."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import BadInput
from core.fiscal import months_of
from core.vocab import Role
from language.collation import matches, sort_key
from language.reference import Entry, Kind, shipped
from models.people import Person
from models.reference import ReferenceEntry
from services import audit
from services.people import require
from services.typed import line

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,39}")
WORDS = ("name", "name_en", "short", "note")


@dataclass(frozen=True)
class EntryForm:
    """An entry as typed: a known code is corrected, a new one added. Every change names its source."""

    kind: Kind
    code: str
    name: str
    source: str
    name_en: str = ""
    short: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def entries(session: Session, kind: Kind, on: date | None = None) -> list[Entry]:
    """Return the entries of a kind, those that hold on a day or all of them; corrections stand first in rank.

    Agencies come in Thai order, the rest by code as shipped.
    """
    known = dict(shipped(kind))
    newest = select(func.max(ReferenceEntry.id)).where(ReferenceEntry.kind == kind.value)
    rows = session.scalars(
        select(ReferenceEntry).where(ReferenceEntry.id.in_(newest.group_by(ReferenceEntry.code)))
    )
    for row in rows:
        known[row.code] = _corrected(kind, row)
    found = [entry for entry in known.values() if on is None or entry.holds(on)]
    return sorted(found, key=lambda entry: sort_key(entry.name)) if kind is Kind.AGENCY else found


def find_entries(session: Session, kind: Kind, query: str) -> list[Entry]:
    """Return the entries in which every word of a query occurs, tone marks or not."""
    return [entry for entry in entries(session, kind) if matches(query, " ".join(_words_of(entry)))]


def pillars(session: Session, fiscal_year: int) -> list[Entry]:
    """Return the message pillars of a fiscal year (Buddhist): those in force when it begins."""
    return entries(session, Kind.PILLAR, months_of(fiscal_year)[0].first_day())


def host_names(session: Session, on: date) -> list[str]:
    """Return the agencies and district offices of a day by their full names, for forms."""
    agencies = [entry.name for entry in entries(session, Kind.AGENCY, on)]
    return [*agencies, *(f"สำนักงานเขต{entry.name}" for entry in entries(session, Kind.DISTRICT, on))]


def correct(session: Session, form: EntryForm, person: Person | None, now: datetime) -> Entry:
    """Write a correction or a new entry; raises reference_code, name_empty, source_empty, reference_dates."""
    if person is not None:
        require(person, Role.OFFICER, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    code = form.code.strip()
    if not CODE.fullmatch(code):
        raise BadInput("reference_code", field="code")
    if form.valid_from and form.valid_to and form.valid_to < form.valid_from:
        raise BadInput("reference_dates", field="valid_to")
    row = ReferenceEntry(
        kind=form.kind.value, code=code, valid_from=form.valid_from, valid_to=form.valid_to,
        values={
            "name": line(form.name, "name", 200, needed="name_empty"),
            **{name: line(getattr(form, name), name, 300) for name in WORDS[1:]},
        },
        source=line(form.source, "source", 300, needed="source_empty"),
        person_id=person.id if person else None, at=now,
    )  # fmt: skip
    session.add(row)
    audit.record(session, row.person_id, "reference.correct", row, now, kind=row.kind, code=code)
    return _corrected(form.kind, row)


def _corrected(kind: Kind, row: ReferenceEntry) -> Entry:
    words = row.values
    return Entry(
        kind, row.code, words["name"], row.source, words.get("name_en", ""), words.get("short", ""),
        words.get("note", ""), row.valid_from, row.valid_to, corrected=True,
    )  # fmt: skip


def _words_of(entry: Entry) -> tuple[str, ...]:
    return (entry.code, entry.name, entry.name_en, entry.short, entry.note)
