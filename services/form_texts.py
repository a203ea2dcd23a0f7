"""What officers put into the year's form beside the lines: its choice, factors, obstacles, owner."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import BadInput
from core.vocab import Role
from models import FormText, Person
from services import audit
from services.people import require
from services.typed import body

SECTIONS = ("result_type", "factors", "obstacles", "evidence", "owner", "position")
RESULT_TYPES = ("", "output", "outcome")
LONGEST = 4000


def texts_of(session: Session, year: int) -> Mapping[str, str]:
    """Return the newest text of each section that somebody has written."""
    newest = select(func.max(FormText.id)).where(FormText.fiscal_year == year).group_by(FormText.section)
    rows = session.scalars(select(FormText).where(FormText.id.in_(newest)))
    return {row.section: row.body for row in rows}


def write_text(
    session: Session, year: int, section: str, text: str, person: Person, now: datetime
) -> FormText:
    """Write one section; an empty text takes what is prefilled again. Raises choice_unknown, too_long."""
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    words = body(text, section, LONGEST)
    if section not in SECTIONS or (section == "result_type" and words not in RESULT_TYPES):
        raise BadInput("form_choice_unknown", field=section)
    row = FormText(fiscal_year=year, section=section, body=words, written_by=person.id, written_at=now)
    session.add(row)
    audit.record(session, person.id, "form.text", row, now, year=year, section=section)
    return row
