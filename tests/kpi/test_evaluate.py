"""The whole evaluation: level cases, headlines, attestations, signed periods, plain values and words."""

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from core.vocab import Category, Verdict
from kpi.codes import Code, Headline
from kpi.criteria_files import load_criteria, packaged_criteria
from kpi.evaluate import evaluate, keep_signed
from kpi.facts import AttestationFact, PeriodFacts
from kpi.freeze import evaluation_from, facts_from, facts_to_dict, to_dict
from kpi.words import say, say_headline
from tests.kpi.made import (
    LATER,
    OCTOBER,
    START,
    all_of_level_2,
    all_of_level_3,
    criteria,
    event,
    h,
    link_check,
    month,
    post,
)


def run(facts: PeriodFacts):
    return evaluate(criteria(), facts)


def without(facts: PeriodFacts, category: Category) -> PeriodFacts:
    kept = tuple(one for one in facts.posts or () if category not in {tag.category for tag in one.tags})
    return replace(facts, posts=kept)


def levels(evaluation) -> list[Verdict]:
    return [level.verdict for level in evaluation.levels]


def test_a_plan_alone_is_level_1():
    evaluation = run(replace(all_of_level_3(), items=(), posts=()))
    assert (evaluation.score, evaluation.headline) == (Decimal("1.00"), Headline.LEVEL2_PROGRESS)


def test_17_of_18_checks_leave_level_1_and_show_the_progress():
    evaluation = run(without(all_of_level_3(), Category.NEWS))
    assert (str(evaluation.score), evaluation.headline) == ("1.00", Headline.LEVEL2_PROGRESS)
    assert (evaluation.headline_params["passed"], evaluation.headline_params["total"]) == (17, 18)
    assert levels(evaluation)[2] is Verdict.PASS


def test_without_a_plan_nothing_above_it_counts():
    evaluation = run(replace(all_of_level_3(), plans=()))
    assert (str(evaluation.score), evaluation.headline) == ("0.00", Headline.LEVEL1_PROGRESS)
    assert levels(evaluation)[:3] == [Verdict.FAIL, Verdict.PASS, Verdict.PASS]


def test_all_three_levels_are_3_of_5_and_never_5():
    evaluation = run(all_of_level_3(claimed=Decimal("5.00")))
    assert (str(evaluation.score), evaluation.headline) == ("3.00", Headline.NO_CRITERIA_ABOVE)
    assert levels(evaluation)[3:] == [Verdict.UNDEFINED, Verdict.UNDEFINED]
    assert (evaluation.claimed, evaluation.target, evaluation.highest_defined) == (5, 5, 3)


def test_one_unknown_check_leaves_level_2_pending_and_the_score_at_level_1():
    checks = tuple(link_check(n, n, reached=n != 8) for n in range(1, 9))
    evaluation = run(all_of_level_2(link_checks=checks))
    assert (str(evaluation.score), evaluation.headline) == ("1.00", Headline.LEVEL2_PENDING)
    assert levels(evaluation)[1] is Verdict.UNKNOWN
    assert evaluation.headline_params["checks_pending"] == 3


def test_an_unknown_plan_leaves_level_1_pending():
    evaluation = run(replace(all_of_level_2(), plans=None))
    assert (str(evaluation.score), evaluation.headline) == ("0.00", Headline.LEVEL1_PENDING)


def test_gates_and_measures_without_signatures_wait_for_attestation():
    evaluation = run(all_of_level_3(attestations=()))
    assert (str(evaluation.score), evaluation.headline) == ("2.00", Headline.LEVEL3_WAITING_ATTESTATION)
    assert (evaluation.headline_params["attestations_passed"], levels(evaluation)[2]) == (0, Verdict.UNKNOWN)


def test_a_gate_without_data_waits_for_evidence():
    evaluation = run(all_of_level_3(term_findings=None))
    assert (str(evaluation.score), evaluation.headline) == ("2.00", Headline.LEVEL3_WAITING_EVIDENCE)


def test_a_failed_gate_fails_level_3():
    evaluation = run(all_of_level_3(events=(event(1), event(2))))
    assert (str(evaluation.score), evaluation.headline) == ("2.00", Headline.LEVEL3_PROGRESS)


def test_less_than_seventy_percent_of_the_other_measures_fail_level_3():
    told = post(101, START - h(80), event_id=1)
    facts = all_of_level_3(posts=(*(all_of_level_2().posts or ()), told))
    others = next(part for part in run(facts).levels[2].parts if part.code == "others")
    assert (others.verdict, others.passed, others.total) == (Verdict.FAIL, 1, 4)


def test_the_level_3_parts_are_gates_others_and_attestations():
    parts = {part.code: (part.passed, part.total) for part in run(all_of_level_3()).levels[2].parts}
    assert parts["gates"] == (3, 3)
    assert parts["attestations"] == (4, 4)
    assert parts["others"] == (3, 4)  # the cadence of eight posts a month is none


def word(number: int, *, confirmed: bool | None, signed_at: datetime | None) -> AttestationFact:
    return AttestationFact(id=number, code="H1", confirmed=confirmed, signed_at=signed_at)


