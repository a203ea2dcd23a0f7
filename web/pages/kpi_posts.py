"""Sorting what went out: our posts by pillar, agency, template; posts from outside by kind and category."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, RukonError
from core.fiscal import Month, months_of
from core.vocab import Category, PostKind, Role
from services import marks, outside, scoring
from services.marks import MarkForm
from services.outside import OutsideForm
from services.periods import read_month
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/kpi")
ANSWERS = {"yes": True, "no": False, "": None}


@router.get("/posts")
def to_sort(who: SignedIn, month: str = "") -> HTMLResponse:
    """Show the posts that went out in a month, those nobody sorted first."""
    return _posts(who, month)


@router.post("/posts/{post_id}")
def mark(who: SignedIn, post_id: int, form: Posted) -> Response:
    """Keep what an officer says of a post."""
    wanted = MarkForm(
        pillars=tuple(filter(None, (form.text("pillar"), form.text("pillar2")))),
        agencies=form.lists.get("agencies", ()), on_template=ANSWERS.get(form.text("on_template")),
    )  # fmt: skip
    try:
        with who.rt.sessions.begin() as session:
            marks.mark(session, post_id, wanted, who.person, who.now)
    except BadInput as error:
        return _posts(who, form.text("month"), error)
    return who.go("/kpi/posts", month=form.text("month"), done="noted")


@router.get("/outside")
def strangers(who: SignedIn) -> HTMLResponse:
    """Show posts made by hand on our own pages."""
    return _outside(who)


@router.post("/outside/look")
def look(who: SignedIn) -> Response:
    """Read our own pages now for posts from outside."""
    who.must(Role.OFFICER, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    return who.go("/kpi/outside", done="looked", number=outside.discover(who.rt, everything=True))


@router.post("/outside/{outside_id}")
def mark_outside(who: SignedIn, outside_id: int, form: Posted) -> Response:
    """Keep what an officer says of a post from outside."""
    try:
        kind = form.choice("kind", PostKind) if form.text("kind") else None
        tags = {one: form.text(f"reason_{one}") for one in form.choices("categories", Category)}
        with who.rt.sessions.begin() as session:
            outside.mark_outside(session, outside_id, OutsideForm(kind, tags), who.person, who.now)
    except BadInput as error:
        return _outside(who, error, form)
    return who.go("/kpi/outside", done="noted")


def _posts(who: Member, name: str, trouble: RukonError | None = None) -> HTMLResponse:
    month = read_month(name, "month") if name else Month.of(who.today)
    period = scoring.period_of(str(month), who.now)
    with who.rt.sessions.begin() as session:
        rows, choices = marks.posts_to_sort(session, period), marks.choices(session, period)
    return who.page(
        "kpi/posts.html", trouble=trouble, rows=rows, choices=choices, month=month,
        months=[one for one in months_of(period.fiscal_year) if one.start() <= who.now],
        may_sort=who.may(Role.OFFICER, Role.KPI_OFFICER),
    )  # fmt: skip


def _outside(who: Member, trouble: RukonError | None = None, form: Form | None = None) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        rows, looked_at = outside.list_outside(session), outside.last_look(session)
    return who.page(
        "kpi/outside.html", trouble=trouble, rows=rows, looked_at=looked_at, kinds=list(PostKind),
        categories=list(Category), typed=form.values if form else {},
        may_sort=who.may(Role.OFFICER, Role.KPI_OFFICER),
    )  # fmt: skip
