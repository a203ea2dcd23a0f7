"""Another indicator is one file of criteria: proposed, approved, evaluated, signed and filed."""

import hashlib
import io
import zipfile

import pytest
from sqlalchemy import select

from core.fiscal import Span
from core.vocab import PostKind, Role
from models import Attestation, EvaluationRun
from services import evidence, scoring, signing
from services.evidence_files import bundle_path
from services.signing import Signature
from services.statements import statement
from tests.builders import PASSWORD, make_event
from tests.indicator import QUARTER, end_quarter, publish
from tests.source_tree import ROOT
from tests.web.site import words

EXAMPLE = ROOT / "docs" / "examples" / "indicator-plc.toml"
NAME = "ร้อยละของกิจกรรมที่แจ้งกลุ่มเป้าหมายล่วงหน้าอย่างน้อย 3 วัน"
PAGE = f"/kpi?period={QUARTER}&indicator=plc"
LINE = "31/12/2563 : ผลที่ตรวจสอบได้ 5.00 คะแนน จากเป้าหมาย 3 (ร้อยละ 100.00)"


@pytest.fixture
def kpi_officer(site):
    return site.member(Role.KPI_OFFICER)


@pytest.fixture
def adopted(site):
    """The example, proposed by one person and approved by another."""
    kpi_officer, approver = site.member(Role.KPI_OFFICER), site.member(Role.APPROVER)
    typed = {"text": EXAMPLE.read_text("utf-8"), "document": "กท 0411/ตัวอย่าง 1", "applies_from": "1/10/2563"}
    kpi_officer.get("/kpi/criteria")
    kpi_officer.follow(kpi_officer.post("/kpi/criteria", typed))
    approver.get("/kpi/criteria")
    with site.rt.sessions.begin() as session:
        row = scoring.criteria.list_criteria(session)[0]
    approver.follow(approver.post(f"/kpi/criteria/{row.id}/approve", {"confirm": PASSWORD}))
    return row


@pytest.fixture
def told(site, adopted):
    """A quarter, over, with one event told ten days before."""
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
    publish(site.rt, site.team, 1, kind=PostKind.ANNOUNCE, event_id=event.id)
    end_quarter(site.clock)
    return site


def test_one_indicator_needs_no_choice(kpi_officer):
    answer = kpi_officer.get("/kpi?period=2564-q1")
    assert answer.status_code == 200
    assert "indicator=" not in answer.text
    assert kpi_officer.get(PAGE).status_code == 404


def test_a_second_one_is_chosen_evaluated_and_has_its_own_line_and_proofs(told):
    kpi_officer = told.member(Role.KPI_OFFICER)
    assert NAME in words(kpi_officer.get(f"/kpi?period={QUARTER}"))
    assert "ยังไม่ได้ประเมินงวดนี้" in words(kpi_officer.get(PAGE))
    kpi_officer.post("/kpi", {"period": QUARTER})
    answer = kpi_officer.follow(kpi_officer.post("/kpi", {"period": QUARTER, "indicator": "plc"}))
    assert LINE in words(answer)
    assert "≤ 60 % = 1 · 70 % = 2 · 80 % = 3 · 90 % = 4 · 100 % = 5" in words(answer)
    assert 'href="/events/1"' in answer.text
    assert "ระดับ 2" not in words(answer)
    assert 'href="/kpi?period=2564&amp;indicator=plc"' in answer.text
    assert LINE not in words(kpi_officer.get(f"/kpi?period={QUARTER}"))


def test_each_indicator_is_signed_and_locked_for_itself(site, told):
    kpi_officer, approver = told.member(Role.KPI_OFFICER), told.member(Role.APPROVER)
    kpi_officer.post("/kpi", {"period": QUARTER, "indicator": "plc"})
    kpi_officer.post("/kpi", {"period": QUARTER})
    desk = approver.get("/kpi/sign", period=QUARTER, indicator="plc")
    assert 'id="result"' in desk.text
    assert 'id="H1"' not in desk.text
    shown = desk.text.split('name="sha256" value="')[1][:64]
    signature = {"period": QUARTER, "indicator": "plc", "code": "result", "sha256": shown, "word": "for"}
    approver.follow(approver.post("/kpi/sign", {**signature, "confirm": PASSWORD}))
    assert "รับรองและล็อกงวดแล้ว" in words(approver.get(PAGE))
    assert "รับรองและล็อกงวดแล้ว" not in words(approver.get(f"/kpi?period={QUARTER}"))
    assert 'id="H1"' in approver.get("/kpi/sign", period=QUARTER).text
    with site.rt.sessions.begin() as session:
        signed = session.scalars(select(Attestation)).one()
        assert session.get_one(EvaluationRun, signed.run_id).indicator == "plc"
    assert approver.post("/kpi/sign", {**signature, "confirm": PASSWORD}).status_code == 409


def test_the_periods_file_holds_its_facts_evaluation_line_and_signature(site, told):
    scoring.evaluate_period(site.rt, QUARTER, None, "plc")
    period = scoring.period_of(QUARTER, site.clock.now())
    with site.rt.sessions.begin() as session:
        shown = statement(session, period, "result", "plc").sha256
    mine = Signature("result", shown, confirmed=True, indicator="plc")
    signed = signing.sign(site.rt, period, mine, site.team.approver)
    with site.rt.sessions.begin() as session:
        row = evidence.request_bundle(session, Span.parse(QUARTER), site.team.kpi_officer, site.clock.now())
    evidence.build_all(site.rt)
    with site.rt.sessions.begin() as session:
        packed = bundle_path(site.rt, evidence.find_bundle(session, row.id)).read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        mine = {one for one in archive.namelist() if one.startswith("indicators/")}
        held = ("facts.json", "evaluation.json", "line.txt", f"signed-{signed.id}.json")
        assert mine == {f"indicators/plc/{one}" for one in held}
        stored = archive.read(f"indicators/plc/signed-{signed.id}.json")
        assert hashlib.sha256(stored).hexdigest() == signed.statement_sha256
        assert archive.read("indicators/plc/line.txt").decode() == f"{LINE}\n"
        assert "indicators/plc/facts.json" in archive.read("manifest.json").decode()


def test_an_indicator_judges_no_period_that_began_before_it(kpi_officer, adopted):
    answer = kpi_officer.get("/kpi?period=2563&indicator=plc")
    assert "ตัวชี้วัดนี้ยังไม่ใช้กับงวดนี้" in words(answer)
    assert 'action="/kpi"' not in answer.text
    assert kpi_officer.get("/kpi/sign?period=2563&indicator=plc").status_code == 404
    assert kpi_officer.post("/kpi", {"period": "2563-q1", "indicator": "plc"}).status_code == 422


def test_a_row_without_a_figure_leads_to_where_it_is_entered(site, kpi_officer):
    scoring.evaluate_period(site.rt, "2564-q1")
    page = kpi_officer.get("/kpi?period=2564-q1").text
    row = page[page.index('id="check-3d2"') : page.index('id="check-3e1"')]
    assert "โปรดบันทึกผลสำรวจ" in row
    assert 'href="/kpi/notes/surveys"' in row
