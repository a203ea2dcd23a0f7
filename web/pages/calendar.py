"""The month: holidays, events and posts, as one table."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from core.errors import NotFound
from core.fiscal import Month, to_be
from services.month import month_view
from web.session import SignedIn

router = APIRouter()
JANUARY, DECEMBER = 1, 12


@router.get("/calendar")
def show(who: SignedIn, month: str = "") -> HTMLResponse:
    """Show a month such as `2563-10` (Buddhist) or `2020-10`; this month if none is named."""
    try:
        wanted = Month.parse(month) if month else Month.of(who.today)
    except ValueError as exc:
        raise NotFound from exc
    with who.rt.sessions.begin() as session:
        view = month_view(session, wanted)
    return who.page(
        "calendar.html", view=view, today=who.today, earlier=_address(_before(wanted)),
        later=_address(wanted.next()), this=_address(Month.of(who.today)),
    )  # fmt: skip


def _before(month: Month) -> Month:
    return Month(month.year - 1, DECEMBER) if month.month == JANUARY else Month(month.year, month.month - 1)


def _address(month: Month) -> str:
    return f"/calendar?month={to_be(month.year)}-{month.month:02d}"
