"""What X costs: this month so far, what is still to come, and the budget."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from services import forecast
from web.session import SignedIn

router = APIRouter(prefix="/costs")


@router.get("")
def index(who: SignedIn) -> HTMLResponse:
    """Show this month's bill of X and its forecast."""
    with who.rt.sessions.begin() as session:
        found = forecast.forecast(session, who.rt.prices, who.rt.clock.now())
    return who.page("costs.html", found=found, prices=who.rt.prices, budget=who.rt.settings.x_budget_usd)
