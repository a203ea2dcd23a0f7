"""What the demo's people noted and signed: a closed quarter up to its signature, today's posts sorted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from core.clock import bangkok
from core.fiscal import Month, months_of
from core.vocab import Channel
from models import Person
from services import (
    corrections,
    evidence,
    improvements,
    marks,
    month_counts,
    profiles,
    scoring,
    signing,
    surveys,
)
from services.demo_cast import Cast, sample
from services.improvements import After, ImprovementForm
from services.marks import MarkForm
from services.media import Upload
from services.month_counts import CountForm
from services.periods import Period, read_span
from services.runtime import Runtime
from services.signing import Signature
from services.statements import WORDS, statement
from services.surveys import ReportForm, SurveyForm

QUARTER, MONTH = "2564-q1", "2563-10"
SIGNED_FOR = ("H2", scoring.RESULT)  # the survey is there; there were no posts to draw, score and confirm


def seed_notes(rt: Runtime, cast: Cast) -> None:
    """Note what no interface gives, once."""
    with rt.sessions.begin() as session:
        if surveys.list_surveys(session):
            return
    rows, kpi = sample("notes"), cast.kpi_officer
    _improve(rt, rows["improvement"], kpi)
    surveys.add_survey(rt, _survey(rows["survey"]), kpi)
    paper = Upload("report.csv", rows["survey"]["file"].encode())
    surveys.add_report(rt, ReportForm(**rows["report"], upload=paper), kpi)
    with rt.sessions.begin() as session:
        for month in months_of(read_span(QUARTER, "period").fiscal_year)[:3]:
            corrections.say_whole(session, month, kpi, rt.clock.now())
        for channel in Channel:
            right = dict.fromkeys(profiles.POINTS, True)
            profiles.look(session, channel, right, rows["profile"]["note"], cast.officer, rt.clock.now())
    this = Month.of(bangkok(rt.clock.now()).date())
    for name in month_counts.NAMES:
        counted = CountForm(this, name, rows["counts"][name], rows["counts"]["source"])
        month_counts.add_count(rt, counted, kpi)


def sort_and_sign(rt: Runtime, cast: Cast) -> None:
    """Sort the posts that went out; have the closed quarter signed; ask for a closed month's file."""
    now = rt.clock.now()
    period = scoring.period_of(QUARTER, now)
    with rt.sessions.begin() as session:
        _sort(session, scoring.period_of(str(Month.of(bangkok(now).date())), now), cast.officer)
        locked = scoring.signed_result(session, period.start, period.end) is not None
    if locked:
        return
    scoring.evaluate_period(rt, QUARTER)
    for code in WORDS:
        _sign(rt, period, code, cast.approver)
    scoring.evaluate_period(rt, QUARTER)
    _sign(rt, period, scoring.RESULT, cast.approver)
    with rt.sessions.begin() as session:
        evidence.request_bundle(session, read_span(MONTH, "month"), cast.kpi_officer, now)


def _improve(rt: Runtime, row: Mapping[str, Any], person: Person) -> None:
    words = {name: row[name] for name in ("title", "changed_on", "change", "criterion", "unit")}
    made = improvements.add_improvement(
        rt, ImprovementForm(**words, baseline=Decimal(row["baseline"])), person
    )
    with rt.sessions.begin() as session:
        after = After(Decimal(row["after"]), better=True)
        improvements.judge_improvement(session, made.id, after, person, rt.clock.now())


def _survey(row: Mapping[str, Any]) -> SurveyForm:
    words = {name: value for name, value in row.items() if name != "file"}
    return SurveyForm(**words, upload=Upload("survey.csv", row["file"].encode()))


def _sort(session: Session, period: Period, person: Person) -> None:
    """Give each post one pillar in turn and the agencies its words name."""
    choices = marks.choices(session, period)
    for count, row in enumerate(marks.posts_to_sort(session, period)):
        if row.mark is None:
            pillar = choices.pillars[count % len(choices.pillars)][0]
            said = MarkForm((pillar,), tuple(row.suggested), on_template=True)
            marks.mark(session, row.post.id, said, person, period.as_of)


def _sign(rt: Runtime, period: Period, code: str, person: Person) -> None:
    confirmed = code in SIGNED_FOR
    with rt.sessions.begin() as session:
        shown = statement(session, period, code).sha256
    dissent = "" if confirmed else sample("notes")["dissent"]["words"]
    signing.sign(rt, period, Signature(code, shown, confirmed=confirmed, dissent=dissent), person)
