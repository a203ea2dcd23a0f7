"""The indicator, the office's form, the evidence file: figures as JSON, bad files named."""

from pathlib import Path

import pikepdf
import pytest

from core.clock import SystemClock, bangkok
from core.fiscal import Month
from tests.source_tree import ROOT

FORM = ROOT / "services" / "samples" / "kpi-form-2564.txt"
THIS_MONTH = str(Month.of(bangkok(SystemClock().now()).date()))


@pytest.fixture
def bundle(rukon, team, tmp_path):
    made = rukon.json("evidence", "make", THIS_MONTH, "--to", tmp_path, who="kpi_officer")
    return Path(made["path"])


def test_the_form_is_read_whole_and_claims_beside_what_is_evidenced(rukon, team):
    read = rukon.json("import", FORM, who="kpi_officer")
    figures = ("dated_lines", "entries", "common_era_dates", "variances", "claimed", "evidenced")
    assert tuple(read[name] for name in figures) == (24, 12, 3, 1, 5.0, 0.0)
    assert len(read["entry_rows"]) == 12
    assert rukon.json("kpi", "2564")["claimed"] == 5.0
    assert "นำเข้า" in rukon("import", FORM, who="kpi_officer", code=3).stderr


def test_the_forms_figures_are_printed_in_thai(rukon, team):
    shown = rukon("import", FORM, who="kpi_officer").stdout
    assert "ผลงานที่รายงาน" in shown
    assert "28/10/2563" in shown


def test_a_file_that_is_no_form_changes_nothing(rukon, team, tmp_path):
    file = tmp_path / "form.txt"
    file.write_bytes(b"\x00\x01\x02")
    assert "แฟ้ม" in rukon("import", file, who="kpi_officer", code=3).stderr
    assert rukon.json("kpi", "2564")["claimed"] is None


def test_a_period_is_evaluated_check_by_check(rukon, team):
    result = rukon.json("kpi", "2564-q1")
    assert (result["evidenced"], result["target"]) == (0.0, 5.0)
    assert [level["verdict"] for level in result["levels"]][3:] == ["undefined", "undefined"]
    unread = {check["check"]: check for check in result["checks"]}["3a1"]
    assert (unread["verdict"], unread["value"]) == ("no_data", None)
    assert "ระดับ" in rukon("kpi", "2563-10", "--proofs").stdout
    rukon("kpi", "yesterday", code=3)


def test_a_months_file_is_made_copied_and_holds(rukon, bundle, tmp_path):
    assert rukon.json("verify", bundle)["bundles"][0]["sound"] is True
    listed = rukon.json("evidence", "list")["bundles"]
    assert [row["state"] for row in listed] == ["ready"]
    copy = tmp_path / "copy.zip"
    rukon("evidence", "copy", listed[0]["id"], copy)
    assert copy.read_bytes() == bundle.read_bytes()


def test_another_version_needs_its_reason_and_is_chained(rukon, bundle, tmp_path):
    rukon("evidence", "make", THIS_MONTH, who="kpi_officer", code=3)
    again = rukon.json(
        "evidence",
        "make",
        THIS_MONTH,
        "--reason",
        "ตัวเลขใหม่",
        "--to",
        tmp_path / "second.zip",
        who="kpi_officer",
    )
    checked = rukon.json("verify", "--any-order", again["path"], bundle)["bundles"]
    assert [row["chained"] for row in checked] == [True, True]
    turned = rukon.json("verify", again["path"], bundle, code=1)["bundles"]
    assert [[one["kind"] for one in row["problems"]] for row in turned] == [
        ["out_of_order"],
        ["chain_broken"],
    ]
    newest = rukon.json("evidence", "list")["bundles"][0]["manifest_sha256"]
    rukon("verify", bundle, again["path"], "--newest", newest)
    cut = rukon.json("verify", bundle, "--newest", newest, code=1)["bundles"]
    assert [one["kind"] for one in cut[0]["problems"]] == ["chain_cut"]
    alone = rukon.json("verify", again["path"])["bundles"][0]
    assert (alone["sound"], alone["chained"]) == (True, False)


