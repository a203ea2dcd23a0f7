"""A flow of blocks as a Word file that the office can edit; the same input gives the same bytes.

python-docx makes the package and its styles. Paragraphs and tables are written as WordprocessingML in one go:
a call for each of a month's thousands of cells costs a second and a half. Looks are styles, so that the
office changes a face or a size in one place.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt

from core.i18n import catalogue
from reports.flow import Block, Grid, Heading, SignHere, Words
from reports.flow_pdf import Sheet
from reports.printable import compose, in_thai_digits

FACE = "TH SarabunPSK"  # what the office's machines have; Word takes another if it is absent
INK = "16324F"
# name, points, bold, colour; the first is the ground of all others
STYLES = (
    ("Normal", 16, False, ""), ("Title", 20, True, INK),
    ("Heading 1", 18, True, INK), ("Heading 2", 17, True, INK),
    ("Cell", 14, False, ""), ("Cell head", 14, True, INK), ("Small print", 13, False, "55606B"),
)  # fmt: skip
LINE = 9071  # twips between the margins: 16 cm
STEP = 425  # twips of one indent: 0.75 cm
SIGN_AT, SIGN_TO = 3685, 6803  # twips: where a place to sign begins, how far its dots go
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can hold: no clock shows in the bytes


def render_docx(sheet: Sheet, blocks: Iterable[Block]) -> bytes:
    """Return the blocks as a .docx: A4, the office's margins and face, headings that Word can navigate."""
    paper = Document()
    _prepare(paper, sheet)
    writer = _Writer(in_thai_digits if sheet.digits == "thai" else str)
    written = [
        writer.paragraph(sheet.office, '<w:jc w:val="center"/>'),
        writer.paragraph(sheet.running, '<w:pStyle w:val="Title"/><w:jc w:val="center"/>'),
        *(part for block in blocks for part in writer.write(block)),
    ]
    for element in _parsed("".join(written)):
        paper.element.body[-1].addprevious(element)
    (section,) = paper.sections
    for edge, text in ((section.header, writer.head(sheet)), (section.footer, writer.foot(sheet))):
        (empty,) = (one._p for one in edge.paragraphs)  # noqa: SLF001 -- python-docx has no word for it
        empty.getparent().replace(empty, *_parsed(text))
    packed = io.BytesIO()
    paper.save(packed)
    return _settled(packed.getvalue())


