"""Criteria kept for ever, approved by a second person before their period, never changed after it."""

from datetime import date

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden, NotFound
from kpi.criteria import BadCriteria
from kpi.criteria_files import packaged_criteria
from models import AuditEvent, CriteriaText
from services import criteria, scoring
from services.criteria import Adoption, Proposal
from tests.builders import START, at

LETTER = "กท 0411/ตัวอย่าง 9"
JANUARY = date(2021, 1, 1)
TEXT = packaged_criteria(2564)


def changed(old="min_lead_h = 72", new="min_lead_h = 48", version="2"):
    return TEXT.replace(old, new).replace('version = "1"', f'version = "{version}"')


def proposed(rt, person, text=None, applies_from=JANUARY):
    with rt.sessions.begin() as session:
        wanted = Proposal(text or changed(), LETTER, applies_from, "ผู้บริหารให้เปลี่ยน")
        return criteria.propose(session, wanted, person, rt.clock.now())


def judged_by(rt, wall):
    with rt.sessions.begin() as session:
        return criteria.in_force(session, at(wall))


@pytest.fixture
def approved(rt, team):
    """The set that came with the program, approved by the office."""
    row = judged_by(rt, "2020-10-01 00:00")
    return criteria.approve(rt, row.id, team.approver)


def test_until_the_office_approves_one_the_packaged_set_serves_and_is_kept_once(rt):
    first, again = judged_by(rt, "2020-10-01 00:00"), judged_by(rt, "2021-04-01 00:00")
    assert (first.id, first.kept_by, first.approved_at) == (again.id, None, None)
    with rt.sessions.begin() as session:
        assert criteria.criteria_of(session, first.digest).digest == first.digest
        assert criteria.find_criteria(session, first.id).version == "1"


def test_a_change_serves_periods_that_begin_later_and_no_other(rt, team, approved):
    new = proposed(rt, team.kpi_officer)
    assert judged_by(rt, "2021-01-01 00:00").id == approved.id, "nobody has approved it"
    criteria.approve(rt, new.id, team.approver)
    assert judged_by(rt, "2020-12-01 00:00").id == approved.id
    assert judged_by(rt, "2021-01-01 00:00").id == new.id
    assert judged_by(rt, "2022-10-01 00:00").id == new.id, "it serves until another is approved"


def test_a_period_that_has_begun_keeps_its_criteria(rt, team, approved):
    with pytest.raises(BadInput, match="criteria_too_late"):
        proposed(rt, team.kpi_officer, applies_from=START.date())
    late = proposed(rt, team.kpi_officer)
    rt.clock.set(at("2021-01-02 09:00"))
    with pytest.raises(BadInput, match="criteria_too_late"):
        criteria.approve(rt, late.id, team.approver)


def test_who_proposes_does_not_approve_and_the_try_is_written_down(rt, team, approved):
    new = proposed(rt, team.administrator)
    for person, refusal in ((team.administrator, "own_criteria"), (team.kpi_officer, "role_needed")):
        with pytest.raises(Forbidden, match=refusal):
            criteria.approve(rt, new.id, person)
    with rt.sessions.begin() as session:
        tried = session.scalars(select(AuditEvent).where(AuditEvent.action == "criteria.approve_refused"))
        assert [one.detail["code"] for one in tried] == ["own_criteria", "role_needed"]


def test_an_approved_set_is_locked_and_the_same_set_is_kept_once(rt, team, approved):
    with pytest.raises(Conflict, match="criteria_approved"):
        criteria.approve(rt, approved.id, team.approver)
    with pytest.raises(Conflict, match="criteria_known"):
        proposed(rt, team.kpi_officer, TEXT)


@pytest.mark.parametrize("text", ["level = ", TEXT.replace("lead_time_coverage", "guess")])
def test_a_set_that_does_not_load_is_not_kept(rt, team, text):
    with pytest.raises(BadCriteria):
        proposed(rt, team.kpi_officer, text)
    with rt.sessions.begin() as session:
        assert session.scalars(select(CriteriaText)).all() == []


def test_a_level_is_adopted_with_a_letter_and_judges_only_then(rt, team, approved):
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="document_empty"):
        criteria.propose_adoption(session, Adoption(4, " ", JANUARY), team.kpi_officer, START)
    with rt.sessions.begin() as session:
        row = criteria.propose_adoption(session, Adoption(4, LETTER, JANUARY), team.kpi_officer, START)
        assert (row.version, row.document) == ("2", LETTER)
        assert criteria.names(session, [row]) == {team.kpi_officer.id: team.kpi_officer.name}
    criteria.approve(rt, row.id, team.approver)
    highest = {
        name: scoring.evaluation_of(scoring.evaluate_period(rt, name)).highest_defined
        for name in ("2564-q1", "2564-q2")
    }
    assert highest == {"2564-q1": 3, "2564-q2": 4}


def test_an_old_run_replays_by_the_criteria_it_was_judged_by(rt, team, approved):
    run = scoring.evaluate_period(rt, "2564-q1")
    criteria.approve(rt, proposed(rt, team.kpi_officer).id, team.approver)
    with rt.sessions.begin() as session:
        assert scoring.replays(session, scoring.find_run(session, run.id))


def test_a_run_whose_facts_were_touched_does_not_replay(rt):
    run = scoring.evaluate_period(rt, "2564-q1")
    with rt.sessions.begin() as session:
        row = scoring.find_run(session, run.id)
        row.result = {**row.result, "score": "5.00"}
        assert not scoring.replays(session, row)


def test_what_does_not_exist_is_not_found(rt):
    with rt.sessions.begin() as session:
        for ask in (criteria.find_criteria, scoring.find_run):
            with pytest.raises(NotFound):
                ask(session, 99)
        with pytest.raises(NotFound):
            criteria.criteria_of(session, "ab")
