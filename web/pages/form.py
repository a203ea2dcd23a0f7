"""The office's form of a year: its lines and fields, written where they stand; nothing is typed twice."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.fiscal import fiscal_year
from services import evidence, form_texts, report_lines
from services.periods import read_month, read_year
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/form")


@router.get("")
def show(who: SignedIn, year: int = 0) -> HTMLResponse:
    """Show a year's lines by month, what a reader may ask, and the form's other fields."""
    return _page(who, read_year(year) if year else fiscal_year(who.today))


@router.post("/lines/{month}")
def write_line(who: SignedIn, month: str, form: Posted) -> Response:
    """Put an officer's line in the place of what stands."""
    wanted = read_month(month, "month")
    year = fiscal_year(wanted.first_day())
    try:
        with who.rt.sessions.begin() as session:
            report_lines.write_line(session, wanted, form.text("line"), who.person, who.now, form.day("on"))
    except (BadInput, Conflict) as error:
        return _page(who, year, error, opened=str(wanted), typed=form.values)
    return who.go("/form", year=year, done="line_written")


@router.post("/{year}/texts")
def write_texts(who: SignedIn, year: int, form: Posted) -> Response:
    """Write those of the form's fields that changed."""
    read_year(year)
    try:
        with who.rt.sessions.begin() as session:
            before = form_texts.texts_of(session, year)
            for section in form_texts.SECTIONS:
                words = form.values.get(section, "")
                if words.strip() != before.get(section, ""):
                    form_texts.write_text(session, year, section, words, who.person, who.now)
    except BadInput as error:
        return _page(who, year, error, typed=form.values)
    return who.go("/form", year=year, done="form_text_written")


def _page(
    who: Member, year: int, trouble: RukonError | None = None, opened: str = "",
    typed: Mapping[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    with who.rt.sessions.begin() as session:
        months = report_lines.year_lines(session, year)
        texts = form_texts.texts_of(session, year)
        papers = evidence.bundles_by_period(session, year)
    return who.page(
        "form.html", trouble=trouble, year=year, months=months, opened=opened,
        asked=report_lines.open_questions(months), texts=typed if typed and not opened else texts,
        typed=typed or {}, papers=papers, result_types=form_texts.RESULT_TYPES,
    )  # fmt: skip
