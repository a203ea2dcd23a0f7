"""The month's evidence file as a PDF/A: A4, tagged, its text selectable, the same bytes every time."""

import json
from os import PathLike
from pathlib import Path

import typst

from core.errors import RukonError
from reports import fonts, text_layer
from reports.document import EvidenceDocument, to_dict
from reports.evidence_data import template_data

TEMPLATE = Path(__file__).parent / "templates" / "evidence.typ"


class PdfFailed(RukonError):
    """The template could not be set; `detail` in params is the typesetter's own sentence."""

    code = "pdf_failed"


def render_pdf(document: EvidenceDocument, font_folder: str | PathLike[str]) -> bytes:
    """Return the document as PDF/A-3a and PDF/UA-1, all its data attached; same input, same bytes.

    font_folder: holds fonts.FACES. Raises FontsMissing, and PdfFailed on any error or warning of typst.
    """
    faces = fonts.load(font_folder)
    pdf = _typeset(document, faces)
    return text_layer.repair(pdf, faces.files)


def _typeset(document: EvidenceDocument, faces: fonts.Faces) -> bytes:
    inputs = {
        "data": json.dumps(template_data(document, faces.coverage), ensure_ascii=False),
        "document": json.dumps(to_dict(document), ensure_ascii=False, sort_keys=True),
    }
    shelf = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[faces.folder])
    compiler = typst.Compiler(
        TEMPLATE, root=TEMPLATE.parent, font_paths=shelf, ignore_system_fonts=True, sys_inputs=inputs
    )
    made_at = int(document.cover.made_at.timestamp())
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["a-3a", "ua-1"], timestamp=made_at
        )
    except typst.TypstError as exc:
        raise PdfFailed(detail=exc.message) from exc
    if warnings or not isinstance(pdf, bytes):
        raise PdfFailed(detail="; ".join(warning.message for warning in warnings))
    return pdf
