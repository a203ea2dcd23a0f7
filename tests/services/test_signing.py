"""Attestations: drawn and scored by others, signed by hash, locked for ever."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.vocab import Role
from kpi.codes import Code
from models import Attestation, AuditEvent
from services import sampling, scoring, signing, surveys
from services.media import Upload
from services.sample_view import view
from services.sampling import Confirmation, Marks
from services.signing import Signature
from services.statements import statement
from services.surveys import SurveyForm
from tests.builders import make_person
from tests.indicator import QUARTER, end_quarter, publish

GOOD = Marks(4, 4, 5)


@pytest.fixture
def quarter(rt, team, accounts, clock):
    """A quarter with 22 posts, over."""
    publish(rt, team, 22)
    end_quarter(clock)
    return scoring.period_of(QUARTER, clock.now())


@pytest.fixture
def reviewers(rt, team):
    with rt.sessions.begin() as session:
        return [make_person(session, f"reviewer{n}", Role.OFFICER, name=f"ผู้ให้คะแนน {n}") for n in (1, 2)]


@pytest.fixture
def sample(rt, team, quarter):
    with rt.sessions.begin() as session:
        return sampling.draw_sample(session, quarter, team.kpi_officer)


def score_all(rt, sample, reviewer, marks=GOOD):
    with rt.sessions.begin() as session:
        for post_id in sample.posts:
            sampling.score(session, sample.id, post_id, marks, reviewer, rt.clock.now())


def confirm_some(rt, sample, person, number=5):
    with rt.sessions.begin() as session:
        for post_id in sample.posts[:number]:
            word = Confirmation("สำนักการระบายน้ำ", "ผู้อำนวยการกอง", correct=True)
            sampling.confirm(session, sample.id, post_id, word, person, rt.clock.now())


def ask_the_public(rt, person):
    form = SurveyForm(
        "สำรวจการจดจำ", "ออนไลน์", date(2020, 12, 1), date(2020, 12, 20), 120, 90,
        Upload("survey.csv", b"n,recall\n120,90\n"), date(2020, 12, 25),
    )  # fmt: skip
    return surveys.add_survey(rt, form, person)


def signed(rt, period, code, person, *, confirmed=True, dissent=""):
    with rt.sessions.begin() as session:
        shown = statement(session, period, code)
    return signing.sign(rt, period, Signature(code, shown.sha256, confirmed, dissent), person)


@pytest.fixture
def ready(rt, team, quarter, sample, reviewers):
    """Everything done but the signatures; the director is an approver who made none of it."""
    for reviewer in reviewers:
        score_all(rt, sample, reviewer)
    confirm_some(rt, sample, team.kpi_officer)
    ask_the_public(rt, team.kpi_officer)
    scoring.evaluate_period(rt, QUARTER, team.kpi_officer)
    return team.approver


def test_twenty_of_the_quarters_posts_are_drawn_once_and_the_same_by_anybody(rt, team, quarter, sample):
    assert (len(sample.posts), len(sample.population), len(set(sample.posts))) == (20, 22, 20)
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="sample_drawn"):
        sampling.draw_sample(session, quarter, team.administrator)


def test_a_quarter_that_still_runs_is_not_drawn(rt, team, accounts, clock):
    publish(rt, team, 1)
    period = scoring.period_of(QUARTER, clock.now())
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="period_still_open"):
        sampling.draw_sample(session, period, team.kpi_officer)


def test_a_quarter_without_posts_has_nothing_to_draw(rt, team, clock):
    end_quarter(clock)
    period = scoring.period_of(QUARTER, clock.now())
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="nothing_to_draw"):
        sampling.draw_sample(session, period, team.kpi_officer)


def test_authors_do_not_score_their_own_posts_and_readers_do_not_score_at_all(rt, team, sample):
    post_id = sample.posts[0]
    for person, refusal in ((team.officer, "own_post_scored"), (team.reviewer, "role_needed")):
        with rt.sessions.begin() as session, pytest.raises(Forbidden, match=refusal):
            sampling.score(session, sample.id, post_id, GOOD, person, rt.clock.now())


def test_marks_are_one_to_five_and_only_for_drawn_posts(rt, sample, reviewers):
    left_out = next(one for one in sample.population if one not in sample.posts)
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="mark_bad"):
        sampling.score(session, sample.id, sample.posts[0], Marks(4, 6, 4), reviewers[0], rt.clock.now())
    with rt.sessions.begin() as session, pytest.raises(NotFound, match="not_in_sample"):
        sampling.score(session, sample.id, left_out, GOOD, reviewers[0], rt.clock.now())


def test_a_difference_of_two_points_must_be_talked_about_and_stays_as_dissent(
    rt, team, sample, reviewers, quarter
):
    score_all(rt, sample, reviewers[0], Marks(5, 5, 5))
    score_all(rt, sample, reviewers[1], Marks(5, 3, 5))
    with rt.sessions.begin() as session:
        seen = view(session, sample)
        assert len(seen.untalked) == 20
        assert str(seen.mean) == "14/3"
        assert "talk_missing" in statement(session, quarter, "H1").lacking
        for post_id in sample.posts:
            sampling.talk(session, sample.id, post_id, "ยังเห็นต่างเรื่องความโดดเด่น", reviewers[1], rt.clock.now())
    with rt.sessions.begin() as session:
        shown = statement(session, quarter, "H1")
    assert shown.lacking == ()
    assert shown.content["posts"][0]["said"] == ["ยังเห็นต่างเรื่องความโดดเด่น"]
    assert shown.content["posts"][0]["marks"] == {"ผู้ให้คะแนน 1": [5, 5, 5], "ผู้ให้คะแนน 2": [5, 3, 5]}


@pytest.mark.parametrize(
    ("marks", "lacking"),
    [(Marks(3, 3, 3), ("mean_low",)), (Marks(4, 3, 4), ()), (Marks(3, 4, 3), ("mean_low",))],
)
def test_the_mean_must_be_three_and_a_half(rt, sample, reviewers, quarter, marks, lacking):
    for reviewer in reviewers:
        score_all(rt, sample, reviewer, marks)
    with rt.sessions.begin() as session:
        assert statement(session, quarter, "H1").lacking == lacking


def test_nobody_signs_for_what_is_not_done_but_anybody_may_sign_against_it(rt, team, quarter, sample):
    with pytest.raises(Conflict, match="statement_lacks"):
        signed(rt, quarter, "H1", team.approver)
    with pytest.raises(BadInput, match="dissent_empty"):
        signed(rt, quarter, "H1", team.approver, confirmed=False)
    row = signed(rt, quarter, "H1", team.approver, confirmed=False, dissent="ยังไม่มีผู้ให้คะแนน")
    assert (row.confirmed, row.dissent) == (False, "ยังไม่มีผู้ให้คะแนน")


def test_who_scored_does_not_sign_and_the_try_is_written_down(rt, team, quarter, sample, reviewers):
    score_all(rt, sample, reviewers[0])
    score_all(rt, sample, team.approver)
    with pytest.raises(Forbidden, match="maker_signs"):
        signed(rt, quarter, "H1", team.approver)
    with pytest.raises(Forbidden, match="role_needed"):
        signed(rt, quarter, "H1", team.kpi_officer)
    with rt.sessions.begin() as session:
        tried = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "attestation.sign_refused")
        ).all()
    assert [one.detail["code"] for one in tried] == ["maker_signs", "role_needed"]


def test_what_changed_since_it_was_shown_is_not_signed(rt, team, quarter, ready, sample, reviewers):
    with rt.sessions.begin() as session:
        shown = statement(session, quarter, "H1")
    with rt.sessions.begin() as session:
        sampling.score(session, sample.id, sample.posts[0], Marks(5, 5, 5), reviewers[0], rt.clock.now())
    with pytest.raises(Conflict, match="statement_changed"):
        signing.sign(rt, quarter, Signature("H1", shown.sha256, confirmed=True), ready)


def test_a_statement_that_does_not_exist_cannot_be_signed(rt, quarter, team):
    with pytest.raises(NotFound):
        signing.sign(rt, quarter, Signature("H9", "", confirmed=True), team.approver)


def test_the_result_waits_for_the_four_words_and_a_fresh_evaluation(rt, team, quarter, ready):
    with rt.sessions.begin() as session:
        assert statement(session, quarter, "result").lacking == ("words_missing",)
    for code in ("H1", "H2", "H3", "H4"):
        signed(rt, quarter, code, ready)
        rt.clock.advance(timedelta(minutes=1))
    later = scoring.period_of(QUARTER, rt.clock.now())
    with rt.sessions.begin() as session:
        assert set(statement(session, later, "result").lacking) == {"words_missing", "run_outdated"}
    scoring.evaluate_period(rt, QUARTER, team.kpi_officer)
    with rt.sessions.begin() as session:
        assert statement(session, later, "result").lacking == ()


@pytest.fixture
def locked(rt, team, quarter, ready):
    for code in ("H1", "H2", "H3", "H4"):
        signed(rt, quarter, code, ready)
    scoring.evaluate_period(rt, QUARTER, team.kpi_officer)
    return signed(rt, quarter, "result", ready)


def test_a_signed_quarter_is_locked(rt, team, quarter, locked):
    assert signing.still_true(locked)
    with pytest.raises(Conflict, match="period_locked"):
        signed(rt, quarter, "H1", team.approver)


def test_new_data_after_signing_leave_a_note_and_nothing_else(rt, team, quarter, locked, clock):
    ask_the_public(rt, team.administrator)
    clock.advance(timedelta(minutes=1))
    newer = scoring.evaluate_period(rt, QUARTER)
    with rt.sessions.begin() as session:
        period = scoring.period_of(QUARTER, clock.now())
        standing = scoring.run_in_force(session, period)
        assert (standing.id, newer.id) == (locked.run_id, locked.run_id + 1)
        result = scoring.official(session, standing)
    assert (result.score, result.levels) == (standing.score, scoring.evaluation_of(standing).levels)
    assert [note.code for note in result.notes] == [Code.NEW_DATA_AFTER_SIGNING]


def test_an_altered_signature_shows(rt, locked):
    with rt.sessions.begin() as session:
        row = session.get_one(Attestation, locked.id)
        session.expunge(row)
    row.statement = {**row.statement, "score": "5.00"}
    assert not signing.still_true(row)


def test_signatures_count_for_their_own_period_and_for_a_year_of_four(rt, team, quarter, locked):
    def words(name):
        run = scoring.evaluate_period(rt, name)
        level = scoring.evaluation_of(run).levels[2]
        return next(part for part in level.parts if part.code == "attestations").passed

    assert words(QUARTER) == 4
    assert words("2563-10") == 0
    assert words("2564") == 0  # three quarters are still to be signed


def test_the_desk_shows_every_statement_with_its_signatures(rt, quarter, locked):
    with rt.sessions.begin() as session:
        desk = signing.desk(session, quarter)
    assert [one.code for one in desk.statements] == ["H1", "H2", "H3", "H4", "result"]
    assert desk.locked.id == locked.id
    assert desk.last("H1").signer == "สมบูรณ์ ตัวอย่าง"

    assert Decimal(desk.statements[4].content["score"]) >= 0
