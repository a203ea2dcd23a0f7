from importlib.resources import files

import pytest

from core.errors import BadInput, Conflict, Forbidden
from services import importing
from tests.builders import START

FORM = (files("services") / "samples" / "kpi-form-2564.txt").read_bytes()


@pytest.fixture
def imported(session, team):
    return importing.import_form(session, "kpi-form-2564.txt", FORM, team.kpi_officer, START)


def test_the_offices_form_gives_24_dated_lines_and_12_entries_of_fiscal_year_2564(session, imported):
    view = importing.load_import(session, imported.id)
    assert imported.fiscal_year == 2564
    assert (imported.parsed["dated_lines"], len(view.entries)) == (24, 12)
    assert len(imported.parsed["common_era_days"]) == 3
    assert imported.parsed["variances"] == ["2021-01-31"]
    assert [entry.entry_date.isoformat() for entry in view.entries if entry.variance] == ["2021-01-31"]
    assert (imported.claimed, imported.target) == (5, 5)


def test_the_raw_text_is_kept_to_the_letter_and_no_decision_changes_it(session, imported, team):
    view = importing.load_import(session, imported.id)
    assert imported.raw_text.encode() == FORM
    slip = next(one for one in view.suggestions if one.found == "ยกหนด" or "ยกหนด" in one.found)
    importing.decide_suggestion(session, slip.id, "accepted", team.kpi_officer, START)
    december = view.entries[2]
    assert "ยกหนด" in december.raw_text
    assert imported.raw_text.encode() == FORM


def test_an_accepted_correction_shows_and_a_rejected_one_does_not(session, imported, team):
    view = importing.load_import(session, imported.id)
    january = next(entry for entry in view.entries if entry.variance)
    lines = {span["first_line"] for span in january.spans}
    (slip,) = [one for one in view.suggestions if one.line in lines]
    importing.decide_suggestion(session, slip.id, "accepted", team.kpi_officer, START)
    assert slip.suggest in importing.accepted_text(january, view.suggestions)
    importing.decide_suggestion(session, slip.id, "rejected", team.kpi_officer, START)
    assert slip.suggest not in importing.accepted_text(january, view.suggestions)


def test_the_same_file_twice_is_refused_and_changes_nothing(session, imported, team):
    with pytest.raises(Conflict, match="form_imported"):
        importing.import_form(session, "again.txt", FORM, team.kpi_officer, START)
    assert len(importing.list_imports(session)) == 1
    assert importing.latest_import(session, 2564) is imported
    assert importing.latest_import(session, 2565) is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "form_empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "form_not_text"),
        ("ข้อความธรรมดา".encode(), "form_no_report"),
        (b"x" * (importing.LARGEST + 1), "file_too_big"),
    ],
)
def test_an_unreadable_file_is_refused_with_its_reason_and_leaves_nothing(session, team, data, code):
    with pytest.raises(BadInput, match=code):
        importing.import_form(session, "x", data, team.kpi_officer, START)
    assert importing.list_imports(session) == []


def test_an_impossible_date_is_named_with_its_line_and_the_other_lines_come_in(session, team):
    spoilt = FORM.decode().replace("31/03/2564", "29/2/2564", 1).encode()
    form = importing.import_form(session, "spoilt.txt", spoilt, team.kpi_officer, START)
    (problem,) = form.parsed["problems"]
    assert problem["raw_date"] == "29/2/2564"
    assert problem["line"] == 56
    assert "2564" in problem["message"]
    assert form.parsed["dated_lines"] == 23


def test_only_the_kpi_officer_or_the_administrator_imports(session, team):
    with pytest.raises(Forbidden):
        importing.import_form(session, "x", FORM, team.officer, START)
