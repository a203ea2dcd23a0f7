"""What an evidence file holds, rendered from its frozen document alone; where it lies and how it is read."""

import os
from pathlib import Path

from core.errors import NotFound
from core.fiscal import Span
from core.vocab import BundleState
from models import EvidenceBundle
from reports import bundle, manifest
from reports.document import EvidenceDocument
from reports.evidence_flow import evidence_flow
from reports.evidence_flow import running as evidence_title
from reports.evidence_pdf import render_pdf
from reports.flow_docx import render_docx
from reports.flow_pdf import Sheet, render_flow
from reports.frozen import from_dict, to_dict
from reports.manifest import Label
from reports.tables import csv_files, tables, workbook
from reports.wording import form_date
from reports.year_form import YearForm
from reports.year_form_flow import running as form_title
from reports.year_form_flow import year_form_flow
from services.runtime import Runtime

FONTS = Path(bundle.__file__).parent / "fonts"
PDF_NAME = "evidence.pdf"
FORM_NAME = "form.pdf"


def render(row: EvidenceBundle) -> dict[str, bytes]:
    """Return the files of a frozen document by name: the same bytes for ever; NotFound if none is frozen."""
    document = document_of(row)
    if isinstance(document, YearForm):
        sheet, blocks = _form_sheet(document), year_form_flow(document)
        return {FORM_NAME: render_flow(sheet, blocks, FONTS), "form.docx": render_docx(sheet, blocks)}
    found = tables(document)
    return {
        PDF_NAME: render_pdf(document, FONTS),
        "evidence.docx": render_docx(_evidence_sheet(document), evidence_flow(document)),
        "evidence.xlsx": workbook(found, document.cover.made_at),
        **csv_files(found),
    }


def document_of(row: EvidenceBundle) -> EvidenceDocument | YearForm:
    """Return what was frozen for a period; NotFound if nothing is."""
    if row.document is None:
        raise NotFound
    if Span.parse(row.period).is_year:
        return from_dict(YearForm, row.document)
    return from_dict(EvidenceDocument, row.document)


def label_of(row: EvidenceBundle) -> Label:
    """Return what a file says of itself in its manifest."""
    document = document_of(row)
    told = document if isinstance(document, YearForm) else document.cover
    return Label(
        number=told.number, period=row.period, version=told.version, criteria_version=told.criteria,
        criteria_digest=told.criteria_digest, made_at=told.made_at,
    )  # fmt: skip


def render_again(row: EvidenceBundle) -> bytes:
    """Return the PDF of a frozen document, rendered anew: the same bytes for ever; NotFound if not made."""
    files = render(row)
    return files.get(PDF_NAME) or files[FORM_NAME]


def daily_plans_line(row: EvidenceBundle) -> str:
    """Return what the office types into Daily Plans, `31/10/2563 : ...`; empty if not made.

    An officer's words where one wrote any, else the line that the file generated; what was imported is there.
    """
    document = document_of(row) if row.document else None
    if document is None or isinstance(document, YearForm):
        return ""
    typed = [line for line in document.narrative if line.source == "typed"]
    lines = typed or [line for line in document.narrative if line.source == "generated"]
    return "\n".join(f"{form_date(line.on)} : {line.text}" for line in lines)


def bundle_path(rt: Runtime, row: EvidenceBundle) -> Path:
    """Return where a ready file lies; raises NotFound if it is not ready or gone."""
    path = rt.evidence_dir / row.file_name
    if row.state is not BundleState.READY or not path.is_file():
        raise NotFound
    return path


def read_file(rt: Runtime, bundle_id: int, name: str) -> bytes:
    """Return one file out of a ready bundle, such as the PDF or a CSV; raises NotFound."""
    with rt.sessions.begin() as session:
        row = session.get(EvidenceBundle, bundle_id)
    if row is None:
        raise NotFound
    path = bundle_path(rt, row)
    files, listed = bundle.unpack(path.read_bytes())
    found = {**files, manifest.NAME: listed}.get(name)
    if found is None:
        raise NotFound
    return found


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def _form_sheet(form: YearForm) -> Sheet:
    return Sheet(
        office=form.office, running=form_title(form), number=form.number, made_at=form.made_at,
        language=form.language, digits=form.digits, values=to_dict(form),
    )  # fmt: skip


def _evidence_sheet(document: EvidenceDocument) -> Sheet:
    cover = document.cover
    return Sheet(
        office=cover.office, running=evidence_title(document), number=cover.number, made_at=cover.made_at,
        language=document.language, digits=document.digits, values={},
    )  # fmt: skip
