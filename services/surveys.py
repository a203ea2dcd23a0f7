"""3d1 and the levels above: surveys with their files, reports that executives acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import BadInput
from core.vocab import Role
from models import ExecutiveReport, Person, Survey
from services import audit
from services.media import Upload, store_file
from services.people import require
from services.runtime import Runtime
from services.typed import body, line


@dataclass(frozen=True)
class SurveyForm:
    """A survey as typed, with its file; reported_on: None while there is no report."""

    title: str
    method: str
    fielded_from: date
    fielded_until: date
    respondents: int
    recalling: int
    upload: Upload = field(repr=False)
    reported_on: date | None = None
    summary: str = ""


@dataclass(frozen=True)
class ReportForm:
    """A report that an executive acknowledged, with its file."""

    title: str
    number: str
    acknowledged_by: str
    acknowledged_on: date
    upload: Upload = field(repr=False)


def add_survey(rt: Runtime, form: SurveyForm, person: Person) -> Survey:
    """Keep a survey; raises title_empty, method_empty, survey_days_bad, recalling_bad, file_*."""
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    now = rt.clock.now()
    row = Survey(
        title=line(form.title, "title", 300, needed="title_empty"),
        method=line(form.method, "method", 300, needed="method_empty"),
        fielded_from=form.fielded_from, fielded_until=form.fielded_until, reported_on=form.reported_on,
        respondents=form.respondents, recalling=form.recalling, summary=body(form.summary, "summary", 5000),
        recorded_by=person.id, recorded_at=now,
    )  # fmt: skip
    if not form.fielded_from <= form.fielded_until <= bangkok(now).date():
        raise BadInput("survey_days_bad", field="fielded_until")
    if not 0 <= form.recalling <= form.respondents or not form.respondents:
        raise BadInput("recalling_bad", field="recalling")
    asset = store_file(rt, form.upload, person)
    row.file_sha256, row.file_name = asset.sha256, asset.name
    with rt.sessions.begin() as session:
        session.add(row)
        audit.record(session, person.id, "survey.add", row, now, sha256=asset.sha256, n=form.respondents)
    return row


def add_report(rt: Runtime, form: ReportForm, person: Person) -> ExecutiveReport:
    """Keep an acknowledged report; raises title_empty, number_empty, acknowledger_empty, day_in_future."""
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    now = rt.clock.now()
    if form.acknowledged_on > bangkok(now).date():
        raise BadInput("day_in_future", field="acknowledged_on", day=form.acknowledged_on)
    row = ExecutiveReport(
        title=line(form.title, "title", 300, needed="title_empty"),
        number=line(form.number, "number", 100, needed="plan_number_empty"),
        acknowledged_by=line(form.acknowledged_by, "acknowledged_by", 200, needed="acknowledger_empty"),
        acknowledged_on=form.acknowledged_on, recorded_by=person.id, recorded_at=now,
    )  # fmt: skip
    asset = store_file(rt, form.upload, person)
    row.file_sha256, row.file_name = asset.sha256, asset.name
    with rt.sessions.begin() as session:
        session.add(row)
        audit.record(session, person.id, "report.add", row, now, sha256=asset.sha256, number=row.number)
    return row


def list_surveys(session: Session) -> Sequence[Survey]:
    """Return surveys, newest first."""
    return session.scalars(select(Survey).order_by(Survey.fielded_until.desc(), Survey.id.desc())).all()


def list_reports(session: Session) -> Sequence[ExecutiveReport]:
    """Return acknowledged reports, newest first."""
    return session.scalars(select(ExecutiveReport).order_by(ExecutiveReport.id.desc())).all()
