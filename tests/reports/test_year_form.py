"""The office's own form for a year: set like the one that is filed, as PDF and as a file to edit."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from docx import Document

from core.fiscal import quarter
from reports.flow_docx import STYLES, render_docx
from reports.flow_pdf import Sheet, render_flow
from reports.frozen import DocumentUnreadable, from_dict, to_dict
from reports.year_form import Aim, LevelText, MonthLine, Term, YearForm
from reports.year_form_flow import running, year_form_flow
from tests.reports.conftest import squeezed
from tests.reports.samples import digest, wall

LINES = {
    date(2020, 10, 28): "อยู่ระหว่างขั้นตอนขออนุมัติเงินงวด",
    date(2020, 12, 31): "อยู่ระหว่างแต่งตั้งคณะกรรมการกำหนดขอบเขตของงานฯ (มีการปรับรายละเอียดของโครงการ)",
    date(2021, 1, 31): "อยู่ระหว่างขั้นตอนขยายเวลากำหนดขอบเขตของงานฯ",
    date(2021, 9, 30): "ดำเนินการได้ตามเป้าหมายที่ตั้งไว้",
}


@pytest.fixture
def form():
    return YearForm(
        office="สำนักงานประชาสัมพันธ์ สำนักปลัดกรุงเทพมหานคร",
        fiscal_year=2564,
        number="ปชส. 2564/1",
        version=1,
        made_at=wall(2021, 9, 30, 17, 0),
        as_of=wall(2021, 9, 30, 16, 0),
        criteria="2564 1",
        criteria_digest=digest("criteria"),
        name="ระดับความสำเร็จในการพัฒนาสื่อสังคมออนไลน์เสริมสร้างการรับรู้เชิงรุก",
        result_types=("ผลผลิต (Output)", "ผลลัพธ์ (Outcome)"),
        aims=(Aim(label="ย่อย ๕.๔", text="การเมืองสีขาว"),),
        terms=(Term(term="การพัฒนา", text="การกระทำให้เกิดการเปลี่ยนแปลงอย่างเป็นระบบ"),),
        levels=(
            LevelText(number=1, text="มีแผนการพัฒนาสื่อสังคมออนไลน์", verdict="ผ่าน"),
            LevelText(number=4, text="", verdict="ไม่มีเกณฑ์"),
        ),
        target=Decimal(5),
        claimed=Decimal("5.00"),
        evidenced=Decimal("2.00"),
        headline="ตรวจสอบได้สูงสุด 3 จากเป้าหมาย 5 (ระดับ 4–5 ไม่มีเกณฑ์ในแบบ)",
        lines=tuple(MonthLine(on=day, text=text, source="imported") for day, text in LINES.items()),
        factors=("บุคลากรผู้รับผิดชอบสามารถดำเนินการได้เป็นอย่างดี",),
        owner="น้ำ กำหนด",
        remarks=("แถวเดือนมกราคมต่างจากแบบที่นำเข้า",),
    )


def sheet(form):
    return Sheet(
        office=form.office, running=running(form), number=form.number, made_at=form.made_at,
        language=form.language, digits=form.digits, values=to_dict(form),
    )  # fmt: skip


def test_all_nine_sections_and_both_results_stand_in_the_pdf_and_copy_right(form, font_folder, copied):
    words = copied(render_flow(sheet(form), year_form_flow(form), font_folder))
    for wanted in (
        "1. ชื่อตัวชี้วัด", "2. ระดับความสำเร็จ", "3. คำนิยาม", "4. วิธีการคำนวณ", "5. เป้าหมาย", "= 5.00 (ระดับ)",
        "= 2.00 (ระดับ)", "(6.1) ไตรมาสที่ 1", "(6.5) สรุปผล", "7. ปัจจัยสนับสนุน", "8. อุปสรรค", "9. หลักฐานอ้างอิง",
        "28/10/2563 : อยู่ระหว่างขั้นตอนขออนุมัติเงินงวด", "(น้ำ กำหนด)", "ลงชื่อ", "ระดับที่ 4 [ไม่มีเกณฑ์]",
    ):  # fmt: skip
        assert squeezed(wanted) in words, wanted


def test_each_line_stands_once_in_its_quarter_and_once_in_the_summary(form, font_folder, copied):
    words = copied(render_flow(sheet(form), year_form_flow(form), font_folder))
    for text in LINES.values():
        assert words.count(squeezed(text)) == 2
    assert [quarter(day) for day in LINES] == [1, 1, 2, 4]


def test_a_month_without_a_line_is_said_and_one_that_has_not_begun_is_not(form):
    said = [getattr(block, "text", "") for block in year_form_flow(form)]
    assert said.count("พฤศจิกายน 2563 ยังไม่มีข้อความรายงานผล") == 2
    early = replace(form, as_of=wall(2020, 11, 2, 9, 0))
    said = " ".join(getattr(block, "text", "") for block in year_form_flow(early))
    assert "พฤศจิกายน 2563 ยังไม่มี" in said
    assert "กุมภาพันธ์ 2564 ยังไม่มี" not in said


def test_nothing_claimed_is_no_data_and_never_zero(form):
    said = " ".join(getattr(block, "text", "") for block in year_form_flow(replace(form, claimed=None)))
    assert "= ไม่มีข้อมูล (ระดับ)" in said
    assert "0.00" not in said


def test_the_same_form_is_the_same_bytes_as_pdf_and_as_word_file(form, font_folder):
    for render in (lambda: render_flow(sheet(form), year_form_flow(form), font_folder),
                   lambda: render_docx(sheet(form), year_form_flow(form))):  # fmt: skip
        assert render() == render()


def test_the_word_file_has_the_words_the_margins_and_thai_digits_if_asked(form):
    thai = replace(form, digits="thai")
    packed = render_docx(sheet(thai), year_form_flow(thai))
    paper = Document(io.BytesIO(packed))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "๒๘/๑๐/๒๕๖๓ : อยู่ระหว่างขั้นตอนขออนุมัติเงินงวด" in text
    assert round(paper.sections[0].left_margin.cm, 1) == 3.0
    assert paper.core_properties.created == form.made_at
    looks = zipfile.ZipFile(io.BytesIO(packed)).read("word/styles.xml").decode()
    assert looks.count('w:cs="TH SarabunPSK"') == len(STYLES)


def test_a_frozen_form_loads_again_and_damaged_values_name_the_field(form):
    assert from_dict(YearForm, to_dict(form)) == form
    with pytest.raises(DocumentUnreadable, match="target"):
        from_dict(YearForm, to_dict(form) | {"target": "five"})
