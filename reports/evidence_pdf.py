"""The month's evidence file as a PDF/A: A4, tagged, its text selectable, the same bytes every time."""

import json
from os import PathLike

from reports import fonts
from reports.document import EvidenceDocument
from reports.evidence_data import template_data
from reports.frozen import to_dict
from reports.typesetting import typeset


def render_pdf(document: EvidenceDocument, font_folder: str | PathLike[str]) -> bytes:
    """Return the document as PDF/A-3a and PDF/UA-1, all its data attached; same input, same bytes.

    font_folder: holds fonts.FACES. Raises FontsMissing, and PdfFailed on any error or warning of typst.
    """
    faces = fonts.load(font_folder)
    inputs = {
        "data": json.dumps(template_data(document, faces.coverage), ensure_ascii=False),
        "document": json.dumps(to_dict(document), ensure_ascii=False, sort_keys=True),
    }
    return typeset("evidence.typ", inputs, faces, document.cover.made_at)
