"""Evidence files: a period's file asked for, watched while it is made, downloaded, and any file verified."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.fiscal import fiscal_year, spans_of
from models import EvidenceBundle
from services import closing, evidence, evidence_files
from services.periods import read_month, read_span, read_year
from services.verifying import Checked, verify_uploads
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/evidence")
TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get("")
def index(who: SignedIn, year: int = 0) -> HTMLResponse:
    """Show the months of a fiscal year with their files."""
    return _page(who, year)


@router.get("/periods/{period}")
def show_period(who: SignedIn, period: str) -> HTMLResponse:
    """Show one period's row, for the page to exchange while its file is made."""
    span = read_span(period, "month")
    with who.rt.sessions.begin() as session:
        mine = evidence.bundles_by_period(session, span.fiscal_year).get(str(span), [])
    return who.page("evidence/period.html", span=span, mine=mine, under_way=evidence.UNDER_WAY)


@router.get("/closing")
def closing_month(who: SignedIn, month: str = "") -> HTMLResponse:
    """Show what a month lacks before its file is made: this month's from its 25th on, else the last one's."""
    wanted = read_month(month, "month") if month else closing.month_to_close(who.today)
    with who.rt.sessions.begin() as session:
        lacks = closing.missing_proofs(session, wanted, who.now, who.rt.media_dir, who.language)
    return who.page("evidence/closing.html", lacks=lacks, month=wanted)


@router.post("")
def request(who: SignedIn, form: Posted) -> Response:
    """Ask for a month's file; a worker makes it."""
    wanted = read_span(form.text("month"), "month")
    year = wanted.fiscal_year
    try:
        with who.rt.sessions.begin() as session:
            evidence.request_bundle(session, wanted, who.person, who.now, form.text("reason"))
    except (BadInput, Conflict) as error:
        return _page(who, year, error, str(wanted))
    return who.go("/evidence", year=year, done="evidence_requested")


@router.post("/verify")
def verify(who: SignedIn, form: Posted) -> HTMLResponse:
    """Check uploaded files, each against its manifest and the one before it."""
    try:
        return _page(who, 0, checked=verify_uploads(form.files.get("files", ())))
    except BadInput as error:
        return _page(who, 0, error)


@router.get("/{bundle_id}/bundle.zip")
def download(who: SignedIn, bundle_id: int) -> Response:
    """Give a whole file as ZIP."""
    row = _bundle(who, bundle_id)
    content = evidence_files.bundle_path(who.rt, row).read_bytes()
    return _file(content, "application/zip", row.file_name, "attachment")


@router.get("/{bundle_id}/{name}")
def download_part(who: SignedIn, bundle_id: int, name: str) -> Response:
    """Give one part of a file: the PDF to look at, tables to download."""
    content = evidence_files.read_file(who.rt, bundle_id, name)
    kind = name.rpartition(".")[2]
    month = _bundle(who, bundle_id).period
    how = "inline" if kind == "pdf" else "attachment"
    return _file(content, TYPES.get(kind, "application/octet-stream"), f"{month}-{name}", how)


def _file(content: bytes, kind: str, name: str, how: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'{how}; filename="{name}"'})


def _page(
    who: Member, year: int, trouble: RukonError | None = None, opened: str = "",
    checked: list[Checked] | None = None,
) -> HTMLResponse:  # fmt: skip
    wanted = read_year(year) if year else fiscal_year(who.today)
    with who.rt.sessions.begin() as session:
        bundles = evidence.bundles_by_period(session, wanted)
    return who.page(
        "evidence/index.html", trouble=trouble, year=wanted, spans=spans_of(wanted), bundles=bundles,
        checked=checked, opened=opened, under_way=evidence.UNDER_WAY,
    )  # fmt: skip


def _bundle(who: Member, bundle_id: int) -> EvidenceBundle:
    with who.rt.sessions.begin() as session:
        return evidence.find_bundle(session, bundle_id)
