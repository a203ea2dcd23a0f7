"""The indicator: claimed beside evidenced, five levels, every check with the proofs it opens."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import NotFound
from core.fiscal import fiscal_year, months_of
from core.vocab import Role
from services import indicators, lead_charts, scoring
from services.periods import read_span
from services.scorecard import CheckCard, scorecard
from web.session import Posted, SignedIn

router = APIRouter()
# where each thing that proves something is shown
PAGES = {
    "post": "/posts/{}", "event": "/events/{}", "item": "/content/{}", "plan": "/plans/{}",
    "signature": "/kpi/signatures/{}", "outside": "/kpi/outside#o{}", "survey": "/kpi/notes/surveys#n{}",
    "report": "/kpi/notes/reports#n{}", "improvement": "/kpi/notes/improvements#n{}",
    "profile": "/kpi/notes/profiles#n{}",
}  # fmt: skip
# where what is missing can be entered, by criterion
FILLED_AT = {
    "1a": "/plans", "1b": "/plans", "3a4": "/kpi/notes/improvements", "3a5": "/kpi/notes/profiles",
    "3c1": "/kpi/posts", "3c3": "/kpi/posts", "3d1": "/kpi/notes/surveys", "3d2": "/kpi/notes/counts",
    "3e2": "/kpi/notes/corrections", "3e3": "/kpi/posts", "4a": "/kpi/notes/surveys",
    "5a": "/kpi/notes/improvements", "5b": "/kpi/notes/reports",
}  # fmt: skip
NEEDS_SURVEY = "never_alone"  # 3d2 asks first for what 3d1 is filled with


@router.get("/kpi")
def show(who: SignedIn, period: str = "", indicator: str = "") -> HTMLResponse:
    """Show the evaluation in force of `2564`, `2564-q1` or `2563-10`; of this year if none is named.

    indicator: the code of one that the office added; empty: the form's.
    """
    span = read_span(period or str(fiscal_year(who.today)), "period")
    name = str(span)
    wanted = scoring.period_of(name, who.now)
    with who.rt.sessions.begin() as session:
        names = indicators.indicators(session, wanted)
        if not indicators.is_known(session, indicator):
            raise NotFound
        run = scoring.run_in_force(session, wanted, indicator) if indicator in names else None
        card = scorecard(session, run, who.language) if run else None
        charted = run and not indicator and not span.is_year  # a year of bars would not be read
        leads = lead_charts.lead_text(session, run, who.language) if run and charted else ""
    return who.page(
        "kpi.html", card=card, leads=leads, period=name, year=wanted.fiscal_year, names=names,
        indicator=indicator, line=indicators.line_of(run) if run and indicator else "",
        months=months_of(wanted.fiscal_year), pages=PAGES, place=_place,
        begun=wanted.start <= who.now and indicator in names, judged=indicator in names,
    )  # fmt: skip


@router.get("/kpi/leads.png")
def leads(who: SignedIn, period: str) -> Response:
    """Show how long before each event of a period people were told."""
    wanted = scoring.period_of(period, who.now)
    with who.rt.sessions.begin() as session:
        run = scoring.run_in_force(session, wanted)
        if run is None:
            raise NotFound
        picture = lead_charts.lead_picture(session, run, who.language)
    return Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


@router.post("/kpi")
def evaluate(who: SignedIn, form: Posted) -> Response:
    """Evaluate a period as of now; the run and the facts it saw are kept."""
    who.must(Role.KPI_OFFICER, Role.ADMINISTRATOR)
    name, indicator = form.text("period"), form.text("indicator")
    scoring.evaluate_period(who.rt, name, who.person, indicator)
    return who.go("/kpi", period=name, indicator=indicator, done="evaluated")


def _place(check: CheckCard) -> str:
    """Return where what a check lacks can be entered; empty: nobody enters it."""
    wanting = {str(note.code) for note in check.finding.notes}
    return FILLED_AT.get("3d1" if NEEDS_SURVEY in wanting else check.finding.id, "")
