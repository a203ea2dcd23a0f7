"""The approved plan of a year: the proof of level 1."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden, NotFound
from models import Asset, PlanDocument
from services import media, plans
from services.media import Upload
from services.plans import PlanForm

PDF = b"%PDF-1.7 plan"
FORM = PlanForm(
    fiscal_year=2564, title="แผนประชาสัมพันธ์ผ่านสื่อสังคมออนไลน์ 2564", number="กท 0411/1234", approver="ผู้อำนวยการ",
    approved_on=date(2020, 10, 1), upload=Upload("แผน 2564.pdf", PDF),
)  # fmt: skip


def plan_of(rt, year=2564):
    with rt.sessions.begin() as session:
        return plans.plan_of(session, year)


def test_a_plan_is_kept_with_its_file_and_its_hash(rt, team):
    assert plan_of(rt) is None
    plans.add_plan_document(rt, FORM, team.administrator)
    plan = plan_of(rt)
    assert (plan.number, plan.file_name, plan.covers) == (
        "กท 0411/1234", "แผน 2564.pdf", "channels,target_groups,calendar,pillars",
    )  # fmt: skip
    assert media.read_asset(rt.media_dir, plan.file_sha256) == PDF
    assert plan_of(rt, 2565) is None


def test_the_plan_approved_last_is_in_force(rt, team):
    plans.add_plan_document(rt, replace(FORM, number="ใหม่", approved_on=date(2020, 10, 15)), team.kpi_officer)
    plans.add_plan_document(rt, FORM, team.kpi_officer)
    assert plan_of(rt).number == "ใหม่"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, "title_empty"),
        ({"number": ""}, "plan_number_empty"),
        ({"approver": ""}, "approver_empty"),
        ({"fiscal_year": 2021}, "fiscal_year_bad"),
        ({"approved_on": date(2020, 10, 21)}, "approved_in_future"),
        ({"covers": frozenset({"budget"})}, "plan_covers_bad"),
        ({"upload": Upload("แผน.pdf", b"nothing")}, "file_not_what_it_says"),
    ],
)
def test_what_a_plan_lacks_is_named_and_nothing_is_kept(rt, team, change, code):
    with pytest.raises(BadInput, match=code):
        plans.add_plan_document(rt, replace(FORM, **change), team.administrator)
    with rt.sessions.begin() as session:
        assert session.scalars(select(PlanDocument)).all() == []
        assert session.scalars(select(Asset)).all() == []


def test_a_plan_is_found_by_its_id(rt, team):
    plan = plans.add_plan_document(rt, FORM, team.administrator)
    with rt.sessions.begin() as session:
        assert plans.find_plan(session, plan.id).number == FORM.number
        with pytest.raises(NotFound):
            plans.find_plan(session, 999)


def test_the_same_number_is_not_taken_twice_and_officers_may_not(rt, team):
    plans.add_plan_document(rt, FORM, team.administrator)
    with pytest.raises(Conflict, match="plan_known"):
        plans.add_plan_document(rt, FORM, team.administrator)
    with pytest.raises(Forbidden):
        plans.add_plan_document(rt, FORM, team.officer)
