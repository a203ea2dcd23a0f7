"""What people note for the indicator: improvements, profiles, corrections, surveys, reports, counts."""

from collections.abc import Callable, Mapping
from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import BadInput, Conflict, NotFound, RukonError
from core.fiscal import Month, fiscal_year, months_of
from core.vocab import Channel, Role
from services import corrections, improvements, month_counts, profiles, surveys
from services.corrections import CorrectionForm
from services.improvements import After, ImprovementForm
from services.month_counts import CountForm
from services.periods import read_month
from services.surveys import ReportForm, SurveyForm
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/kpi/notes")
KINDS = ("improvements", "profiles", "corrections", "surveys", "reports", "counts")
VERDICTS: Mapping[str, bool | None] = {"yes": True, "no": False, "": None}


@router.get("")
def index(who: SignedIn) -> Response:
    """Lead to the first kind."""
    return who.go(f"/kpi/notes/{KINDS[0]}")


@router.get("/{kind}")
def show(who: SignedIn, kind: str) -> HTMLResponse:
    """Show what was noted of one kind, and the form for more."""
    return _page(who, kind)


@router.post("/{kind}")
def add(who: SignedIn, kind: str, form: Posted) -> Response:
    """Note something of one kind."""
    if kind not in ADD:
        raise NotFound
    try:
        ADD[kind](who, form)
    except (BadInput, Conflict, NotFound) as error:
        return _page(who, kind, error, form)
    return who.go(f"/kpi/notes/{kind}", done="noted")


@router.post("/improvements/{improvement_id}/after")
def judge(who: SignedIn, improvement_id: int, form: Posted) -> Response:
    """Write down the value after a change, and whether it is better."""
    try:
        after = After(form.decimal("after"), VERDICTS.get(form.text("better")))
        with who.rt.sessions.begin() as session:
            improvements.judge_improvement(session, improvement_id, after, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _page(who, "improvements", error, form)
    return who.go("/kpi/notes/improvements", done="noted")


@router.post("/corrections/whole")
def whole(who: SignedIn, form: Posted) -> Response:
    """Say that a month's list of corrections is whole."""
    try:
        with who.rt.sessions.begin() as session:
            corrections.say_whole(session, read_month(form.text("month"), "month"), who.person, who.now)
    except BadInput as error:
        return _page(who, "corrections", error, form)
    return who.go("/kpi/notes/corrections", done="noted")


def _add_improvement(who: Member, form: Form) -> None:
    typed = ImprovementForm(
        title=form.text("title"), changed_on=form.needed_day("changed_on"), change=form.text("change"),
        criterion=form.text("criterion"), unit=form.text("unit"), baseline=form.decimal("baseline"),
        upload=form.upload("file"),
    )  # fmt: skip
    improvements.add_improvement(who.rt, typed, who.person)


def _add_look(who: Member, form: Form) -> None:
    answers = {point: form.text(f"point_{point}") for point in profiles.POINTS}
    points = {point: answer == "yes" for point, answer in answers.items() if answer in ("yes", "no")}
    with who.rt.sessions.begin() as session:
        channel = form.choice("channel", Channel)
        profiles.look(session, channel, points, form.text("note"), who.person, who.now)


def _add_correction(who: Member, form: Form) -> None:
    post_id = form.number("post_id")
    typed = CorrectionForm(
        post_id=post_id or 0, wrong=form.text("wrong"), noticed_at=form.needed_moment("noticed"),
        corrected_at=form.moment("corrected"),
    )  # fmt: skip
    with who.rt.sessions.begin() as session:
        corrections.add_correction(session, typed, who.person, who.now)


def _add_survey(who: Member, form: Form) -> None:
    typed = SurveyForm(
        title=form.text("title"), method=form.text("method"), fielded_from=form.needed_day("fielded_from"),
        fielded_until=form.needed_day("fielded_until"), respondents=form.number("respondents") or 0,
        recalling=form.number("recalling") or 0, upload=form.needed_upload("file"),
        reported_on=form.day("reported_on"), summary=form.text("summary"),
    )  # fmt: skip
    surveys.add_survey(who.rt, typed, who.person)


def _add_report(who: Member, form: Form) -> None:
    typed = ReportForm(
        title=form.text("title"), number=form.text("number"), acknowledged_by=form.text("acknowledged_by"),
        acknowledged_on=form.needed_day("acknowledged_on"), upload=form.needed_upload("file"),
    )  # fmt: skip
    surveys.add_report(who.rt, typed, who.person)


def _add_count(who: Member, form: Form) -> None:
    typed = CountForm(
        month=read_month(form.text("month"), "month"), name=form.text("name"), value=form.number("value"),
        source=form.text("source"), upload=form.upload("file"),
    )  # fmt: skip
    month_counts.add_count(who.rt, typed, who.person)


ADD: Mapping[str, Callable[[Member, Form], None]] = {
    "improvements": _add_improvement, "profiles": _add_look, "corrections": _add_correction,
    "surveys": _add_survey, "reports": _add_report, "counts": _add_count,
}  # fmt: skip
LIST: Mapping[str, Callable[[Session], object]] = {
    "improvements": improvements.list_improvements, "profiles": profiles.recent_looks,
    "corrections": corrections.list_corrections, "surveys": surveys.list_surveys,
    "reports": surveys.list_reports, "counts": month_counts.list_counts,
}  # fmt: skip


def _page(
    who: Member, kind: str, trouble: RukonError | None = None, form: Form | None = None
) -> HTMLResponse:
    if kind not in LIST:
        raise NotFound
    with who.rt.sessions.begin() as session:
        rows = LIST[kind](session)
        said = [Month.parse(one) for one in corrections.whole_months(session)]
    year = fiscal_year(bangkok(who.now).date())
    begun = [one for one in (*months_of(year - 1), *months_of(year)) if one.start() <= who.now]
    return who.page(
        f"kpi/{kind}.html", trouble=trouble, rows=rows, kind=kind, kinds=KINDS, said=said,
        typed=form.values if form else {}, points=profiles.POINTS, channels=list(Channel),
        names=month_counts.NAMES, months=list(reversed(begun)), first_day=_first_day,
        may_add=who.may(Role.OFFICER, Role.KPI_OFFICER, Role.ADMINISTRATOR),
    )  # fmt: skip


def _first_day(month: str) -> date:
    return Month.parse(month).first_day()
