"""Clause 3b: the worked fixtures (rows 1 to 15), and every reason why a post says nothing about the lead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.vocab import Channel, DeliveryState, EventState, PostKind, Verdict
from kpi.codes import Code, Effect
from kpi.facts import PeriodFacts, PlanItemFact
from tests.kpi.made import (
    CITIZENS,
    LATER,
    LONG_AGO,
    NOVEMBER,
    OCTOBER,
    START,
    about,
    codes,
    delivery,
    event,
    found,
    h,
    month,
    outcome,
    post,
    reasons,
)

ALMOST_72_H = timedelta(hours=71, minutes=59)


def fifteen_rows() -> PeriodFacts:
    """The worked table without row 15; event and first post carry the row's number."""
    told_a_week_before = [event(row) for row in range(1, 7)]
    events = [
        *told_a_week_before,
        event(7),
        event(8),
        event(9),
        event(10, created_at=START - h(20)),
        event(11),
        event(12, unplanned=True, unplanned_reason="ท่อประปาแตก"),
        event(13, state=EventState.CANCELLED, cancelled_at=START - h(240)),
        event(14, state=EventState.CANCELLED, cancelled_at=START - h(20)),
    ]
    posts = [
        *(post(row, START - h(168), event_id=row) for row in range(1, 7)),
        post(7, START - h(72), event_id=7),
        post(8, START - ALMOST_72_H, event_id=8),
        post(9, START - h(120), event_id=9, approved_at=START - h(119)),
        post(90, START - h(10), event_id=9),
        post(10, START - h(19), event_id=10, approved_at=START - h(19.5)),
        post(14, START - h(18.5), event_id=14, kind=PostKind.CORRECTION),
    ]
    return month(events=tuple(events), posts=tuple(posts))


def test_coverage_of_the_worked_table_is_seven_of_eleven():
    finding = found("3b1", fifteen_rows())
    assert (finding.numerator, finding.denominator, str(finding.value)) == (7, 11, "63.64")
    assert finding.verdict is Verdict.FAIL
    assert finding.minimum is Verdict.PASS
    assert not finding.small_base


def test_median_lead_of_the_worked_table_is_a_week():
    finding = found("3b2", fifteen_rows())
    assert outcome(finding) == (Verdict.PASS, "7.00")
    assert finding.value * 24 == 168
    assert (finding.numerator, finding.denominator) == (10, 11)


@pytest.mark.parametrize(
    ("row", "effect", "code", "hours"),
    [
        *((row, Effect.PROVES, Code.LEAD_OK, "168") for row in range(1, 7)),
        (7, Effect.PROVES, Code.LEAD_OK, "72"),
        (8, Effect.BREAKS, Code.LEAD_SHORT, "71.98"),
        (9, Effect.BREAKS, Code.LEAD_SHORT, "10"),
        (10, Effect.BREAKS, Code.LEAD_SHORT, "19"),
        (11, Effect.BREAKS, Code.NO_POST, "0"),
    ],
)
def test_each_row_of_the_table_has_its_lead(row, effect, code, hours):
    proof = about(found("3b1", fifteen_rows()), row)[0]
    assert (proof.effect, proof.code, proof.params["hours"]) == (effect, code, hours)


@pytest.mark.parametrize(
    ("row", "code"), [(12, Code.UNPLANNED), (13, Code.CANCELLED_EARLY), (14, Code.CANCELLED_LATE)]
)
def test_emergencies_and_cancelled_events_are_listed_but_not_counted(row, code):
    assert [(p.effect, p.code) for p in about(found("3b1", fifteen_rows()), row)] == [(Effect.LISTED, code)]


def test_late_notice_by_the_host_stays_in_the_denominator_and_is_named():
    assert Code.LATE_NOTICE in [proof.code for proof in about(found("3b1", fifteen_rows()), 10)]


def test_a_post_approved_after_publication_is_listed_with_its_reason():
    assert [proof.code for proof in about(found("3b1", fifteen_rows()), 1009)] == [Code.APPROVED_LATE]


def test_a_late_cancellation_told_within_two_hours_passes_the_measure_of_its_own():
    finding = found("cancel", fifteen_rows())
    assert (outcome(finding), finding.denominator) == ((Verdict.PASS, "100.00"), 1)
    assert finding.scored is False


@pytest.mark.parametrize(
    ("posts", "as_of", "verdict", "code"),
    [
        ((), LATER, Verdict.FAIL, Code.CANCELLATION_UNTOLD),
        ((), START - h(19), Verdict.UNKNOWN, Code.CANCELLATION_OPEN),
        ((START - h(17),), LATER, Verdict.FAIL, Code.CANCELLATION_UNTOLD),
    ],
)
def test_a_late_cancellation_nobody_told_in_time_breaks_it_once_the_two_hours_are_over(
    posts, as_of, verdict, code
):
    cancelled = event(1, state=EventState.CANCELLED, cancelled_at=START - h(20))
    told = tuple(post(n, at, event_id=1, kind=PostKind.CORRECTION) for n, at in enumerate(posts))
    finding = found("cancel", month(events=(cancelled,), posts=told, as_of=as_of))
    assert (finding.verdict, codes(finding)) == (verdict, [code])


