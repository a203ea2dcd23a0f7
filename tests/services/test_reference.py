"""Reference data as it holds here."""

from datetime import date

import pytest

from core.errors import BadInput, Forbidden
from language.collation import sort_key
from language.reference import Kind
from services import reference
from services.reference import EntryForm
from tests.builders import START

NEW = EntryForm(Kind.AGENCY, "drainage", "สำนักการระบายน้ำ (ใหม่)", "ประกาศ 1/2570", short="สนน.")


def names(session, kind, on=None):
    return {entry.code: entry.name for entry in reference.entries(session, kind, on)}


def test_a_correction_takes_the_place_of_what_was_shipped_and_says_so(rt, team, queries):
    with rt.sessions.begin() as session:
        reference.correct(session, NEW, team.officer, START)
        reference.correct(session, EntryForm(Kind.HOTLINE, "1111", "สายด่วนรัฐบาล", "opm.go.th"), None, START)
    with rt.sessions.begin() as session, queries() as seen:
        assert names(session, Kind.AGENCY)["drainage"] == NEW.name
        assert names(session, Kind.HOTLINE)["1111"] == "สายด่วนรัฐบาล"
    assert len(seen) == 2
    with rt.sessions.begin() as session:
        found = {entry.code: entry for entry in reference.entries(session, Kind.AGENCY)}
        assert (found["drainage"].corrected, found["drainage"].source) == (True, "ประกาศ 1/2570")
        assert not found["health"].corrected


def test_the_newest_correction_holds_and_ended_names_leave_the_list_of_a_day(rt, team):
    with rt.sessions.begin() as session:
        reference.correct(session, NEW, team.officer, START)
        ended = EntryForm(Kind.AGENCY, "drainage", "สำนักการระบายน้ำ", "ประกาศ", valid_to=date(2021, 9, 30))
        reference.correct(session, ended, team.officer, START)
    with rt.sessions.begin() as session:
        assert names(session, Kind.AGENCY, date(2021, 9, 30))["drainage"] == "สำนักการระบายน้ำ"
        assert "drainage" not in names(session, Kind.AGENCY, date(2021, 10, 1))


def test_agencies_come_in_thai_order_and_are_found_without_tone_marks(rt):
    with rt.sessions.begin() as session:
        listed = [entry.name for entry in reference.entries(session, Kind.AGENCY)]
        assert listed == sorted(listed, key=sort_key)
        found = reference.find_entries(session, Kind.DISTRICT, "ปอมปราบ")
        assert [entry.code for entry in found] == ["1008"]
        assert [entry.code for entry in reference.find_entries(session, Kind.DISTRICT, "๑๐๒๘")] == ["1028"]


def test_pillars_follow_the_fiscal_year(rt):
    with rt.sessions.begin() as session:
        assert len(reference.pillars(session, 2564)) == 7
        assert len(reference.pillars(session, 2570)) == 9


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "ก"}, "reference_code"),
        ({"code": ""}, "reference_code"),
        ({"name": " "}, "name_empty"),
        ({"source": ""}, "source_empty"),
        ({"valid_from": date(2021, 1, 2), "valid_to": date(2021, 1, 1)}, "reference_dates"),
    ],
)
def test_a_correction_without_what_it_needs_is_refused(rt, team, change, code):
    with rt.sessions.begin() as session:
        form = EntryForm(**{**vars(NEW), **change})
        with pytest.raises(BadInput, match=code):
            reference.correct(session, form, team.officer, START)
        with pytest.raises(Forbidden):
            reference.correct(session, NEW, team.reviewer, START)


def test_hosts_are_the_agencies_of_the_day_and_the_district_offices(rt, queries):
    with rt.sessions.begin() as session, queries() as seen:
        names_of_today = reference.host_names(session, START.date())
    assert len(seen) == 2
    assert {"สำนักการระบายน้ำ", "สำนักงานเขตสาทร"} <= set(names_of_today)
    assert sum(name.startswith("สำนักงานเขต") for name in names_of_today) == 50
