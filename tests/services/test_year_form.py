"""Papers of quarters and years: the lines of section 6, and the office's form composed of them."""

from datetime import date, datetime
from importlib.resources import files

import pypdfium2
import pytest
from sqlalchemy import select

from core.clock import from_bangkok
from core.errors import BadInput, Conflict, Forbidden
from core.fiscal import Month, Span
from core.vocab import BundleState
from models import Attestation, AuditEvent, ReportLine
from services import evidence, evidence_files, form_texts, importing, report_lines, scoring, verifying

FORM = (files("services") / "samples" / "kpi-form-2564.txt").read_bytes()
OCTOBER, JANUARY = Month(2020, 10), Month(2021, 1)
YEAR_END = from_bangkok(datetime(2021, 9, 30, 17, 0))  # noqa: DTZ001 -- Bangkok wall clock


@pytest.fixture
def year_end(rt, clock, team):
    """The office's form is imported, and the year is over."""
    clock.set(YEAR_END)
    with rt.sessions.begin() as session:
        importing.import_form(session, "kpi-form-2564.txt", FORM, team.kpi_officer, clock.now())
    return clock


@pytest.fixture
def make(rt, team):
    def making(period, reason=""):
        with rt.sessions.begin() as session:
            evidence.request_bundle(session, Span.parse(period), team.kpi_officer, rt.clock.now(), reason)
        evidence.build_all(rt)
        with rt.sessions.begin() as session:
            row = next(one for one in evidence.list_bundles(session) if one.period == period)
        assert row.state is BundleState.READY, row.failure
        return row

    return making


def lines(rt):
    with rt.sessions.begin() as session:
        return report_lines.year_lines(session, 2564)


def words_of(pdf):
    with pypdfium2.PdfDocument(pdf) as paper:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in paper)


def test_the_years_form_holds_the_twelve_lines_twice_and_both_results(rt, year_end, make):
    row = make("2564")
    words = words_of(evidence_files.read_file(rt, row.id, "form.pdf"))
    assert words.count("28/10/2563:อยู่ระหว่างขั้นตอนขออนุมัติเงินงวด") == 2
    assert words.count("30/09/2564:ดำเนินการได้ตามเป้าหมายที่ตั้งไว้") == 2
    assert "=5.00(ระดับ)" in words
    assert "=0.00(ระดับ)" in words
    assert "ระดับที่5ไม่มีเกณฑ์ในแบบ" in words
    assert "ขั้นตอนของเดือนธันวาคมย้อนกลับไปก่อนขั้นตอนของเดือนพฤศจิกายน" in words
    assert "ตั้งแต่เดือนมีนาคมถึงเดือนพฤษภาคม" in words
    assert evidence_files.read_file(rt, row.id, "form.docx").startswith(b"PK")
    assert evidence_files.render_again(row) == evidence_files.read_file(rt, row.id, "form.pdf")


def test_an_accepted_correction_is_printed_and_told_and_the_raw_text_is_not_touched(rt, team, year_end, make):
    with rt.sessions.begin() as session:
        view = importing.load_import(session, importing.latest_import(session, 2564).id)
        for one in view.suggestions:
            if one.found == "เฟสบุ๊กแพพเพจ":
                importing.decide_suggestion(session, one.id, "accepted", team.kpi_officer, rt.clock.now())
    words = words_of(evidence_files.read_file(rt, make("2564").id, "form.pdf"))
    assert "ได้แก่เฟซบุ๊กแฟนเพจและTwitter" in words
    assert "“เฟสบุ๊กแพพเพจ”เป็น“เฟซบุ๊กแฟนเพจ”" in words
    with rt.sessions.begin() as session:
        assert "เฟสบุ๊กแพพเพจ" in importing.latest_import(session, 2564).raw_text


def test_an_officers_line_stands_and_what_it_replaced_stays_in_the_books(rt, team, year_end):
    with rt.sessions.begin() as session:
        report_lines.write_line(
            session, JANUARY, "จัดซื้อจัดจ้างแล้ว", team.kpi_officer, year_end.now(), date(2021, 1, 29)
        )
    (line,) = lines(rt)[3].lines
    assert (line.on, line.text, line.source) == (date(2021, 1, 29), "จัดซื้อจัดจ้างแล้ว", "typed")
    with rt.sessions.begin() as session:
        assert "ขยายเวลายกหนด" in session.scalars(select(ReportLine)).one().instead_of
        assert "line.write" in session.scalars(select(AuditEvent.action)).all()


