"""A flow of blocks as a Word file that the office can edit; the same input gives the same bytes."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row
from docx.oxml.text.font import CT_RPr
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reports.flow import Block, Grid, Heading, SignHere, Words
from reports.flow_pdf import Sheet
from reports.printable import compose, in_thai_digits

FACE = "TH SarabunPSK"  # what the office's machines have; Word takes another if it is absent
SIZE, SMALL, TITLE = 16, 13, 20
INK = RGBColor(0x16, 0x32, 0x4F)
STEP = Cm(0.75)
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can hold: no clock shows in the bytes


def render_docx(sheet: Sheet, blocks: Iterable[Block]) -> bytes:
    """Return the blocks as a .docx: A4, the office's margins and face, headings that Word can navigate."""
    paper = Document()
    _prepare(paper, sheet)
    writer = _Writer(paper, thai=sheet.digits == "thai")
    writer.centred(sheet.office, 17)
    writer.centred(sheet.running, TITLE, bold=True)
    for block in blocks:
        writer.write(block)
    written = io.BytesIO()
    paper.save(written)
    return _settled(written.getvalue())


def _prepare(paper: Paper, sheet: Sheet) -> None:
    (section,) = paper.sections
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2)
    style = paper.styles["Normal"]
    style.paragraph_format.space_after = Pt(3)
    told = paper.core_properties
    told.title, told.author, told.comments, told.language = (
        sheet.running,
        sheet.office,
        sheet.number,
        sheet.language,
    )
    told.created = told.modified = sheet.made_at.astimezone(UTC).replace(tzinfo=None)
    told.last_modified_by, told.revision = sheet.office, 1


class _Writer:
    """Writes blocks into one paper."""

    def __init__(self, paper: Paper, *, thai: bool) -> None:
        self.paper = paper
        self.thai = thai

    def write(self, block: Block) -> None:
        if isinstance(block, Heading):
            paragraph = self.paper.add_heading(level=block.level)
            self._run(paragraph, block.text, SIZE + 2, bold=True).font.color.rgb = INK
        elif isinstance(block, Words):
            self._words(block)
        elif isinstance(block, Grid):
            self._grid(block)
        else:
            self._sign(block)

    def centred(self, text: str, size: int, *, bold: bool = False) -> None:
        paragraph = self.paper.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(paragraph, text, size, bold=bold)

    def _words(self, block: Words) -> None:
        paragraph = self.paper.add_paragraph()
        paragraph.paragraph_format.left_indent = STEP * block.indent
        paragraph.paragraph_format.keep_with_next = not block.text
        size = SMALL if block.note else SIZE
        if block.label:
            self._run(paragraph, f"{block.label} ", size, bold=True)
        self._run(paragraph, block.text, size)

    def _grid(self, block: Grid) -> None:
        table = self.paper.add_table(rows=1, cols=len(block.heads), style="Table Grid")
        for cell, head in zip(table.rows[0].cells, block.heads, strict=True):
            self._run(cell.paragraphs[0], head, SIZE - 2, bold=True)
        _repeat_on_each_page(table.rows[0]._tr)  # noqa: SLF001 -- python-docx has no word for it
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                self._run(cell.paragraphs[0], text, SIZE - 2)

    def _sign(self, block: SignHere) -> None:
        for words in (
            f"{block.sign}\t{block.role}",
            f"({block.name})" if block.name else "(\t)",
            f"{block.position_label} {block.position}" if block.position else f"{block.position_label}\t",
            block.note,
        ):
            paragraph = self.paper.add_paragraph()
            paragraph.paragraph_format.left_indent = Cm(6.5)
            paragraph.paragraph_format.tab_stops.add_tab_stop(
                Cm(12), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.DOTS
            )
            self._run(paragraph, words, SIZE)

    def _run(self, paragraph: Paragraph, text: str, size: int, *, bold: bool = False) -> Run:
        parts = "\t".join(compose(part) for part in text.split("\t"))
        run = paragraph.add_run(in_thai_digits(parts) if self.thai else parts)
        if text.endswith(" "):
            run.add_text(" ")
        _in_thai_face(run, size, bold=bold)
        return run


def _in_thai_face(run: Run, size: int, *, bold: bool) -> None:
    """Set face and size for Latin and for Thai letters, which Word keeps apart (cs: complex script)."""
    run.font.name, run.font.size, run.font.bold = FACE, Pt(size), bold
    properties = run._element.get_or_add_rPr()  # noqa: SLF001 -- python-docx has no word for it
    properties.get_or_add_rFonts().set(qn("w:cs"), FACE)
    # Word wants its elements in one order: b, bCs, ... sz, szCs, lang
    _after(properties, "w:b", "w:bCs", "w:val", "1" if bold else "0")
    _after(properties, "w:sz", "w:szCs", "w:val", str(size * 2))
    _after(properties, "w:szCs", "w:lang", "w:bidi", "th-TH")


def _after(properties: CT_RPr, before: str, name: str, attribute: str, value: str) -> None:
    element = OxmlElement(name)
    element.set(qn(attribute), value)
    found = properties.find(qn(before))
    if found is None:
        properties.append(element)
    else:
        found.addnext(element)


def _repeat_on_each_page(row: CT_Row) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _settled(packed: bytes) -> bytes:
    """Return the same ZIP without clock or machine in its bytes."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as came,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as goes,
    ):
        for name in sorted(came.namelist()):
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o644 << 16,
            )
            goes.writestr(entry, came.read(name))
    return written.getvalue()
