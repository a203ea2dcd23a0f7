"""The names the product ships."""

import re
from datetime import date

from language.reference import Kind, district_names, shipped


def test_the_fifty_districts_have_their_official_codes():
    districts = shipped(Kind.DISTRICT)
    assert list(districts) == [str(code) for code in range(1001, 1051)]
    assert districts["1028"].name == "สาทร"
    assert len(set(district_names())) == 50


def test_offices_and_departments_are_those_of_fiscal_year_2564():
    names = [entry.name for entry in shipped(Kind.AGENCY).values() if entry.holds(date(2021, 4, 8))]
    assert sum(bool(re.match("สำนัก(?!งานเลขา|งานคณะ|งานประชา)", name)) for name in names) == 16
    assert sum(name.startswith("สำนักงาน") for name in names) == 4  # three offices and ours


def test_pillars_are_those_of_their_years():
    def pillars(on):
        return [entry.name for entry in shipped(Kind.PILLAR).values() if entry.holds(on)]

    assert len(pillars(date(2021, 9, 30))) == 7
    assert "มหานครประชาธิปไตย" in pillars(date(2021, 9, 30))
    assert len(pillars(date(2026, 11, 23))) == 9


def test_every_entry_has_a_source_and_hotlines_can_be_dialled():
    assert all(entry.source and entry.name for kind in Kind for entry in shipped(kind).values())
    assert {"1555", "199", "1669", "1646"} <= shipped(Kind.HOTLINE).keys()