def test_what_the_months_file_generated_stands_where_nobody_wrote(rt, clock, team, make):
    make("2020-10")
    october = lines(rt)[0]
    assert [one.source for one in october.lines] == ["generated"]
    assert october.generated.text == october.lines[0].text
    with rt.sessions.begin() as session:
        report_lines.write_line(session, OCTOBER, "แก้แล้ว", team.kpi_officer, clock.now())
    october = lines(rt)[0]
    assert (october.lines[0].text, october.generated.source) == ("แก้แล้ว", "generated")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ((OCTOBER, "  ", None), "line_empty"),
        ((OCTOBER, "ก", date(2020, 11, 1)), "line_day_outside"),
        ((Month(2021, 5), "ก", None), "month_in_future"),
        ((OCTOBER, "ก" * 2001, None), "too_long"),
    ],
)
def test_a_line_that_cannot_be_is_refused_and_nothing_is_written(rt, team, wrong, code):
    month, text, day = wrong
    with rt.sessions.begin() as session, pytest.raises(BadInput, match=code):
        report_lines.write_line(session, month, text, team.kpi_officer, rt.clock.now(), day)
    assert lines(rt)[0].lines == ()


def test_only_the_kpi_officer_writes_lines_and_sections(rt, clock, team):
    with rt.sessions.begin() as session, pytest.raises(Forbidden):
        report_lines.write_line(session, OCTOBER, "ก", team.officer, clock.now())
    with rt.sessions.begin() as session, pytest.raises(Forbidden):
        form_texts.write_text(session, 2564, "owner", "ก", team.officer, clock.now())


def test_a_signed_quarters_lines_are_locked(rt, clock, team):
    span = Span.parse("2564-q1")
    run = scoring.evaluate_period(rt, str(span), team.kpi_officer)
    with rt.sessions.begin() as session:
        session.add(
            Attestation(
                fiscal_year=2564, period_start=span.start(), period_end=span.end(), code="result",
                statement={}, statement_sha256="", confirmed=True, run_id=run.id, signed_by=team.approver.id,
                signer="ก", position="", signed_at=clock.now(),
            )
        )  # fmt: skip
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="period_locked"):
        report_lines.write_line(session, OCTOBER, "ก", team.kpi_officer, clock.now())


def test_sections_7_to_9_are_prefilled_and_an_officers_words_take_their_place(rt, team, year_end, make):
    row = make("2564")
    words = words_of(evidence_files.read_file(rt, row.id, "form.pdf"))
    assert "บุคลากรผู้รับผิดชอบสามารถดำเนินการได้เป็นอย่างดี" in words
    with rt.sessions.begin() as session:
        for section, body in (
            ("factors", "มีระบบรู้ก่อน"), ("obstacles", "ฝนตกหนัก\nเลื่อนงาน"), ("result_type", "outcome"),
            ("owner", "น้ำ กำหนด"),
        ):  # fmt: skip
            form_texts.write_text(session, 2564, section, body, team.kpi_officer, year_end.now())
    words = words_of(evidence_files.read_file(rt, make("2564", "แก้ข้อ 7").id, "form.pdf"))
    for wanted in ("มีระบบรู้ก่อน", "ฝนตกหนัก", "เลื่อนงาน", "(/)ผลลัพธ์(Outcome)", "(น้ำกำหนด)", "แก้ข้อ7"):
        assert wanted in words, wanted


def test_an_unknown_section_or_choice_is_refused(rt, clock, team):
    for section, body in (("rubbish", "ก"), ("result_type", "impact")):
        with rt.sessions.begin() as session, pytest.raises(BadInput, match="form_choice_unknown"):
            form_texts.write_text(session, 2564, section, body, team.kpi_officer, clock.now())


def test_a_quarter_is_one_paper_chained_to_the_months(rt, year_end, make):
    rows = [make(period) for period in ("2020-10", "2564-q1", "2564")]
    packed = [(row.file_name, evidence_files.bundle_path(rt, row).read_bytes()) for row in rows]
    assert [one.problems for one in verifying.verify_bundles(packed)] == [(), (), ()]
    assert "ประจำไตรมาสที่1(ตุลาคม2563–ธันวาคม2563)" in words_of(
        evidence_files.read_file(rt, rows[1].id, "evidence.pdf")
    )
    assert [one.number for one in verifying.verify_bundles(packed)][1:] == [
        "ปชส. 2564 ไตรมาส 1/1",
        "ปชส. 2564/1",
    ]


def test_a_years_lines_cost_the_same_however_many_there_are(rt, team, year_end, queries):
    with queries() as few:
        lines(rt)
    with rt.sessions.begin() as session:
        for place in range(6):
            report_lines.write_line(session, OCTOBER, f"ข้อความ {place}", team.kpi_officer, year_end.now())
    with queries() as more:
        lines(rt)
    assert len(few) == len(more)


def test_an_imported_line_stands_in_the_months_paper_but_is_not_typed_into_daily_plans_again(
    rt, year_end, make
):
    row = make("2020-10")
    words = words_of(evidence_files.read_file(rt, row.id, "evidence.pdf"))
    assert "28/10/2563:อยู่ระหว่างขั้นตอนขออนุมัติเงินงวดข้อความตามแบบรายงานของสำนักงานที่นำเข้า" in words
    assert evidence_files.daily_plans_line(row).startswith("31/10/2563 : ")
