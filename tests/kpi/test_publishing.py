"""Clause 3a: publishing reliability, plan execution, cadence, improvements, channel profiles."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.vocab import Channel, DeliveryState, Verdict
from kpi.codes import Code, Effect
from kpi.facts import PlanItemFact
from kpi.office_facts import ImprovementFact, ProfileCheckFact
from tests.kpi.made import (
    LATER,
    LONG_AGO,
    NOVEMBER,
    OCTOBER,
    codes,
    delivery,
    found,
    h,
    month,
    outcome,
    post,
    reasons,
)

DUE = OCTOBER + h(100)
NOT_OUT = {"published_at": None, "verified_at": None}
POINTS = ("name", "seal", "cover", "about", "contact", "site", "pinned", "privacy")


@pytest.mark.parametrize(
    ("out", "effect", "code"),
    [
        ({}, Effect.PROVES, Code.ON_TIME),
        ({"published_at": DUE + h(1 / 12)}, Effect.PROVES, Code.ON_TIME),
        ({"published_at": DUE - h(1 / 12)}, Effect.PROVES, Code.ON_TIME),
        ({"published_at": DUE + timedelta(seconds=301)}, Effect.BREAKS, Code.OFF_TIME),
        ({"published_at": DUE + h(1), "verified_at": None}, Effect.BREAKS, Code.OFF_TIME),
        ({"verified_at": None}, Effect.OPEN, Code.NOT_READ_BACK),
        ({**NOT_OUT, "state": DeliveryState.UNCERTAIN}, Effect.OPEN, Code.OUTCOME_UNKNOWN),
        ({**NOT_OUT, "state": DeliveryState.SENDING}, Effect.OPEN, Code.OUTCOME_UNKNOWN),
        ({**NOT_OUT, "state": DeliveryState.FAILED}, Effect.BREAKS, Code.NOT_PUBLISHED),
        ({**NOT_OUT, "state": DeliveryState.MISSED}, Effect.BREAKS, Code.NOT_PUBLISHED),
        ({**NOT_OUT, "state": DeliveryState.SCHEDULED}, Effect.BREAKS, Code.NOT_PUBLISHED),
        ({**NOT_OUT, "state": DeliveryState.HELD}, Effect.LISTED, Code.HUMAN_HOLD),
        ({**NOT_OUT, "state": DeliveryState.CANCELLED}, Effect.LISTED, Code.HUMAN_HOLD),
        ({"published_at": DUE + h(9), "held_by_person": True}, Effect.LISTED, Code.HUMAN_HOLD),
        ({"gone_at": DUE + h(9)}, Effect.PROVES, Code.ON_TIME),
    ],
)
def test_each_delivery_that_is_due_is_on_time_or_says_why_not(out, effect, code):
    finding = found("3a1", month(posts=(post(1, DUE, out),)))
    assert [(proof.effect, proof.code) for proof in finding.proofs] == [(effect, code)]


def test_reliability_counts_each_channel_and_needs_98_of_100():
    posts = [post(number, DUE) for number in range(98)]
    late = [post(number, DUE, {"published_at": DUE + h(1)}) for number in range(98, 100)]
    assert outcome(found("3a1", month(posts=(*posts, *late)))) == (Verdict.PASS, "98.00")
    assert outcome(found("3a1", month(posts=(*posts[1:], *late)))) == (Verdict.FAIL, "97.98")


def test_a_delivery_comes_due_only_when_its_five_minutes_are_over():
    waiting = post(1, DUE, {**NOT_OUT, "state": DeliveryState.SCHEDULED})
    assert codes(found("3a1", month(posts=(waiting,), as_of=DUE + h(1 / 12)))) == []
    assert codes(found("3a1", month(posts=(waiting,), as_of=DUE + h(0.1)))) == [Code.NOT_PUBLISHED]


def test_outside_posts_and_other_months_are_not_due():
    posts = (post(1, DUE, outside=True), post(2, NOVEMBER), post(3, DUE, {"due_at": None}))
    assert reasons(found("3a1", month(posts=posts))) == [Code.NOTHING_DUE]


@pytest.mark.parametrize("criterion", ["3a1", "3a2", "3a3"])
def test_without_posts_there_is_no_figure(criterion):
    assert reasons(found(criterion, month(posts=None))) == [Code.NOT_COLLECTED]


def planned(number: int, **more: object) -> PlanItemFact:
    given = {"due_at": DUE, "created_at": LONG_AGO, "approved": True, "post_id": number, **more}
    return PlanItemFact(id=number, **given)


def test_each_plan_item_that_is_due_is_published_or_says_why_not():
    items = (
        planned(1),
        planned(2, post_id=None),
        planned(3, approved=False),
        planned(4, cancelled_at=DUE - h(1)),
        planned(5),
        planned(6, due_at=LATER),
        planned(7, cancelled_at=DUE + h(1), post_id=None),
        planned(8, post_id=88),
    )
    posts = (post(1, DUE), post(3, DUE), post(5, DUE, {"verified_at": None}))
    finding = found("3a2", month(plan_items=items, posts=posts))
    assert codes(finding) == [
        Code.PLAN_ITEM_PUBLISHED,
        Code.PLAN_ITEM_UNPUBLISHED,
        Code.PLAN_ITEM_NOT_APPROVED,
        Code.PLAN_ITEM_DROPPED,
        Code.NOT_READ_BACK,
        Code.PLAN_ITEM_UNPUBLISHED,
        Code.PLAN_ITEM_UNPUBLISHED,
    ]
    assert (finding.numerator, finding.unknown, finding.denominator) == (1, 1, 6)


def test_a_plan_nobody_keeps_is_no_data():
    assert reasons(found("3a2", month(plan_items=None))) == [Code.NOT_COLLECTED]


def steady(channel: Channel, every: float, first: int, **more: object):
    count = int(31 * 24 / every)
    return [
        post(
            first + n, OCTOBER + h(every * n),
            {"channel": channel, "verified_at": OCTOBER + h(every * n + 0.1), **more},
        )
        for n in range(count)
    ]  # fmt: skip


def test_enough_posts_every_week_on_both_channels_keep_the_cadence():
    posts = (*steady(Channel.FACEBOOK, 16, 1), *steady(Channel.X, 12, 500))
    finding = found("3a3", month(posts=posts))
    assert (outcome(finding), finding.denominator) == ((Verdict.PASS, "100.00"), 3)
    assert finding.proofs[0].params == {"from": "2020-10-05", "facebook": 11, "x": 14}
    assert [(note.code, note.params["hours"]) for note in finding.notes] == [(Code.LONGEST_GAP, 24)]


def test_a_silent_channel_breaks_the_cadence_and_shows_its_gap():
    finding = found("3a3", month(posts=tuple(steady(Channel.FACEBOOK, 16, 1))))
    assert (outcome(finding), codes(finding)) == ((Verdict.FAIL, "0.00"), [Code.WEEK_THIN] * 3)
    assert finding.notes[0].params["hours"] == 31 * 24


def test_posts_not_read_back_leave_the_cadence_open():
    posts = (*steady(Channel.FACEBOOK, 16, 1), *steady(Channel.X, 12, 500, verified_at=None))
    assert found("3a3", month(posts=posts)).verdict is Verdict.UNKNOWN


def test_enough_posts_with_one_long_silence_miss_the_cadence():
    kept = [one for one in steady(Channel.X, 6, 500) if not 300 < (one.id - 500) * 6 < 360]
    finding = found("3a3", month(posts=(*steady(Channel.FACEBOOK, 8, 1), *kept)))
    assert outcome(finding) == (Verdict.FAIL, "100.00")


def test_a_month_without_a_whole_week_behind_it_has_no_cadence_yet():
    assert reasons(found("3a3", month(as_of=OCTOBER + h(24 * 10)))) == [Code.NO_FULL_WEEK]


def improvement(number: int, **more: object) -> ImprovementFact:
    given = {"at": DUE, "baseline": Decimal(1), "after": Decimal(2), "better": True, **more}
    return ImprovementFact(id=number, **given)


@pytest.mark.parametrize(
    ("improvements", "target", "expected"),
    [
        ((improvement(1),), Verdict.PASS, [Code.IMPROVEMENT_BETTER]),
        ((improvement(1, better=None),), Verdict.UNKNOWN, [Code.IMPROVEMENT_LOGGED]),
        ((improvement(1, after=None, better=None),), Verdict.UNKNOWN, [Code.IMPROVEMENT_INCOMPLETE]),
        ((improvement(1, baseline=None, better=None),), Verdict.UNKNOWN, [Code.IMPROVEMENT_INCOMPLETE]),
        ((improvement(1, at=LATER),), Verdict.UNKNOWN, []),
    ],
)
def test_an_improvement_has_a_before_and_an_after_and_one_is_shown_better(improvements, target, expected):
    finding = found("3a4", month(improvements=improvements))
    assert (finding.target, codes(finding)) == (target, expected)


def test_improvements_of_a_whole_quarter_of_which_none_is_better_miss_the_target():
    facts = month(
        improvements=(improvement(1, better=False),), end=OCTOBER + h(24 * 92), as_of=LATER + h(9999)
    )
    finding = found("3a4", facts)
    assert (finding.minimum, finding.target, reasons(finding)) == (
        Verdict.PASS, Verdict.FAIL, [Code.NONE_SHOWN_BETTER],
    )  # fmt: skip


def test_every_point_of_both_profiles_counts_at_its_last_look():
    looks = [
        ProfileCheckFact(id=n, channel=channel, point=point, ok=True, checked_at=DUE)
        for n, (channel, point) in enumerate((channel, point) for channel in Channel for point in POINTS)
    ]
    assert outcome(found("3a5", month(profile_checks=tuple(looks)))) == (Verdict.PASS, "100.00")
    wrong = ProfileCheckFact(id=99, channel=Channel.X, point="pinned", ok=False, checked_at=DUE + h(1))
    too_late = ProfileCheckFact(id=98, channel=Channel.X, point="name", ok=False, checked_at=LATER)
    finding = found("3a5", month(profile_checks=(wrong, too_late, *looks[1:])))
    assert (finding.numerator, finding.unknown, finding.denominator) == (14, 1, 16)
    assert {Code.PROFILE_WRONG, Code.PROFILE_UNCHECKED} <= set(codes(finding))


@pytest.mark.parametrize("criterion", ["3a4", "3a5"])
def test_what_nobody_records_yet_is_no_data(criterion):
    assert reasons(found(criterion, month())) == [Code.NOT_COLLECTED]


def test_a_delivery_with_an_unknown_outcome_and_no_schedule_is_never_in_the_period():
    lost = post(1, None, {"state": DeliveryState.UNCERTAIN}).deliveries[0]
    assert lost == delivery(1001, None, state=DeliveryState.UNCERTAIN)
    facts = month(posts=(post(1, None, {"state": DeliveryState.UNCERTAIN}),))
    assert codes(found("3a3", facts)) == [Code.WEEK_THIN] * 3
