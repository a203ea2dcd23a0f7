"""What people note for the indicator becomes facts; what nobody noted stays unknown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.fiscal import Month
from core.vocab import Channel, Metric, ReadingState
from models import Account, Comment, CommentLook, Delivery, Reading
from services import (
    corrections,
    facts,
    holidays,
    improvements,
    marks,
    month_counts,
    plans,
    profiles,
    scoring,
    surveys,
)
from services.corrections import CorrectionForm
from services.improvements import After, ImprovementForm
from services.marks import MarkForm
from services.media import Upload
from services.month_counts import CountForm
from services.plans import PlanForm
from services.profiles import POINTS
from services.surveys import ReportForm, SurveyForm
from tests.builders import START, make_event
from tests.indicator import end_quarter, publish

OCTOBER = "2020-10"
TODAY = date(2020, 10, 20)
FILE = Upload("file.csv", b"a,b\n1,2\n")
GOOD = ImprovementForm("เร็วขึ้น", TODAY, "ลงปฏิทินก่อน 10 วัน", "3b2", "วัน", Decimal(3))
ASKED = SurveyForm("สำรวจ", "ออนไลน์", date(2020, 10, 1), date(2020, 10, 10), 120, 90, FILE)


def gathered(rt, period=OCTOBER):
    with rt.sessions.begin() as session:
        return facts.gather(session, scoring.period_of(period, rt.clock.now()), rt.media_dir)


def test_what_nobody_noted_is_unknown_and_not_empty(rt, team):
    known = gathered(rt)
    nothing = (known.improvements, known.profile_checks, known.corrections, known.survey, known.reports)
    assert nothing == (None,) * 5
    assert (known.responses, known.holidays, known.saves, known.baseline, known.reach) == (None,) * 5


def test_an_improvement_is_measured_before_and_after_and_judged_once(rt, team):
    row = improvements.add_improvement(rt, GOOD, team.officer)
    assert gathered(rt).improvements[0].after is None
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="after_missing"):
        improvements.judge_improvement(session, row.id, After(None), team.officer, START)
    with rt.sessions.begin() as session:
        improvements.judge_improvement(session, row.id, After(Decimal(7), better=True), team.officer, START)
        assert [one.id for one in improvements.list_improvements(session)] == [row.id]
    fact = gathered(rt).improvements[0]
    assert (fact.baseline, fact.after, fact.better, fact.finding) == (3, 7, True, "3b2")
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="improvement_judged"):
        improvements.judge_improvement(session, row.id, After(Decimal(8)), team.officer, START)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (ImprovementForm(" ", TODAY, baseline=Decimal(1)), "title_empty"),
        (ImprovementForm("ก", TODAY), "baseline_missing"),
        (ImprovementForm("ก", TODAY + timedelta(days=1), baseline=Decimal(1)), "day_in_future"),
    ],
)
def test_an_improvement_that_says_too_little_is_refused(rt, team, form, code):
    with pytest.raises(BadInput, match=code):
        improvements.add_improvement(rt, form, team.officer)


def test_a_look_at_a_profile_answers_every_point(rt, team):
    answers = {**dict.fromkeys(POINTS, True), "seal": False}
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="points_missing"):
        profiles.look(session, Channel.X, {"seal": True}, "", team.officer, START)
    with rt.sessions.begin() as session:
        profiles.look(session, Channel.X, answers, "ตรา", team.officer, START)
        assert len(profiles.recent_looks(session)) == len(POINTS)
    checks = gathered(rt).profile_checks
    assert {one.point for one in checks if not one.ok} == {"seal"}


def test_corrections_are_whole_only_when_somebody_says_so_of_each_month(rt, team, accounts, clock):
    post_id = publish(rt, team, 1)[0]
    form = CorrectionForm(post_id, "ชื่อเขตผิด", START, START + timedelta(minutes=30))
    with rt.sessions.begin() as session:
        corrections.add_correction(session, form, team.officer, START)
        assert corrections.list_corrections(session)[0][1] == "ข่าวที่ 1"
    known = gathered(rt)
    assert (known.corrections[0].minutes, known.corrections_whole) == (30, False)
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="month_not_over"):
        corrections.say_whole(session, Month(2020, 10), team.officer, START)
    end_quarter(clock)
    with rt.sessions.begin() as session:
        corrections.say_whole(session, Month(2020, 10), team.officer, clock.now())
        assert corrections.whole_months(session) == [OCTOBER]
    assert gathered(rt).corrections_whole
    assert not gathered(rt, "2564-q1").corrections_whole
    assert gathered(rt, "2020-11").corrections is None


@pytest.mark.parametrize(
    ("form", "error", "code"),
    [
        (CorrectionForm(99, "ผิด", START), NotFound, "post_unknown"),
        (CorrectionForm(1, " ", START), BadInput, "wrong_empty"),
        (CorrectionForm(1, "ผิด", START + timedelta(days=1)), BadInput, "day_in_future"),
        (CorrectionForm(1, "ผิด", START, START - timedelta(1)), BadInput, "corrected_before_noticed"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(rt, team, accounts, form, error, code):
    publish(rt, team, 1)
    with rt.sessions.begin() as session, pytest.raises(error, match=code):
        corrections.add_correction(session, form, team.officer, START)


def test_the_last_survey_of_the_period_counts_with_its_file(rt, team):
    surveys.add_survey(rt, ASKED, team.kpi_officer)
    known = gathered(rt).survey
    assert (known.respondents, known.recalling, len(known.file_sha256)) == (120, 90, 64)
    assert gathered(rt, "2020-11").survey is None
    with pytest.raises(Forbidden):
        surveys.add_survey(rt, ASKED, team.officer)


@pytest.mark.parametrize(
    ("days", "people", "code"),
    [
        ((date(2020, 10, 9), date(2020, 10, 1)), (120, 90), "survey_days_bad"),
        ((date(2020, 10, 1), date(2020, 10, 21)), (120, 90), "survey_days_bad"),
        ((date(2020, 10, 1), date(2020, 10, 9)), (90, 120), "recalling_bad"),
        ((date(2020, 10, 1), date(2020, 10, 9)), (0, 0), "recalling_bad"),
    ],
)
def test_a_survey_that_cannot_be_is_refused(rt, team, days, people, code):
    with pytest.raises(BadInput, match=code):
        surveys.add_survey(rt, SurveyForm("ก", "ข", *days, *people, FILE), team.kpi_officer)


def test_an_acknowledged_report_is_a_fact(rt, team):
    surveys.add_report(rt, ReportForm("สรุป", "กท 1", "ผู้บริหาร", TODAY, FILE), team.kpi_officer)
    assert gathered(rt).reports[0].acknowledged_on == TODAY
    with rt.sessions.begin() as session:
        assert (len(surveys.list_reports(session)), len(surveys.list_surveys(session))) == (1, 0)
    late = ReportForm("สรุป", "กท 2", "ผู้บริหาร", TODAY + timedelta(1), FILE)
    with pytest.raises(BadInput, match="day_in_future"):
        surveys.add_report(rt, late, team.kpi_officer)


def test_a_months_figure_is_the_newest_and_a_missing_month_makes_the_sum_unknown(rt, team, clock):
    month = Month(2020, 10)
    for value in (7, 9):
        month_counts.add_count(rt, CountForm(month, "saves", value, "หน้าเพจ"), team.officer)
    assert (gathered(rt).saves, gathered(rt).hashtag_uses) == (9, None)
    end_quarter(clock)
    assert gathered(rt, "2564-q1").saves is None
    with rt.sessions.begin() as session:
        assert [row.value for row in month_counts.list_counts(session)] == [9, 7]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (CountForm(Month(2020, 10), "likes", 1, "ก"), "choose_one"),
        (CountForm(Month(2020, 10), "saves", None, "ก"), "value_missing"),
        (CountForm(Month(2020, 11), "saves", 1, "ก"), "month_in_future"),
        (CountForm(Month(2020, 10), "saves", 1, " "), "source_empty"),
    ],
)
def test_a_figure_that_says_too_little_is_refused(rt, team, form, code):
    with pytest.raises(BadInput, match=code):
        month_counts.add_count(rt, form, team.officer)


def test_sorted_posts_trace_to_the_plan_and_tell_of_agencies(rt, team, accounts, clock):
    form = PlanForm(2564, "แผน", "กท 1", "ผอ.", TODAY, Upload("plan.txt", "แผน".encode()))
    plan = plans.add_plan_document(rt, form, team.administrator)
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
    first, second, of_event = (*publish(rt, team, 2), publish(rt, team, 1, event_id=event.id)[0])
    end_quarter(clock)
    period = scoring.period_of(OCTOBER, clock.now())
    with rt.sessions.begin() as session:
        choices = marks.choices(session, period)
        chosen = MarkForm((choices.pillars[0][0],), (choices.agencies[0],), on_template=True)
        marks.mark(session, first, chosen, team.officer, clock.now())
        assert "กลุ่มเขตกรุงเทพกลาง" in choices.agencies
        assert [one.mark is None for one in marks.posts_to_sort(session, period)] == [True, True, False]
        with pytest.raises(BadInput, match="choose_one"):
            marks.mark(session, first, MarkForm(("x",), ()), team.officer, clock.now())
        with pytest.raises(NotFound):
            marks.mark(session, 99, chosen, team.officer, clock.now())
    known = gathered(rt)
    posts = {post.id: post for post in known.posts}
    assert (posts[first].on_template, len(posts[first].pillars), posts[second].pillars) == (True, 1, None)
    traced = {item.post_id: item.plan_id for item in known.plan_items}
    assert traced == {first: plan.id, second: None, of_event: plan.id}


def test_a_near_copy_within_a_week_is_not_original(rt, team, accounts, clock):
    text = "เชิญร่วมงานลอยกระทง ณ สะพานพระราม 8 โทร. 1555 สำนักการระบายน้ำ"
    ids = publish(rt, team, 2, bodies=dict.fromkeys(("facebook", "x"), text))
    clock.advance(timedelta(days=5))
    posts = {post.id: post for post in gathered(rt).posts}
    assert [posts[one].original for one in ids] == [True, False]
    assert (posts[ids[0]].names_agency, posts[ids[0]].gives_contact) == (True, True)


def test_reach_is_summed_and_the_first_four_weeks_become_the_baseline_once(rt, team, accounts, clock):
    ids = publish(rt, team, 3)
    clock.advance(timedelta(days=4))
    with rt.sessions.begin() as session:
        for row in session.query(Delivery).where(Delivery.post_id.in_(ids)):
            channel = session.get_one(Account, row.account_id).channel
            metric = Metric.IMPRESSIONS if channel is Channel.X else Metric.REACH
            given = {metric: 100, **dict.fromkeys((Metric.REACTIONS, Metric.COMMENTS), 2)}
            given |= dict.fromkeys((Metric.SHARES, Metric.CLICKS), 3)
            session.add_all(
                Reading(
                    account_id=row.account_id, delivery_id=row.id, metric=name, state=ReadingState.VALUE,
                    value=value, read_at=clock.now() - timedelta(days=4), source="test",
                )
                for name, value in given.items()
            )  # fmt: skip
    assert (gathered(rt).reach, gathered(rt).baseline) == (600, None)
    clock.advance(timedelta(days=26))
    frozen = gathered(rt, "2564-q1").baseline
    assert (frozen.reach, frozen.reach_days, frozen.engagement_rate) == (600, 28, 10)
    assert (frozen.three_months, frozen.first_day) == (False, TODAY)
    publish(rt, team, 1, due_at=clock.now() + timedelta(hours=1))
    assert gathered(rt, "2564-q1").baseline == frozen


def test_comments_give_times_of_first_answers_and_no_words(rt, team, accounts, clock):
    publish(rt, team, 1)
    with rt.sessions.begin() as session:
        holidays.seed_holidays(session, 2564)
        delivery = session.query(Delivery).first()
        session.add(CommentLook(delivery_id=delivery.id, read_at=START))
        for number, state in enumerate(("waiting", "no_answer")):
            session.add(
                Comment(
                    account_id=delivery.account_id, delivery_id=delivery.id, remote_id=f"c{number}",
                    body="ถาม", state=state, written_at=START - timedelta(hours=1), read_at=START,
                )
            )  # fmt: skip
    clock.advance(timedelta(hours=1))
    known = gathered(rt)
    assert [(one.asked_at, one.answered_at) for one in known.responses] == [
        (START - timedelta(hours=1), None)
    ]
    assert date(2020, 10, 23) in known.holidays