def test_a_cancellation_78_hours_before_is_out_at_once_and_one_at_72_hours_is_late():
    early = event(1, state=EventState.CANCELLED, cancelled_at=START - h(78))
    late = event(2, state=EventState.CANCELLED, cancelled_at=START - h(72))
    undated = event(3, state=EventState.CANCELLED)
    facts = month(events=(early, late, undated))
    assert codes(found("3b1", facts)) == [Code.CANCELLED_EARLY, Code.CANCELLED_LATE, Code.CANCELLED_UNDATED]
    assert found("cancel", facts).denominator == 1


def test_row_15_a_post_deleted_before_the_event_gives_way_to_the_next_live_one():
    gone = post(1, START - h(168), {"gone_at": START - h(48)}, event_id=1)
    kept = post(2, START - h(80), event_id=1)
    finding = found("3b1", month(events=(event(),), posts=(gone, kept)))
    assert [(proof.code, proof.params.get("hours")) for proof in finding.proofs] == [
        (Code.LEAD_OK, "80"),
        (Code.GONE_BEFORE_EVENT, "168"),
        (Code.FIRST_POST, "80"),
    ]


def test_a_post_deleted_after_the_event_still_counts():
    told = post(1, START - h(168), {"gone_at": START + h(1)}, event_id=1)
    assert found("3b1", month(events=(event(),), posts=(told,))).verdict is Verdict.PASS


A_WEEK_BEFORE = START - h(168)


@pytest.mark.parametrize(
    ("told", "happening", "code"),
    [
        (post(1, A_WEEK_BEFORE, event_id=1, outside=True), event(), Code.OUTSIDE_POST),
        (post(1, A_WEEK_BEFORE, event_id=1, fast_lane=True), event(), Code.FAST_LANE),
        (post(1, A_WEEK_BEFORE, event_id=1, approved_at=None), event(), Code.NOT_APPROVED),
        (post(1, A_WEEK_BEFORE, event_id=1), event(created_at=START - h(150)), Code.ENTRY_AFTER_POST),
        (post(1, A_WEEK_BEFORE, event_id=1), event(target_group=" "), Code.TARGET_GROUP_MISSING),
        (post(1, A_WEEK_BEFORE, event_id=1, target_groups=("นักเรียน",)), event(), Code.OTHER_TARGET_GROUP),
        (post(1, START, event_id=1), event(), Code.AFTER_START),
    ],
)
def test_a_post_that_may_not_count_is_refused_with_its_reason(told, happening, code):
    finding = found("3b1", month(events=(happening,), posts=(told,)))
    assert codes(finding, Effect.BREAKS) == [Code.NO_POST]
    assert code in codes(finding, Effect.LISTED)
    assert finding.verdict is Verdict.FAIL


def test_a_plan_item_made_before_the_post_stands_for_a_late_calendar_entry():
    late_entry = event(created_at=START - h(150))
    planned = PlanItemFact(id=1, due_at=A_WEEK_BEFORE, created_at=LONG_AGO, approved=True, post_id=1)
    facts = month(events=(late_entry,), posts=(post(1, A_WEEK_BEFORE, event_id=1),), plan_items=(planned,))
    assert found("3b1", facts).verdict is Verdict.PASS


def test_only_announcements_and_invitations_to_this_event_make_a_lead():
    posts = (
        post(1, A_WEEK_BEFORE, event_id=1, kind=PostKind.GENERAL),
        post(2, A_WEEK_BEFORE, event_id=2),
        post(3, A_WEEK_BEFORE, event_id=1, kind=None),
        post(4, None, event_id=1),
    )
    assert codes(found("3b1", month(events=(event(),), posts=posts))) == [Code.NO_POST]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (post(1, A_WEEK_BEFORE, {"verified_at": None}, event_id=1), Code.NOT_READ_BACK),
        (post(1, A_WEEK_BEFORE, event_id=1, target_groups=None), Code.TARGET_GROUP_UNKNOWN),
        (
            post(
                1, A_WEEK_BEFORE,
                {"published_at": None, "verified_at": None, "state": DeliveryState.UNCERTAIN},
                event_id=1,
            ),
            Code.OUTCOME_UNKNOWN,
        ),
    ],
)  # fmt: skip
def test_a_post_not_proved_yet_leaves_the_event_open_instead_of_failed(told, code):
    finding = found("3b1", month(events=(event(),), posts=(told,)))
    assert (finding.verdict, finding.unknown) == (Verdict.UNKNOWN, 1)
    assert (str(finding.value), str(finding.best)) == ("0.00", "100.00")
    assert codes(finding) == [Code.LEAD_OPEN, code]
    assert reasons(finding) == [Code.UNPROVEN_CASES]


