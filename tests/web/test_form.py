"""The page of the year's form: lines written where they stand, fields, and the month's closing list."""

from datetime import datetime
from urllib.parse import quote

import pytest

from core.clock import from_bangkok
from core.vocab import Role
from services import importing
from tests.web.office import FORM
from tests.web.site import words


@pytest.fixture
def kpi_officer(site):
    return site.member(Role.KPI_OFFICER)


@pytest.fixture
def imported(site):
    with site.rt.sessions.begin() as session:
        importing.import_form(session, FORM.name, FORM.read_bytes(), site.team.kpi_officer, site.clock.now())


def test_the_offices_lines_are_shown_with_what_a_reader_may_ask(kpi_officer, imported):
    page = words(kpi_officer.get("/form?year=2564"))
    assert "28/10/2563 : อยู่ระหว่างขั้นตอนขออนุมัติเงินงวด" in page
    assert "ขั้นตอนของเดือนธันวาคมย้อนกลับไปก่อนขั้นตอนของเดือนพฤศจิกายน" in page
    assert "จากแบบที่นำเข้า" in page


def test_a_line_is_written_and_stands(kpi_officer):
    kpi_officer.get("/form?year=2564")
    answer = kpi_officer.post("/form/lines/2020-10", {"line": "จัดซื้อแล้ว", "on": "29 ต.ค. 63"})
    page = words(kpi_officer.follow(answer))
    assert "บันทึกข้อความแล้ว" in page
    assert "29/10/2563 : จัดซื้อแล้ว" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"line": " ", "on": ""}, "ยังไม่ได้พิมพ์ข้อความรายงาน"),
        ({"line": "ข้อความยาว", "on": "1 พ.ย. 63"}, "วันที่ของข้อความต้องอยู่ในเดือนเดียวกัน"),
        ({"line": "ข้อความยาว", "on": "วันไหนก็ได้"}, "วันไหนก็ได้"),
    ],
)
def test_a_bad_line_is_told_beside_it_and_what_was_typed_stays(kpi_officer, typed, sentence):
    kpi_officer.get("/form?year=2564")
    answer = kpi_officer.post("/form/lines/2020-10", typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed["line"].strip() in answer.text
    assert typed["on"] in answer.text


def test_the_forms_fields_are_written_and_kept(kpi_officer):
    kpi_officer.get("/form?year=2564")
    fields = {
        "result_type": "outcome",
        "factors": "มีระบบ",
        "obstacles": "",
        "evidence": "",
        "owner": "น้ำ",
        "position": "",
    }
    page = kpi_officer.follow(kpi_officer.post("/form/2564/texts", fields))
    assert "มีระบบ" in page.text
    assert 'value="outcome" selected' in page.text
    answer = kpi_officer.post("/form/2564/texts", fields | {"result_type": "impact"})
    assert (answer.status_code, "มีระบบ" in answer.text) == (422, True)


def test_others_read_and_cannot_write(site, officer):
    assert "บันทึก" not in words(officer.get("/form?year=2564"))
    assert officer.post("/form/lines/2020-10", {"line": "ก", "on": ""}).status_code == 403


def test_a_year_and_a_quarter_have_their_rows_and_are_asked_for(site, kpi_officer):
    page = words(kpi_officer.get("/evidence?year=2564"))
    assert "ไตรมาสที่ 1 ปีงบประมาณ 2564" in page
    answer = kpi_officer.post("/evidence", {"month": "2564-q1"})
    assert "รับคำขอแล้ว" in words(kpi_officer.follow(answer))
    assert kpi_officer.post("/evidence", {"month": "2565"}).status_code == 422
    assert kpi_officer.post("/evidence", {"month": quote("ปีหน้า")}).status_code == 422
    assert "จัดทำ" in words(kpi_officer.get("/evidence/periods/2564-q1"))


def test_the_closing_page_lists_what_the_month_lacks(site):
    site.clock.set(from_bangkok(datetime(2020, 10, 26, 9, 0)))  # noqa: DTZ001 -- Bangkok wall clock
    page = words(site.member(Role.KPI_OFFICER).get("/evidence/closing"))
    assert "ปิดงวดเดือนตุลาคม 2563" in page
    assert "1a" in page
    assert "ระดับที่ 2" in page