class _Writer:
    """Writes blocks as WordprocessingML."""

    def __init__(self, digits: Callable[[str], str]) -> None:
        self.digits = digits

    def head(self, sheet: Sheet) -> str:
        """Return what stands over every page: the title, then the number of the paper."""
        return self.paragraph(f"{sheet.running} · {sheet.number}", '<w:pStyle w:val="Smallprint"/>')

    def foot(self, sheet: Sheet) -> str:
        """Return the page's number of how many, which Word counts."""
        words = catalogue(sheet.language)["reports"]["evidence"]["page"]
        fields = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
        runs = "".join(
            f'<w:fldSimple w:instr="{fields[part]}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
            if part in fields
            else f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
            for part in re.split("({pages?})", words)
            if part
        )
        return f'<w:p><w:pPr><w:pStyle w:val="Smallprint"/><w:jc w:val="right"/></w:pPr>{runs}</w:p>'

    def write(self, block: Block) -> Iterator[str]:
        if isinstance(block, Heading):
            yield self.paragraph(block.text, f'<w:pStyle w:val="Heading{block.level}"/>')
        elif isinstance(block, Words):
            yield self._words(block)
        elif isinstance(block, Grid):
            yield self._grid(block)
        else:
            yield from self._sign(block)

    def paragraph(self, text: str, looks: str, label: str = "") -> str:
        """Return one paragraph; looks: its properties in Word's own order."""
        runs = [self._run(f"{label} ", bold=True)] if label else []
        return f"<w:p><w:pPr>{looks}</w:pPr>{''.join([*runs, self._run(text)])}</w:p>"

    def _words(self, block: Words) -> str:
        style = '<w:pStyle w:val="Smallprint"/>' if block.note else ""
        keep = "" if block.text else "<w:keepNext/>"
        return self.paragraph(
            block.text, f'{style}{keep}<w:ind w:left="{STEP * block.indent}"/>', block.label
        )

    def _grid(self, block: Grid) -> str:
        shares = block.widths or (1,) * len(block.heads)
        widths = [LINE * share // sum(shares) for share in shares]
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = self._row(block.heads, widths, "Cellhead", "<w:tblHeader/>")
        rows = "".join(self._row(row, widths, "Cell") for row in block.rows)
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
            f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{head}{rows}</w:tbl>'
        )

    def _row(self, texts: Iterable[str], widths: Iterable[int], style: str, more: str = "") -> str:
        """Return a row that no page break parts."""
        looks = f'<w:pStyle w:val="{style}"/>'
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{self.paragraph(text, looks)}</w:tc>'
            for text, width in zip(texts, widths, strict=True)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{cells}</w:tr>"

    def _sign(self, block: SignHere) -> Iterator[str]:
        dots = f'<w:tabs><w:tab w:val="left" w:leader="dot" w:pos="{SIGN_TO}"/></w:tabs>'
        looks = f'<w:keepNext/>{dots}<w:ind w:left="{SIGN_AT}"/>'
        first = looks.replace("<w:ind", '<w:spacing w:before="300"/><w:ind')
        yield self.paragraph(f"{block.sign}\t{block.role}", first)
        yield self.paragraph(f"({block.name})" if block.name else "(\t)", looks)
        position = f" {block.position}" if block.position else "\t"
        yield self.paragraph(f"{block.position_label}{position}", looks)
        style = "" if "\t" in block.note else '<w:pStyle w:val="Smallprint"/>'
        yield self.paragraph(block.note, f'{style}{dots}<w:ind w:left="{SIGN_AT}"/>')

    def _run(self, text: str, *, bold: bool = False) -> str:
        looks = "<w:rPr><w:b/><w:bCs/></w:rPr>" if bold else ""
        parts = (escape(self.digits(compose(part))) for part in text.split("\t"))
        words = "<w:tab/>".join(f'<w:t xml:space="preserve">{part}</w:t>' if part else "" for part in parts)
        space = '<w:t xml:space="preserve"> </w:t>' if text.endswith(" ") else ""
        return f"<w:r>{looks}{words}{space}</w:r>" if words else ""


def _parsed(written: str) -> list[Any]:
    """Return elements of WordprocessingML, ready to be put into a paper."""
    return list(parse_xml(f"<w:body {nsdecls('w')}>{written}</w:body>"))


def _prepare(paper: Paper, sheet: Sheet) -> None:
    (section,) = paper.sections
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2)
    for style in STYLES:
        _set_style(paper, *style)
    told = paper.core_properties
    told.title, told.author, told.comments, told.language = (
        sheet.running,
        sheet.office,
        sheet.number,
        sheet.language,
    )
    told.created = told.modified = sheet.made_at.astimezone(UTC).replace(tzinfo=None)
    told.last_modified_by, told.revision = sheet.office, 1


def _set_style(paper: Paper, name: str, points: int, bold: bool, colour: str) -> None:  # noqa: FBT001 -- a table's row
    """Set face and size for Latin and for Thai letters, which Word keeps apart (cs: complex script)."""
    known = name in [style.name for style in paper.styles]
    style = paper.styles[name] if known else paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.paragraph_format.space_after = Pt(0 if name.startswith("Cell") else 3)
    found = style.element.find(f"{{{style.element.nsmap['w']}}}rPr")
    if found is not None:
        style.element.remove(found)
    on = int(bold)
    # Word wants these elements in this order
    style.element.append(
        parse_xml(
            f'<w:rPr {nsdecls("w")}><w:rFonts w:ascii="{FACE}" w:hAnsi="{FACE}" w:cs="{FACE}"/>'
            f'<w:b w:val="{on}"/><w:bCs w:val="{on}"/>'
            + (f'<w:color w:val="{colour}"/>' if colour else "")
            + f'<w:sz w:val="{points * 2}"/><w:szCs w:val="{points * 2}"/><w:lang w:bidi="th-TH"/></w:rPr>'
        )
    )


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
