import csv
import io
import json
import zipfile
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import update

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.fiscal import Span
from core.vocab import BundleState
from models import EvidenceBundle
from services import evidence, evidence_files, verifying
from services.uploads import Upload
from tests.builders import START, make_event

OCTOBER = Span.parse("2020-10")


@pytest.fixture
def make(rt, team):
    """Return a function that asks for a month's file, has it made and returns its row."""

    def making(month=OCTOBER, reason=""):
        with rt.sessions.begin() as session:
            row = evidence.request_bundle(session, month, team.kpi_officer, rt.clock.now(), reason)
            session.flush()
            bundle_id = row.id
        evidence.build_all(rt)
        with rt.sessions.begin() as session:
            return next(one for one in evidence.list_bundles(session) if one.id == bundle_id)

    return making


def packed(rt, row):
    return (row.file_name, evidence_files.bundle_path(rt, row).read_bytes())


def repacked(content, change):
    """Return the ZIP with its files changed: change(dict of name -> bytes)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return written.getvalue()


def test_a_month_becomes_a_file_with_pdf_tables_and_manifest_that_verifies(rt, team, make):
    with rt.sessions.begin() as session:
        make_event(session, team.officer)
    row = make()
    assert row.state is BundleState.READY
    (checked,) = verifying.verify_bundles([packed(rt, row)])
    assert checked.problems == ()
    names = set(zipfile.ZipFile(io.BytesIO(packed(rt, row)[1])).namelist())
    wanted = {"evidence.pdf", "evidence.csv", "calendar.csv", "metrics.csv", "checks.csv", "manifest.json"}
    assert wanted <= names
    facts = json.loads(evidence_files.read_file(rt, row.id, "facts.json"))
    assert [event["place"] for event in facts["events"]] == ["สะพานพระราม 8 และคลองโอ่งอ่าง"]


def test_the_pdf_says_in_copyable_thai_what_was_planned_in_buddhist_years(rt, team, make):
    with rt.sessions.begin() as session:
        make_event(session, team.officer)
    row = make()
    with pypdfium2.PdfDocument(evidence_files.read_file(rt, row.id, evidence_files.PDF_NAME)) as pdf:
        words = "".join("".join(page.get_textpage().get_text_range().split()) for page in pdf)
    for wanted in ("แฟ้มหลักฐานประกอบตัวชี้วัด", "ประจำเดือนตุลาคม2563", "ลอยกระทง2563", "31ต.ค.2563"):
        assert wanted in words


def test_the_same_frozen_document_renders_to_the_same_bytes_for_ever(rt, make):
    row = make()
    assert evidence_files.render_again(row) == evidence_files.read_file(rt, row.id, evidence_files.PDF_NAME)
    assert evidence_files.daily_plans_line(row).startswith("31/10/2563 : ")


def test_a_second_version_needs_a_reason_and_is_chained_to_the_first(rt, clock, make):
    first = make()
    clock.advance(timedelta(days=1))
    with pytest.raises(BadInput, match="reason_empty"):
        make()
    second = make(reason="เพิ่มภาพอ่านกลับ")
    assert (second.version, second.previous_sha256) == (2, first.manifest_sha256)
    chain = verifying.verify_bundles([packed(rt, first), packed(rt, second)])
    assert [one.problems for one in chain] == [(), ()]
    upside_down = verifying.verify_bundles([packed(rt, second), packed(rt, first)])
    assert any(one.problems for one in upside_down)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda files: files.update({"checks.csv": files["checks.csv"][:-1] + b"x"}), "checks.csv"),
        (lambda files: files.pop("metrics.csv"), "metrics.csv"),
        (lambda files: files.update({"more.txt": b"x"}), "more.txt"),
        (lambda files: files.update({"manifest.json": files["manifest.json"] + b" "}), "manifest.json"),
    ],
)
def test_a_changed_missing_or_added_file_is_named(rt, make, change, name):
    file_name, content = packed(rt, make())
    (checked,) = verifying.verify_bundles([(file_name, repacked(content, change))])
    assert name in [problem.name for problem in checked.problems]


def test_a_month_is_made_once_at_a_time_and_not_before_it_comes(rt, team):
    with rt.sessions.begin() as session:
        evidence.request_bundle(session, OCTOBER, team.kpi_officer, START)
        with pytest.raises(Conflict, match="bundle_in_progress"):
            evidence.request_bundle(session, OCTOBER, team.kpi_officer, START)
        with pytest.raises(BadInput, match="month_in_future"):
            evidence.request_bundle(session, Span.parse("2020-11"), team.kpi_officer, START)
        with pytest.raises(Forbidden):
            evidence.request_bundle(session, OCTOBER, team.officer, START)


def test_a_file_that_cannot_be_made_says_so_and_the_next_one_is_made(rt, team, make):
    first = make()
    evidence_files.bundle_path(rt, first).unlink()
    assert make(reason="ทำใหม่").state is BundleState.FAILED
    with pytest.raises(NotFound):
        evidence_files.read_file(rt, first.id, evidence_files.PDF_NAME)


def test_a_file_whose_maker_died_is_made_by_the_next_one_after_a_while(rt, clock, team):
    with rt.sessions.begin() as session:
        evidence.request_bundle(session, OCTOBER, team.kpi_officer, START)
        session.flush()
        session.execute(update(EvidenceBundle).values(state=BundleState.BUILDING))
    assert evidence.build_all(rt) == 0
    clock.advance(evidence.ABANDONED + timedelta(seconds=1))
    assert evidence.build_all(rt) == 1
    with rt.sessions.begin() as session:
        (row,) = evidence.list_bundles(session)
        assert row.state is BundleState.READY


def test_uploads_are_checked_in_the_order_they_were_made_and_none_is_asked_for(rt, clock, make):
    first = make()
    clock.advance(timedelta(days=1))
    second = make(reason="เพิ่มภาพอ่านกลับ")
    upside_down = [Upload(*packed(rt, row)) for row in (second, first)]
    assert [one.problems for one in verifying.verify_uploads(upside_down, second.manifest_sha256)] == [(), ()]
    for uploads, code in (((), "choose_file"), ([Upload("a.zip", b"no zip")], "bundle_unreadable")):
        with pytest.raises(BadInput, match=code) as refusal:
            verifying.verify_uploads(uploads)
        assert refusal.value.params["field"] == "files"


def test_a_check_shows_what_the_form_asks_and_what_the_office_aims_at_each_with_its_verdict(rt, make):
    table = evidence_files.read_file(rt, make().id, "checks.csv").decode("utf-8-sig")
    asked = {row["รหัส"]: row["เกณฑ์"] for row in csv.DictReader(io.StringIO(table))}
    assert asked["news_published"] == "ขั้นต่ำ ≥ 1 รายการ: ไม่ผ่าน · เป้าหมาย ≥ 20 รายการ: รอผล"
    assert asked["3e2"].startswith("ขั้นต่ำ: ")
    assert "≤ 1 %: " in asked["3e2"]
    assert asked["H1"] == ""