def test_an_open_event_changes_nothing_when_the_others_decide():
    open_ = post(1, A_WEEK_BEFORE, {"verified_at": None}, event_id=1)
    others = tuple(post(n, A_WEEK_BEFORE, event_id=n) for n in range(2, 10))
    facts = month(events=tuple(event(n) for n in range(1, 10)), posts=(open_, *others))
    assert found("3b1", facts).verdict is Verdict.PASS


def test_the_median_is_open_while_an_unproven_post_decides_it():
    told = post(1, A_WEEK_BEFORE, {"verified_at": None}, event_id=1)
    finding = found("3b2", month(events=(event(),), posts=(told,)))
    assert (finding.verdict, str(finding.value), str(finding.best)) == (Verdict.UNKNOWN, "0.00", "7.00")


def test_an_event_that_lasts_all_day_starts_at_midnight_in_bangkok():
    all_day = event(all_day=True, ends_at=None)
    told = post(1, datetime(2020, 10, 16, 17, tzinfo=UTC), event_id=1)  # 17 October, 00.00
    assert about(found("3b1", month(events=(all_day,), posts=(told,))), 1)[0].params["hours"] == "72"


@pytest.mark.parametrize(
    ("happening", "code"),
    [
        (event(public=False), Code.NOT_PUBLIC),
        (event(state=EventState.POSTPONED), Code.POSTPONED),
        (event(starts_at=datetime(2020, 10, 30, tzinfo=UTC)), Code.UPCOMING),
    ],
)
def test_events_that_are_not_due_are_listed_and_leave_no_figure(happening, code):
    facts = month(events=(happening,), as_of=datetime(2020, 10, 25, tzinfo=UTC))
    for criterion in ("3b1", "3b2", "3b3"):
        finding = found(criterion, facts)
        assert (finding.verdict, finding.value) == (Verdict.NO_DATA, None)
        assert (codes(finding), reasons(finding)) == ([code], [Code.NOTHING_DUE])


def test_an_emergency_without_a_reason_is_no_way_out():
    assert codes(found("3b1", month(events=(event(unplanned=True),)))) == [Code.NO_POST]


def test_events_outside_the_period_do_not_count():
    facts = month(events=(event(1, starts_at=NOVEMBER), event(2, starts_at=OCTOBER - h(1))))
    assert found("3b1", facts).denominator is None


@pytest.mark.parametrize("criterion", ["3b1", "3b2", "3b3", "cancel"])
@pytest.mark.parametrize("missing", ["events", "posts"])
def test_without_calendar_or_posts_there_is_no_figure(criterion, missing):
    finding = found(criterion, month(**{missing: None}))
    assert (finding.verdict, reasons(finding)) == (Verdict.NO_DATA, [Code.NOT_COLLECTED])


def test_fewer_than_five_events_are_labelled_a_small_base():
    facts = month(events=tuple(event(n) for n in range(1, 5)))
    assert found("3b1", facts).small_base


def sequence(**without: object) -> PeriodFacts:
    posts = {
        "announce": post(1, START - h(80), event_id=1),
        "reminder": post(2, START - h(24), event_id=1, kind=PostKind.REMINDER),
        "recap": post(3, START + h(3 + 48), event_id=1, kind=PostKind.RECAP),
    }
    kept = tuple(replace(one, **without.get(kind, {})) for kind, one in posts.items() if without.get(kind, 1))
    return month(events=(event(),), posts=kept)


def test_announcement_reminder_and_recap_in_their_windows_complete_the_sequence():
    assert codes(found("3b3", sequence())) == [Code.SEQUENCE_COMPLETE]


@pytest.mark.parametrize("step", ["announce", "reminder", "recap"])
def test_a_sequence_names_the_step_it_lacks(step):
    proof = found("3b3", sequence(**{step: None})).proofs[0]
    assert (proof.effect, proof.code, proof.params) == (
        Effect.BREAKS, Code.SEQUENCE_BROKEN, {"fields": [step]},
    )  # fmt: skip


def test_a_recap_may_still_come_while_its_two_days_run():
    facts = replace(sequence(recap=None), as_of=START + h(40))
    assert codes(found("3b3", facts)) == [Code.SEQUENCE_OPEN]


def test_a_recap_cannot_be_judged_when_the_end_is_not_known():
    assert codes(found("3b3", replace(sequence(), events=(event(ends_at=None),)))) == [Code.SEQUENCE_OPEN]


def test_a_reminder_not_read_back_leaves_the_sequence_open():
    unread = {"deliveries": (delivery(20, START - h(30), verified_at=None, channel=Channel.X),)}
    assert codes(found("3b3", sequence(reminder=unread))) == [Code.SEQUENCE_OPEN]


def test_a_reminder_without_any_time_is_no_reminder():
    timeless = delivery(20, None, state=DeliveryState.UNCERTAIN)
    assert codes(found("3b3", sequence(reminder={"deliveries": (timeless,)}))) == [Code.SEQUENCE_BROKEN]


def test_the_target_group_of_the_event_is_enough_among_several():
    told = post(1, A_WEEK_BEFORE, event_id=1, target_groups=("นักเรียน", CITIZENS))
    assert found("3b1", month(events=(event(),), posts=(told,))).verdict is Verdict.PASS
