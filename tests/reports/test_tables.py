import csv
import io
import zipfile
from dataclasses import replace

import pytest

from reports.document import Item
from reports.tables import csv_files, tables, workbook
from tests.reports import samples


def files(document):
    return csv_files(tables(document))


def rows_of(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_excel_sees_thai_at_once():
    for table in files(samples.october()).values():
        assert table.startswith(b"\xef\xbb\xbf")


def test_the_index_holds_full_hashes_and_iso_moments():
    first = rows_of(files(samples.october())["evidence.csv"])[0]
    assert first["SHA-256"] == samples.digest("item 0")
    assert first["วันที่เผยแพร่ (ISO 8601)"] == "2020-10-01T09:00:00+07:00"
    assert first["หมวด"] == "ข้อมูลข่าวสาร"
    assert first["ช่องทาง"] == "Facebook"


def test_an_unknown_figure_is_an_empty_cell():
    values = [row["ค่า"] for row in rows_of(files(samples.october())["metrics.csv"])]
    assert values == ["128450", "", "54210", "2.134", "16"]


def test_an_event_without_announcement_has_no_lead():
    leads = [row["แจ้งล่วงหน้า (ชั่วโมง)"] for row in rows_of(files(samples.october())["calendar.csv"])]
    assert leads == ["176.0", "72.0", "19.0", "", "175.0"]


@pytest.mark.parametrize("title", ["=1+1", "+66 2 221 2141", "-ด่วน-", "@here", "\t=1", " =1"])
def test_a_formula_stays_text(title):
    row = rows_of(files(replace(samples.empty(), items=(Item(title=title),)))["evidence.csv"])[0]
    assert row["รายการ"] == f"'{title}"


def test_a_month_without_rows_still_has_headings():
    for table in files(samples.empty()).values():
        assert len(table.decode("utf-8-sig").splitlines()) == 1


def test_every_check_is_listed_with_its_verdict():
    rows = rows_of(files(samples.october())["checks.csv"])
    assert len(rows) == 1 + 18 + 4
    assert {row["ผล"] for row in rows} == {"ผ่าน", "ไม่ผ่าน", "รอผล", "ไม่มีข้อมูล"}


def test_same_document_gives_the_same_tables():
    assert files(samples.october()) == files(samples.october())


def test_the_workbook_holds_the_same_tables_with_figures_as_numbers_and_no_formula():
    document = samples.october()
    packed = workbook(tables(document), document.cover.made_at)
    assert packed == workbook(tables(document), document.cover.made_at)
    with zipfile.ZipFile(io.BytesIO(packed)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        figures = book.read("xl/worksheets/sheet3.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
        assert not any("<f>" in book.read(name).decode() for name in sheets)
    assert len(sheets) == 4
    assert "<v>128450</v>" in figures
    assert "ลอยกระทง" in words
