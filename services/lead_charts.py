"""How long before each event of a period people were told, as the picture that the papers show too."""

from sqlalchemy.orm import Session

from core.errors import NotFound
from kpi.freeze import facts_from
from models import EvaluationRun
from reports.charts import draw, lead_chart, lead_words
from reports.document import EventRow
from services.evidence_document import events_of
from services.evidence_files import FONTS
from services.evidence_sources import load_events


def lead_picture(session: Session, run: EvaluationRun, language: str) -> bytes:
    """Return the chart of a run's events as PNG; NotFound if it has none."""
    spec = lead_chart(_rows(session, run), language)
    if spec is None:
        raise NotFound
    return draw(spec, FONTS, language)


def lead_text(session: Session, run: EvaluationRun, language: str) -> str:
    """Return what that picture shows in words, empty if there is no event."""
    rows = _rows(session, run)
    return lead_words(rows, language) if rows else ""


def _rows(session: Session, run: EvaluationRun) -> tuple[EventRow, ...]:
    """Return the run's events from its frozen facts; their titles are the only query."""
    facts = facts_from(run.facts)
    return tuple(events_of(facts, load_events(session, facts)))
