"""What was signed stands in the papers of month, quarter and year; unsigned is said, never assumed."""

import hashlib
import io
from datetime import date, timedelta

import pypdfium2
import pytest
from docx import Document

from core.fiscal import Month, Span
from core.vocab import BundleState
from models import Attestation
from services import evidence, evidence_files, report_lines, scoring, signing, surveys
from services.media import Upload
from services.signing import Signature
from services.statements import statement
from services.surveys import SurveyForm
from tests.indicator import QUARTER, end_quarter, publish

AGAINST = "ยังไม่มีผู้ให้คะแนน จึงรับรองไม่ได้"
PAPERS = {"2020-12": "evidence", QUARTER: "evidence", "2564": "form"}


@pytest.fixture
def quarter(rt, team, accounts, clock):
    """A quarter that is over, evaluated, with a survey: H2 and H4 can be signed, H1 cannot."""
    publish(rt, team, 2)
    end_quarter(clock)
    survey = SurveyForm(
        "สำรวจการจดจำ", "ออนไลน์", date(2020, 12, 1), date(2020, 12, 20), 120, 90,
        Upload("survey.csv", b"n,recall\n120,90\n"), date(2020, 12, 25),
    )  # fmt: skip
    surveys.add_survey(rt, survey, team.kpi_officer)
    scoring.evaluate_period(rt, QUARTER, team.kpi_officer)
    return scoring.period_of(QUARTER, clock.now())


@pytest.fixture
def say(rt, team, quarter):
    """Return a function that signs a statement of the quarter as the director."""

    def saying(code, dissent=""):
        with rt.sessions.begin() as session:
            shown = statement(session, quarter, code)
        word = Signature(code, shown.sha256, confirmed=not dissent, dissent=dissent)
        rt.clock.advance(timedelta(minutes=1))
        return signing.sign(rt, quarter, word, team.approver)

    return saying


@pytest.fixture
def make(rt, team):
    """Return a function that has a period's file made."""

    def making(period):
        with rt.sessions.begin() as session:
            evidence.request_bundle(session, Span.parse(period), team.kpi_officer, rt.clock.now())
        evidence.build_all(rt)
        with rt.sessions.begin() as session:
            row = next(one for one in evidence.list_bundles(session) if one.period == str(Span.parse(period)))
        assert row.state is BundleState.READY, row.failure
        return row

    return making


def printed(rt, row):
    """Return the words of a file as PDF and as Word file, without white space."""
    name = PAPERS[row.period]
    with pypdfium2.PdfDocument(evidence_files.read_file(rt, row.id, f"{name}.pdf")) as pdf:
        paper = "".join(page.get_textpage().get_text_range() for page in pdf)
    word = Document(io.BytesIO(evidence_files.read_file(rt, row.id, f"{name}.docx")))
    return ["".join(text.split()) for text in (paper, "".join(one.text for one in word.paragraphs))]


@pytest.mark.parametrize("period", PAPERS)
def test_who_signed_what_when_and_its_hash_stand_in_the_pdf_and_in_the_word_file(rt, say, make, period):
    against, first, last = say("H1", AGAINST), say("H2"), say("H4")
    for words in printed(rt, make(period)):
        for wanted in (
            "ไตรมาสที่1ปีงบประมาณ2564",
            "H1ภาพลักษณ์ชัดเจนโดดเด่นและแตกต่าง", "ความเห็นแย้ง:" + AGAINST.replace(" ", ""),
            "H2ประชาชนจดจำความสำคัญของกรุงเทพมหานคร", "ได้อ่านและพิจารณาผลสำรวจการจดจำแล้ว", "จดจำได้90จากผู้ตอบ120คน",
            "4ม.ค.256409.02น.", "ยังไม่มีผู้ลงนามณวันที่จัดทำ", f"signed/H2-{first.id}.json",
        ):  # fmt: skip
            assert wanted in words, wanted
        assert words.count("ลงนามรับรองโดย") == 2
        assert words.count("ลงนามไม่รับรองโดย") == 1
        for row in (against, first, last):
            assert row.statement_sha256 in words