def test_a_flipped_byte_is_found_without_a_database_and_named(rukon, bundle, tmp_path, monkeypatch):
    content = bytearray(bundle.read_bytes())
    content[content.index(b"%PDF-") + 2000] ^= 1
    bundle.write_bytes(content)
    monkeypatch.setenv("RUKON_DATA_DIR", str(tmp_path / "none"))
    found = rukon.json("verify", bundle, code=1)["bundles"][0]
    assert [problem["file"] for problem in found["problems"]] == ["evidence.pdf"]
    assert "evidence.pdf" in rukon("verify", bundle, code=1).stdout
    assert not (tmp_path / "none").exists()


def test_what_is_no_bundle_is_named_beside_the_sound_ones(rukon, bundle, tmp_path):
    other = tmp_path / "other.zip"
    other.write_bytes(b"not a zip")
    rows = rukon.json("verify", bundle, other, code=1)["bundles"]
    assert [(row["file"], row["sound"]) for row in rows] == [(bundle.name, True), ("other.zip", False)]


def test_only_the_kpi_officer_or_administrator_asks_for_a_file(rukon, team):
    rukon("evidence", "make", THIS_MONTH, who="officer", code=3)
    rukon("evidence", "make", "2563-13", who="kpi_officer", code=3)


def test_the_approved_plan_passes_level_1(rukon, team, tmp_path):
    plan = tmp_path / "plan.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plan)
    words = ("--year", 2564, "--title", "แผน", "--number", "กท 1/2563", "--approver", "ผอ.")
    rukon("plan", "add", plan, *words, "--approved-on", "1/10/2563", who="kpi_officer")
    assert rukon.json("plan", "show", 2564)["approved_on"] == "2020-10-01"
    assert rukon.json("kpi", "2564")["evidenced"] == 1.0
    rukon("plan", "show", 2565, code=3)


def test_the_store_keeps_items_and_gives_forms_a_public_address(rukon, team, tmp_path):
    form = tmp_path / "คำร้อง.csv"
    form.write_text("ชื่อ,ที่อยู่\n", "utf-8")
    words = ("items", "add", "form", "แบบคำร้อง", "--agency", "สำนักงานประชาสัมพันธ์", "--file", form)
    assert "สิทธิ์" in rukon(*words, who="officer", code=3).stderr
    item = rukon.json(*words, "--rights", "กทม.", who="officer")
    assert item["link"].endswith(f"/public/files/{item['id']}")
    assert rukon.json("items", "list", "form")["items"][0]["title"] == "แบบคำร้อง"
    assert rukon.json("items", "list", "news")["items"] == []


def test_holidays_are_seeded_once_and_kept_by_people(rukon, team):
    assert rukon.json("holidays", "seed", 2564)["written"] > 10
    assert rukon.json("holidays", "seed", 2564)["written"] == 0
    rukon("holidays", "add", "27/7/2564", "วันหยุดพิเศษ", "--source", "มติคณะรัฐมนตรี", who="administrator")
    days = [row["day"] for row in rukon.json("holidays", "list", 2564)["holidays"]]
    assert "2021-07-27" in days
    rukon("holidays", "remove", "27/7/2564", who="officer")
    rukon("holidays", "remove", "27/7/2564", who="officer", code=3)


def test_collecting_with_nothing_live_reads_nothing(rukon, team):
    assert rukon.json("collect") == {"posts": 0}


def test_another_indicator_is_a_file_that_two_people_agree_on(rukon, team):
    example = ROOT / "docs" / "examples" / "indicator-plc.toml"
    letter = ("--document", "กท 0411/ตัวอย่าง 1", "--from", "1/10/2563")
    row = rukon.json("kpi", "propose", example, *letter, who="kpi_officer")
    rukon("kpi", "2564-q1", "--indicator", "plc", code=3)
    rukon("kpi", "approve", row["id"], who="approver")
    result = rukon.json("kpi", "2564-q1", "--indicator", "plc")
    assert (result["claimed"], result["target"], len(result["checks"])) == (None, 3.0, 1)
    assert "ยังไม่มีข้อมูลให้คิดคะแนน" in result["headline"]
