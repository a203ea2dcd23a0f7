"""Typst, called one way: our fonts only, no warning passed over, a set clock, text that copies right."""

from collections.abc import Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any

import typst

from core.errors import RukonError
from reports import fonts, text_layer

TEMPLATES = Path(__file__).parent / "templates"


class PdfFailed(RukonError):
    """The template could not be set; `detail` in params is the typesetter's own sentence."""

    code = "pdf_failed"


def typeset(template: str, inputs: Mapping[str, str], faces: fonts.Faces, made_at: datetime) -> bytes:
    """Return a template of ours as PDF/A-3a and PDF/UA-1; same input, same bytes.

    Raises PdfFailed on any error or warning of typst.
    """
    moment = int(made_at.timestamp())
    (pdf,) = _compiled(
        template, inputs, faces, format="pdf", pdf_standards=["a-3a", "ua-1"], timestamp=moment
    )
    return text_layer.repair(pdf, faces.files)


def draw_pages(template: str, inputs: Mapping[str, str], faces: fonts.Faces, ppi: int) -> list[bytes]:
    """Return each page of a template of ours as PNG; same input, same bytes. Raises PdfFailed."""
    return _compiled(template, inputs, faces, format="png", ppi=ppi)


def render_leaflet(
    title: str, lines: list[str], made_at: datetime, font_folder: str | PathLike[str]
) -> bytes:
    """Return one plain Thai page: a heading and paragraphs; blank forms, small leaflets."""
    inputs = {"title": title, "text": "\n".join(lines)}
    return typeset("leaflet.typ", inputs, fonts.load(font_folder), made_at)


def _compiled(
    template: str, inputs: Mapping[str, str], faces: fonts.Faces, **output: Any  # noqa: ANN401 -- typst's own options
) -> list[bytes]:  # fmt: skip
    shelf = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[faces.folder])
    compiler = typst.Compiler(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=shelf,
        ignore_system_fonts=True,
        sys_inputs=dict(inputs),
    )
    try:
        made, warnings = compiler.compile_with_warnings(**output)
    except typst.TypstError as exc:
        raise PdfFailed(detail=exc.message) from exc
    if warnings or not made:
        raise PdfFailed(detail="; ".join(warning.message for warning in warnings))
    return [made] if isinstance(made, bytes) else made
