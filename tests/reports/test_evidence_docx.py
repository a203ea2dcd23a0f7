"""The month's evidence as a Word file: what the PDF says, in its order, in looks the office can change."""

import io
from dataclasses import replace

import pytest
from docx import Document
from docx.table import Table

from core.i18n import catalogue
from reports.evidence_flow import evidence_flow, running
from reports.flow_docx import LINE, STYLES, render_docx
from reports.flow_pdf import Sheet
from tests.reports import samples
from tests.reports.conftest import squeezed

WORDS = catalogue("th")["reports"]["evidence"]
SECTIONS = ("items", "events", "metrics", "levels", "irregularities", "narrative", "signatures")


def packed(document):
    cover = document.cover
    sheet = Sheet(
        office=cover.office, running=running(document), number=cover.number, made_at=cover.made_at,
        language=document.language, digits=document.digits, values={},
    )  # fmt: skip
    return render_docx(sheet, evidence_flow(document))


@pytest.fixture(scope="module")
def paper():
    return Document(io.BytesIO(packed(samples.october())))


def text_of(paper):
    """Return all text of a paper, tables where they stand."""
    parts = []
    for block in paper.iter_inner_content():
        rows = block.rows if isinstance(block, Table) else ()
        parts += [cell.text for row in rows for cell in row.cells] or [getattr(block, "text", "")]
    return squeezed("".join(parts))


def test_every_sentence_of_the_month_stands_in_the_word_file_too(paper):
    document, text = samples.october(), text_of(paper)
    said = [document.cover.office, document.cover.indicator, document.cover.notice, document.score.headline]
    said += [item.title for item in document.items] + [item.link for item in document.items]
    said += [row.title for row in document.events] + [row.definition for row in document.metrics]
    said += [check.title for level in document.levels for check in level.checks]
    said += [level.progress for level in document.levels]
    said += [row.text for row in document.irregularities] + [line.text for line in document.narrative]
    said += [WORDS["metrics_note"], WORDS["items_note"], WORDS["strength_note"]]
    assert [sentence for sentence in said if squeezed(sentence) not in text] == []


def test_sections_stand_in_the_order_of_the_pdf(paper):
    heads = [one.text for one in paper.paragraphs if one.style.name == "Heading 1"]
    assert heads == [WORDS[name] for name in SECTIONS]


def test_tables_fill_the_line_by_their_shares_and_repeat_their_heads(paper):
    items = paper.tables[0]
    widths = [column.width.twips for column in items.columns]
    assert LINE - len(widths) <= sum(widths) <= LINE
    assert widths[1] == max(widths)
    assert "w:tblHeader" in items.rows[0]._tr.xml
    assert "w:tblHeader" not in items.rows[1]._tr.xml


def test_looks_are_styles_and_no_run_carries_a_face_of_its_own(paper):
    names = {style.name for style in paper.styles}
    assert {name for name, *_ in STYLES} <= names
    assert not [run for one in paper.paragraphs for run in one.runs if run.font.name or run.font.size]


def test_each_page_says_whose_it_is_and_its_number(paper):
    (section,) = paper.sections
    assert "แฟ้มหลักฐานประกอบตัวชี้วัด ประจำเดือนตุลาคม 2563" in section.header.paragraphs[0].text
    foot = section.footer.paragraphs[0]._p.xml
    assert foot.index('w:instr="PAGE"') < foot.index('w:instr="NUMPAGES"')


def test_the_same_month_is_the_same_bytes_and_thai_digits_reach_its_figures():
    assert packed(samples.october()) == packed(samples.october())
    thai = text_of(Document(io.BytesIO(packed(replace(samples.october(), digits="thai")))))
    assert squeezed("ตุลาคม ๒๕๖๓") in thai
    assert "P-2564-0001" in thai


def test_signs_of_markup_in_a_title_are_text():
    item = replace(samples.october().items[0], title="5 < 6 & <w:p> \x0b\x00 จบ")
    text = text_of(Document(io.BytesIO(packed(replace(samples.october(), items=(item,))))))
    assert squeezed("5 < 6 & <w:p>") in text
