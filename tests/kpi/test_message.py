"""Clauses 3c and 3e: what the posts say."""

import pytest

from core.vocab import Category, Verdict
from kpi.codes import Code, Effect, ProofKind
from kpi.facts import TagFact, TermFindingFact
from kpi.office_facts import CorrectionFact
from tests.kpi.made import LATER, OCTOBER, codes, criteria, found, h, month, outcome, post, reasons

AT = OCTOBER + h(100)
UNREAD = {"verified_at": None}


def finding_on(post_id: int, *, resolved: bool = False) -> TermFindingFact:
    return TermFindingFact(id=70 + post_id, post_id=post_id, rule="agency.drainage", resolved=resolved)


def test_posts_without_unresolved_findings_are_right_and_unchecked_ones_are_open():
    posts = (post(1, AT), post(2, AT), post(3, AT, terms_checked_at=None), post(4, AT), post(5, LATER))
    terms = (finding_on(2), finding_on(4, resolved=True), finding_on(5))
    finding = found("3e1", month(posts=posts, term_findings=terms))
    assert (finding.numerator, finding.unknown, finding.denominator) == (2, 1, 4)
    assert codes(finding) == [
        Code.TERMS_CLEAN,
        Code.TERMS_OPEN,
        Code.TERMS_UNCHECKED,
        Code.TERMS_CLEAN,
        Code.TERMS_OPEN,
    ]
    assert (finding.proofs[-1].kind, finding.proofs[-1].id) == (ProofKind.TERM_FINDING, 72)
    assert finding.verdict is Verdict.FAIL


def test_an_outside_post_is_read_as_the_office_s_own():
    facts = month(posts=(post(1, AT, UNREAD, outside=True),), term_findings=(finding_on(1),))
    assert outcome(found("3e1", facts)) == (Verdict.FAIL, "0.00")


@pytest.mark.parametrize(
    ("criterion", "field"),
    [("3c1", "on_template"), ("3c2", "original"), ("3c3", "pillars"), ("3e4", "names_agency")],
)
def test_what_nobody_recorded_for_any_post_is_no_data(criterion, field):
    service = (TagFact(category=Category.SERVICE),)
    facts = month(posts=(post(1, AT, tags=service, **{field: None}),))
    assert reasons(found(criterion, facts)) == [Code.NOT_COLLECTED]
    assert reasons(found(criterion, month(posts=None))) == [Code.NOT_COLLECTED]
    assert reasons(found(criterion, month())) == [Code.NOTHING_DUE]


@pytest.mark.parametrize(("criterion", "field"), [("3c1", "on_template"), ("3c2", "original")])
def test_a_truth_recorded_for_some_posts_leaves_the_others_open(criterion, field):
    posts = [post(number, AT, **{field: value}) for number, value in enumerate((True, False, None))]
    finding = found(criterion, month(posts=tuple(posts)))
    assert codes(finding) == [Code.FACT_TRUE, Code.FACT_FALSE, Code.FACT_UNRECORDED]
    assert (finding.numerator, finding.unknown, finding.denominator) == (1, 1, 3)


@pytest.mark.parametrize(
    ("names", "contact", "effect"),
    [
        (True, True, Effect.PROVES),
        (True, False, Effect.BREAKS),
        (False, None, Effect.BREAKS),
        (True, None, Effect.OPEN),
    ],
)
def test_attribution_needs_the_agency_and_a_contact(names, contact, effect):
    both = (TagFact(category=Category.CALENDAR), TagFact(category=Category.NEWS))
    posts = (
        post(1, AT, tags=both, names_agency=names, gives_contact=contact),
        post(2, AT, tags=(TagFact(category=Category.NEWS),)),
        post(3, AT, tags=(TagFact(category=Category.SERVICE),), names_agency=True, gives_contact=True),
    )
    assert [proof.effect for proof in found("3e4", month(posts=posts)).proofs] == [effect, Effect.PROVES]


def pillars(*several):
    return month(posts=tuple(post(number, AT, pillars=one) for number, one in enumerate(several)))


def test_posts_with_one_pillar_each_and_none_too_large_are_focused():
    finding = found("3c3", pillars(("1",), ("1",), ("2",), ("2",), ("3",)))
    assert (outcome(finding), finding.notes[0].params) == ((Verdict.PASS, "100.00"), {"percent": 40})


