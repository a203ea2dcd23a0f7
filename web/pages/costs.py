"""What X costs: this month so far, what is still to come, and the budget."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from core.errors import Conflict, RukonError, Unavailable
from services import forecast
from services.usage import Usage, ask_usage
from web.session import Member, SignedIn

router = APIRouter(prefix="/costs")


@router.get("")
def index(who: SignedIn) -> HTMLResponse:
    """Show this month's bill of X and its forecast."""
    return _page(who)


@router.post("")
def compare(who: SignedIn) -> HTMLResponse:
    """Ask X for its own count and show it beside ours; nothing changes."""
    try:
        return _page(who, usage=ask_usage(who.rt))
    except (Conflict, Unavailable) as error:
        return _page(who, trouble=error)


def _page(who: Member, usage: Usage | None = None, trouble: RukonError | None = None) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        found = forecast.forecast(session, who.rt.prices, who.rt.clock.now())
    return who.page(
        "costs.html", found=found, prices=who.rt.prices, budget=who.rt.settings.x_budget_usd,
        usage=usage, trouble=trouble,
    )  # fmt: skip