@pytest.mark.parametrize(
    ("words", "verdict", "code", "number"),
    [
        ((), Verdict.UNKNOWN, Code.NOT_SIGNED, None),
        ((word(1, confirmed=True, signed_at=None),), Verdict.UNKNOWN, Code.NOT_SIGNED, None),
        ((word(1, confirmed=True, signed_at=LATER + h(1)),), Verdict.UNKNOWN, Code.NOT_SIGNED, None),
        ((word(1, confirmed=None, signed_at=LATER),), Verdict.UNKNOWN, Code.NOT_SIGNED, 1),
        ((word(1, confirmed=False, signed_at=LATER),), Verdict.FAIL, Code.SIGNED_AGAINST, 1),
        (
            (word(1, confirmed=False, signed_at=LATER - h(1)), word(2, confirmed=True, signed_at=LATER)),
            Verdict.PASS, Code.SIGNED, 2,
        ),
    ],
)  # fmt: skip
def test_the_last_word_signed_by_then_is_the_one_that_counts(words, verdict, code, number):
    finding = next(one for one in run(month(attestations=words)).levels[2].findings if one.id == "H1")
    assert (finding.verdict, finding.proofs[0].code, finding.proofs[0].id) == (verdict, code, number)


def test_a_signature_against_fails_level_3():
    facts = all_of_level_3(attestations=(word(9, confirmed=False, signed_at=LATER),))
    assert run(facts).headline is Headline.LEVEL3_PROGRESS


def test_a_signed_quarter_keeps_its_score_and_notes_that_there_are_new_data():
    signed = run(all_of_level_3())
    assert keep_signed(signed, run(all_of_level_3(as_of=LATER + h(5)))) == signed
    kept = keep_signed(signed, run(without(all_of_level_3(), Category.NEWS)))
    assert (kept.score, kept.levels) == (signed.score, signed.levels)
    assert [note.code for note in kept.notes] == [Code.NEW_DATA_AFTER_SIGNING]


def test_levels_the_office_has_adopted_can_be_reached_and_five_is_the_top():
    text = packaged_criteria(2564).replace(
        'status = "undefined"', 'status = "defined"\ndocument = "กท 0411/ตัวอย่าง 9"'
    )
    for n in (4, 5):
        text += f'[criteria.{n}a]\nlevel = {n}\nclause = "{n}"\ntitle.th = "ก"\ntitle.en = "a"\n'
        text += 'formula.th = "ก"\nformula.en = "a"\n'
        text += 'measure = "recall_survey"\nparams = { min_n = 1 }\nunit = "percent"\n'
        text += 'target = 70\nstrength = "C"\nsource = "adopted"\n'
    adopted = load_criteria(text)
    evaluation = evaluate(adopted, all_of_level_3())
    assert (str(evaluation.score), evaluation.headline) == ("3.00", Headline.LEVEL4_PENDING)
    survey = {"id": 1, "respondents": 100, "recalling": 80, "file_sha256": "ab"}
    plain = facts_to_dict(all_of_level_3()) | {"survey": survey}
    evaluation = evaluate(adopted, facts_from(plain))
    assert (str(evaluation.score), evaluation.headline) == ("5.00", Headline.ALL_LEVELS)
    assert evaluation.headline_params["undefined"] == ""


def test_facts_and_evaluations_survive_being_stored():
    facts = all_of_level_3(claimed=Decimal("5.00"))
    stored = json.loads(json.dumps(facts_to_dict(facts)))
    assert facts_from(stored) == facts
    evaluation = run(facts)
    plain = json.loads(json.dumps(to_dict(evaluation)))
    assert evaluation_from(plain) == evaluation
    assert to_dict(run(facts_from(stored))) == plain


def test_every_reference_and_headline_can_be_said_in_both_languages():
    plain = to_dict(run(without(all_of_level_3(events=(event(1), event(2))), Category.NEWS)))
    said = [
        say(entry, language)
        for language in ("th", "en")
        for level in plain["levels"]
        for finding in level["findings"]
        for entry in (*finding["proofs"], *finding["notes"])
    ]
    said += [say_headline(plain, language) for language in ("th", "en")]
    assert not [sentence for sentence in said if "{" in sentence or "kpi." in sentence]
    assert say_headline(plain, "th") == "ผลที่ตรวจสอบได้ 1.00 จากเป้าหมาย 5 – ระดับที่ 2 ผ่าน 17/18 รายการ"


def test_a_list_of_fields_is_said_in_words():
    entry = {"code": "event_incomplete", "params": {"fields": ["place", "host"]}}
    assert say(entry, "en") == "The calendar entry lacks: place, host agency"


def test_dates_and_channels_are_said_as_people_read_them():
    week = {"code": "week_kept", "params": {"from": "2020-10-05", "facebook": 11, "x": 14}}
    assert say(week, "th") == "สัปดาห์ที่เริ่ม 5 ต.ค. 2563 โพสต์ครบ (Facebook 11 X 14)"
    point = {"code": "profile_ok", "params": {"channel": "x", "fields": ["seal"]}}
    assert say(point, "th") == "X (Twitter): ตราสัญลักษณ์ ถูกต้อง"


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"as_of": datetime(2020, 11, 1)}, "aware"),  # noqa: DTZ001 -- the naive moment that must be refused
        ({"end": OCTOBER}, "ends after"),
    ],
)
def test_facts_refuse_naive_moments_and_periods_that_end_before_they_start(more, problem):
    with pytest.raises(ValueError, match=problem):
        month(**more)
