"""Laws of the score, for any findings: more proof never lowers it, not knowing never raises it."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.vocab import Verdict
from kpi.codes import Op
from kpi.counting import both, judge
from kpi.evaluate import evaluate
from kpi.findings import LevelFinding
from kpi.freeze import facts_from, facts_to_dict
from kpi.levels import reached, weigh
from tests.kpi.made import LATER, all_of_level_2, all_of_level_3, criteria, month

CRITERIA = criteria()
BLANK = [level.findings for level in evaluate(CRITERIA, month()).levels]
PLACES = [(level, place) for level, findings in enumerate(BLANK) for place in range(len(findings))]
VERDICTS = st.sampled_from([Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.NO_DATA])
MOSTLY_PASS = st.one_of(st.just(Verdict.PASS), VERDICTS)
ALL = st.lists(MOSTLY_PASS, min_size=len(PLACES), max_size=len(PLACES))
FRACTIONS = st.fractions(min_value=0, max_value=100)
ORDER = {Verdict.FAIL: 0, Verdict.UNKNOWN: 1, Verdict.PASS: 2}


def weighed(verdicts: list[Verdict]) -> list[LevelFinding]:
    """Weigh all levels as if their findings had these verdicts."""
    rest = iter(verdicts)
    rows = [tuple(replace(one, verdict=next(rest)) for one in findings) for findings in BLANK]
    return [
        weigh(level, findings, CRITERIA.rules) for level, findings in zip(CRITERIA.levels, rows, strict=True)
    ]


def changed(verdicts: list[Verdict], place: int, verdict: Verdict) -> list[Verdict]:
    return [*verdicts[:place], verdict, *verdicts[place + 1 :]]


@given(ALL, st.integers(0, len(PLACES) - 1))
def test_one_more_passed_check_never_lowers_a_level(verdicts, place):
    before, after = weighed(verdicts), weighed(changed(verdicts, place, Verdict.PASS))
    assert reached(after) >= reached(before)
    assert all(new.passed >= old.passed for old, new in zip(before, after, strict=True))


@given(ALL, st.integers(0, len(PLACES) - 1))
def test_an_unknown_never_raises_a_level(verdicts, place):
    before, after = weighed(verdicts), weighed(changed(verdicts, place, Verdict.UNKNOWN))
    assert reached(after) <= reached(before)


@given(ALL)
def test_levels_without_criteria_are_never_awarded(verdicts):
    assert reached(weighed(verdicts)) <= 3


@given(ALL, st.integers(0, len(PLACES) - 1))
def test_a_check_that_is_only_unknown_never_fails_a_level(verdicts, place):
    known = [Verdict.PASS if one is Verdict.FAIL else one for one in verdicts]
    assert Verdict.FAIL not in [level.verdict for level in weighed(changed(known, place, Verdict.UNKNOWN))]


def test_a_level_with_gates_and_signatures_but_nothing_else_to_score_waits():
    gates = {one.id for one in CRITERIA.criteria if one.gate}
    signed = {one.id for one in CRITERIA.attestations}
    findings = tuple(
        replace(one, verdict=Verdict.PASS if one.id in gates | signed else Verdict.NO_DATA)
        for one in BLANK[2]
    )
    level = weigh(CRITERIA.levels[2], findings, CRITERIA.rules)
    assert (level.verdict, level.parts[1].verdict) == (Verdict.UNKNOWN, Verdict.UNKNOWN)


@given(st.sampled_from(Op), FRACTIONS, FRACTIONS, FRACTIONS)
def test_a_figure_is_unknown_only_while_its_open_cases_decide(op, one, other, bound):
    low, high = sorted((one, other))
    found = judge(op, low, high, bound)
    ends = {judge(op, end, end, bound) for end in (low, high)}
    assert Verdict.UNKNOWN not in ends
    assert found is (ends.pop() if len(ends) == 1 else Verdict.UNKNOWN)


@given(st.sampled_from(list(ORDER)), st.sampled_from(list(ORDER)))
def test_two_conditions_are_as_good_as_the_worse(one, other):
    assert both(one, other) is min(one, other, key=ORDER.__getitem__)


@given(st.sets(st.integers(0, 7)), st.integers(0, 7))
def test_one_more_published_post_never_lowers_the_score_of_real_facts(kept, extra):
    facts = all_of_level_2()
    posts = facts.posts or ()
    fewer = replace(facts, posts=tuple(posts[n] for n in sorted(kept - {extra})))
    more = replace(facts, posts=tuple(posts[n] for n in sorted(kept | {extra})))
    assert evaluate(CRITERIA, more).score >= evaluate(CRITERIA, fewer).score
    passed = [evaluate(CRITERIA, one).levels[1].passed for one in (fewer, more)]
    assert passed[0] <= passed[1]


@given(st.sets(st.integers(0, 10)), st.booleans(), st.integers(-3, 400))
def test_frozen_facts_replay_to_the_same_findings(kept, plans_known, hours):
    facts = all_of_level_3(as_of=LATER + timedelta(hours=hours))
    posts = facts.posts or ()
    facts = replace(
        facts, posts=tuple(posts[n] for n in sorted(kept)), plans=facts.plans if plans_known else None
    )
    frozen = json.loads(json.dumps(facts_to_dict(facts)))
    assert facts_from(frozen) == facts
    assert evaluate(CRITERIA, facts_from(frozen)) == evaluate(CRITERIA, facts)
