"""What stays human: the drawn sample and its scores, the statements H1 to H4, the signature that locks."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, Forbidden, NotFound, RukonError
from core.vocab import Role
from services import indicators, sample_view, sampling, scoring, signing
from services.sampling import ASPECTS, Confirmation, Marks
from services.signing import Signature
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/kpi")
REFUSALS = (BadInput, Conflict, Forbidden, NotFound)


@router.get("/sign")
def desk(who: SignedIn, period: str, indicator: str = "") -> HTMLResponse:
    """Show what a period still needs, what there is to sign, and what was signed."""
    return _desk(who, period, indicator)


@router.post("/sign")
def sign(who: SignedIn, form: Posted) -> Response:
    """Sign one statement, for or against; the password is asked again."""
    name, indicator = form.text("period"), form.text("indicator")
    signature = Signature(
        form.text("code"), form.text("sha256"), confirmed=form.text("word") != "against",
        dissent=form.text("dissent"), indicator=indicator,
    )  # fmt: skip
    try:
        who.confirm(form)
        signing.sign(who.rt, scoring.period_of(name, who.now), signature, who.person)
    except REFUSALS as error:
        return _desk(who, name, indicator, error, form)
    return who.go("/kpi/sign", period=name, indicator=indicator, done="signed")


@router.post("/sample")
def draw(who: SignedIn, form: Posted) -> Response:
    """Draw a period's posts."""
    name = form.text("period")
    try:
        with who.rt.sessions.begin() as session:
            sampling.draw_sample(session, scoring.period_of(name, who.now), who.person)
    except REFUSALS as error:
        return _desk(who, name, "", error, form)
    return who.go("/kpi/sign", period=name, done="drawn")


@router.get("/sample/{sample_id}")
def sample(who: SignedIn, sample_id: int, period: str = "") -> HTMLResponse:
    """Show the drawn posts with their marks; a reviewer scores here."""
    return _sample(who, sample_id, period)


@router.post("/sample/{sample_id}/{post_id}/{deed}")
def say(who: SignedIn, sample_id: int, post_id: int, deed: str, form: Posted) -> Response:
    """Keep marks, words on a difference, or an agency's word on one drawn post."""
    name = form.text("period")
    try:
        with who.rt.sessions.begin() as session:
            if deed == "score":
                clear, prominent, different = (form.number(one) or 0 for one in ASPECTS)
                marks = Marks(clear, prominent, different, form.text("remark"))
                sampling.score(session, sample_id, post_id, marks, who.person, who.now)
            elif deed == "talk":
                sampling.talk(session, sample_id, post_id, form.text("words"), who.person, who.now)
            elif deed == "confirm":
                word = Confirmation(
                    form.text("agency"), form.text("confirmed_by"), correct=form.text("correct") == "yes",
                    remark=form.text("remark"),
                )  # fmt: skip
                sampling.confirm(session, sample_id, post_id, word, who.person, who.now)
            else:
                raise NotFound
    except REFUSALS as error:
        return _sample(who, sample_id, name, error, form, post_id)
    return who.go(f"/kpi/sample/{sample_id}", period=name, done="noted")


@router.get("/signatures/{attestation_id}")
def signature(who: SignedIn, attestation_id: int) -> HTMLResponse:
    """Show one signature with exactly what was signed, and whether its hash still holds."""
    with who.rt.sessions.begin() as session:
        row = signing.find_signature(session, attestation_id)
    return who.page("kpi/signature.html", row=row, holds=signing.still_true(row))


def _desk(
    who: Member, name: str, indicator: str, trouble: RukonError | None = None, form: Form | None = None
) -> HTMLResponse:
    period = scoring.period_of(name, who.now)
    with who.rt.sessions.begin() as session:
        indicators.must_judge(session, period, indicator)
        found = signing.desk(session, period, indicator)
        drawn = sampling.sample_of(session, period)
        seen = sample_view.view(session, drawn) if drawn else None
    return who.page(
        "kpi/sign.html", trouble=trouble, desk=found, period=period, name=name, seen=seen,
        indicator=indicator, typed=form.values if form else {}, over=period.as_of >= period.end,
        may_sign=who.may(Role.APPROVER), may_draw=who.may(Role.KPI_OFFICER, Role.ADMINISTRATOR),
    )  # fmt: skip


def _sample(
    who: Member,
    sample_id: int,
    name: str,
    trouble: RukonError | None = None,
    form: Form | None = None,
    post_id: int = 0,
) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        seen = sample_view.view(session, sampling.find_sample(session, sample_id))
    return who.page(
        "kpi/sample.html", trouble=trouble, seen=seen, name=name, aspects=ASPECTS, wrong_at=post_id,
        typed=form.values if form else {}, may_score=who.may(*sampling.REVIEWERS),
        may_confirm=who.may(Role.OFFICER, Role.KPI_OFFICER),
    )  # fmt: skip
