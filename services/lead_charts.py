"""How long before each event of a period people were told, as the picture that the papers show too."""

from sqlalchemy.orm import Session

from core.errors import NotFound
from core.fiscal import Span
from models import EvaluationRun
from reports.charts import draw, lead_chart, lead_words
from services.evidence_document import events_of
from services.evidence_files import FONTS
from services.evidence_sources import load_sources


def lead_picture(session: Session, run: EvaluationRun, period: str, language: str) -> bytes:
    """Return the chart of a run's events as PNG; NotFound if it has none."""
    spec = lead_chart(tuple(events_of(load_sources(session, run, Span.parse(period)))), language)
    if spec is None:
        raise NotFound
    return draw(spec, FONTS)


def lead_text(session: Session, run: EvaluationRun, period: str, language: str) -> str:
    """Return what that picture shows in words, empty if there is no event."""
    rows = tuple(events_of(load_sources(session, run, Span.parse(period))))
    return lead_words(rows, language) if rows else ""