def test_a_pillar_above_its_share_misses_the_target():
    assert found("3c3", pillars(("1",), ("1",), ("1",), ("2",), ("3",))).verdict is Verdict.FAIL


def test_posts_with_no_pillar_or_several_are_not_focused_and_unsorted_ones_are_open():
    finding = found("3c3", pillars((), ("1", "2"), None, ("3",)))
    assert [proof.effect for proof in finding.proofs] == [
        Effect.BREAKS, Effect.BREAKS, Effect.OPEN, Effect.PROVES,
    ]  # fmt: skip


def corrected(*minutes):
    mine = tuple(CorrectionFact(id=n, post_id=n, minutes=m) for n, m in enumerate(minutes))
    return month(posts=tuple(post(number, AT) for number in range(200)), corrections=mine)


@pytest.mark.parametrize(
    ("minutes", "verdict", "value"),
    [
        ((), Verdict.PASS, "0.00"),
        ((30, 120), Verdict.PASS, "1.00"),
        ((30, 30, 30), Verdict.FAIL, "1.50"),
        ((121,), Verdict.FAIL, "0.50"),
        ((None,), Verdict.UNKNOWN, "0.50"),
        ((None, 121), Verdict.FAIL, "1.00"),
    ],
)
def test_few_corrections_and_each_within_two_hours(minutes, verdict, value):
    assert outcome(found("3e2", corrected(*minutes))) == (verdict, value)


def test_corrections_need_posts_and_a_log():
    assert reasons(found("3e2", month())) == [Code.NOT_COLLECTED]
    assert reasons(found("3e2", month(corrections=()))) == [Code.NOTHING_DUE]
    stray = CorrectionFact(id=1, post_id=999, minutes=500)
    assert outcome(found("3e2", month(posts=(post(1, AT),), corrections=(stray,)))) == (Verdict.PASS, "0.00")


MISSION = next(one for one in criteria().criteria if one.id == "3e3")
GROUPS = len(MISSION.params["groups"])  # of districts, counted beside the departments


def test_each_agency_needs_a_post_on_its_mission_with_its_names_right():
    posts = (post(1, AT, agencies=("ก", "ข")), post(2, AT, agencies=("ค",)), post(3, AT, agencies=()))
    facts = month(posts=posts, agencies=("ก", "ข", "ค", "ง"), term_findings=(finding_on(2),))
    finding = found("3e3", facts)
    assert [proof.effect for proof in finding.proofs] == [
        Effect.PROVES, Effect.PROVES, *[Effect.BREAKS] * (2 + GROUPS),
    ]  # fmt: skip
    assert codes(finding)[2:4] == [Code.AGENCY_SILENT, Code.AGENCY_SILENT]
    assert finding.proofs[3].params == {"agency": "ง"}
    assert finding.denominator == 4 + GROUPS


def test_agencies_stay_open_while_a_post_is_not_sorted():
    facts = month(posts=(post(1, AT, agencies=("ก",)), post(2, AT)), agencies=("ก", "ข"), term_findings=None)
    assert [proof.effect for proof in found("3e3", facts).proofs] == [
        Effect.PROVES, *[Effect.OPEN] * (1 + GROUPS),
    ]  # fmt: skip


def test_a_group_of_districts_counts_as_an_agency():
    group = MISSION.params["groups"][0]
    facts = month(posts=(post(1, AT, agencies=(group,)),), agencies=("ก",))
    assert found("3e3", facts).numerator == 1


def test_corrections_that_nobody_called_whole_can_only_grow():
    posts = tuple(post(n, AT) for n in range(200))
    one = CorrectionFact(id=1, post_id=0, minutes=10)
    assert found("3e2", month(posts=posts, corrections=(one,))).verdict is Verdict.PASS
    open_list = month(posts=posts, corrections=(one,), corrections_whole=False)
    assert found("3e2", open_list).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("more", [{}, {"agencies": ("ก",)}, {"agencies": ("ก",), "posts": (post(1, AT),)}])
def test_missions_need_a_list_of_agencies_and_sorted_posts(more):
    assert reasons(found("3e3", month(**more))) == [Code.NOT_COLLECTED]


def test_terminology_needs_posts_and_a_checker():
    assert reasons(found("3e1", month(term_findings=None))) == [Code.NOT_COLLECTED]