def test_the_file_of_a_statement_has_the_hash_that_was_signed(rt, say, make):
    row = say("H2")
    paper = make(QUARTER)
    kept = evidence_files.read_file(rt, paper.id, f"signed/H2-{row.id}.json")
    assert hashlib.sha256(kept).hexdigest() == row.statement_sha256
    table = evidence_files.read_file(rt, paper.id, "attestations.csv").decode()
    assert row.statement_sha256 in table
    assert table.count("ยังไม่ลงนาม") == 4


def test_a_word_taken_back_stays_beside_the_one_that_counts(rt, say, make):
    say("H1", AGAINST)
    say("H2", "ขอดูแบบสอบถามก่อน")
    say("H2")
    for words in printed(rt, make(QUARTER)):
        assert words.index("ขอดูแบบสอบถามก่อน") < words.index("ลงนามรับรองโดย")


def test_where_nobody_signed_each_statement_says_so_and_an_open_quarter_says_why(rt, team, quarter, make):
    for words in printed(rt, make(QUARTER)):
        assert words.count("ยังไม่มีผู้ลงนามณวันที่จัดทำ") == 5
        assert "งวดนี้ยังไม่สิ้นสุดจึงยังลงนามไม่ได้" not in words
    for words in printed(rt, make("2564")):
        assert words.count("ยังไม่มีผู้ลงนามในคำรับรองใดของงวดนี้ณวันที่จัดทำ") == 1
        assert words.count("งวดนี้ยังไม่สิ้นสุดจึงยังลงนามไม่ได้") == 3


def test_who_signed_the_result_stands_where_the_certifier_signs(rt, team, quarter, make):
    with rt.sessions.begin() as session:
        session.add(signed_result(quarter, team))
    for words in printed(rt, make(QUARTER)):
        assert f"({''.join(team.approver.name.split())})" in words
        assert "ลงนามในระบบเมื่อ4ม.ค.256409.00น." in words


def test_a_kept_statement_that_no_longer_has_its_hash_is_told(rt, team, quarter, make):
    with rt.sessions.begin() as session:
        session.add(signed_result(quarter, team, sha256="0" * 64))
    for words in printed(rt, make(QUARTER)):
        assert "ข้อความที่เก็บไว้ไม่ตรงกับรหัสที่ลงนาม" in words


def signed_result(quarter, team, sha256=""):
    return Attestation(
        fiscal_year=2564, period_start=quarter.start, period_end=quarter.end, code="result",
        statement={}, statement_sha256=sha256 or signing.hash_of({}), confirmed=True, run_id=1,
        signed_by=team.approver.id, signer=team.approver.name, position="ผู้อำนวยการ",
        signed_at=quarter.as_of,
    )  # fmt: skip


def test_an_officers_line_stands_beside_the_generated_one_each_with_its_source(rt, team, quarter, make):
    with rt.sessions.begin() as session:
        report_lines.write_line(session, Month(2020, 12), "จัดซื้อจัดจ้างแล้ว", team.kpi_officer, rt.clock.now())
    row = make("2020-12")
    for words in printed(rt, row):
        claimed, proved = words.index("ข้อความของเจ้าหน้าที่"), words.index("ข้อความที่ระบบสร้างจากหลักฐาน")
        assert words.index("31/12/2563:จัดซื้อจัดจ้างแล้ว") < claimed < words.index("31/12/2563:เผยแพร่") < proved
    assert evidence_files.daily_plans_line(row) == "31/12/2563 : จัดซื้อจัดจ้างแล้ว"
    with rt.sessions.begin() as session:
        december = report_lines.year_lines(session, 2564)[2]
    assert december.generated.text.startswith("เผยแพร่ข้อมูล")


def test_without_an_officers_line_only_the_generated_one_stands_and_is_called_so(rt, quarter, make):
    row = make("2020-12")
    for words in printed(rt, row):
        assert "ข้อความของเจ้าหน้าที่" not in words
        assert words.count("ข้อความที่ระบบสร้างจากหลักฐาน") == 1
    assert evidence_files.daily_plans_line(row).startswith("31/12/2563 : เผยแพร่ข้อมูล")


def test_a_paper_frozen_before_statements_were_printed_claims_nothing_of_them(rt, quarter, make):
    row = make(QUARTER)
    del row.document["attested"]
    with pypdfium2.PdfDocument(evidence_files.render_again(row)) as pdf:
        words = "".join("".join(page.get_textpage().get_text_range().split()) for page in pdf)
    assert "ยังไม่มีผู้ลงนาม" not in words
