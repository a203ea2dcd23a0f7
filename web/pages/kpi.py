"""The indicator: claimed beside evidenced, five levels, every check with the proofs it opens."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.fiscal import fiscal_year, months_of
from core.vocab import Role
from services import scoring
from services.scorecard import scorecard
from web.session import Posted, SignedIn

router = APIRouter()


@router.get("/kpi")
def show(who: SignedIn, period: str = "") -> HTMLResponse:
    """Show the newest evaluation of `2564`, `2564-q1` or `2563-10`; of this fiscal year if none is named."""
    name = period or str(fiscal_year(who.today))
    wanted = scoring.period_of(name, who.now)
    with who.rt.sessions.begin() as session:
        run = scoring.latest_run(session, wanted)
        card = scorecard(session, run, who.language) if run else None
    return who.page(
        "kpi.html", card=card, period=name, year=wanted.fiscal_year, months=months_of(wanted.fiscal_year),
        begun=wanted.start <= who.now,
    )  # fmt: skip


@router.post("/kpi")
def evaluate(who: SignedIn, form: Posted) -> Response:
    """Evaluate a period as of now; the run and the facts it saw are kept."""
    who.must(Role.KPI_OFFICER, Role.ADMINISTRATOR)
    name = form.text("period")
    scoring.evaluate_period(who.rt, name)
    return who.go("/kpi", period=name, done="evaluated")
