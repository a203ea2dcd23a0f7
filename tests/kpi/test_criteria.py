"""The criteria file: what it holds, and what loading refuses."""

import json

import pytest

from kpi.codes import Reading, Strength
from kpi.criteria import BadCriteria
from kpi.criteria_files import adopt, criteria_from, load_criteria, packaged_criteria, raw_criteria
from tests.kpi.made import criteria

TEXT = packaged_criteria(2564)
NINTH = """[[levels]]
n = 9
status = "undefined"
scored_by = "target"
source = "x"
text = { th = "ก", en = "a" }
"""


def test_the_set_has_two_checks_eighteen_checks_and_twenty_one_measures_that_score():
    scored = [[one.id for one in level.criteria if one.scored] for level in criteria().levels]
    assert [len(ids) for ids in scored] == [2, 18, 21, 0, 0]
    clauses = {"3a": 5, "3b": 7, "3c": 3, "3d": 2, "3e": 4}
    assert scored[2] == [f"{clause}{n}" for clause, last in clauses.items() for n in range(1, last + 1)]


def test_gates_readings_and_strengths_are_those_of_the_ruling():
    assert [one.id for one in criteria().criteria if one.gate] == ["3a1", "3b1", "3e1"]
    assert [level.scored_by for level in criteria().levels[:3]] == [
        Reading.MINIMUM, Reading.MINIMUM, Reading.TARGET,
    ]  # fmt: skip
    assert [one.id for one in criteria().attestations] == ["H1", "H2", "H3", "H4"]
    published = [one for one in criteria().criteria if one.id.endswith("_published")]
    assert {one.strength for one in published} == {Strength.READ_BACK}


def test_levels_4_and_5_have_a_template_and_no_criteria():
    assert [(level.status, bool(level.template), level.document) for level in criteria().levels[3:]] == [
        ("undefined", True, ""),
    ] * 2


def test_the_digest_follows_the_content_and_not_the_writing():
    digest = criteria().digest
    assert len(digest) == 64
    assert load_criteria(f"# a remark\n{TEXT}\n\n").digest == digest
    assert load_criteria(TEXT.replace("min_lead_h = 72", "min_lead_h = 48")).digest != digest


@pytest.mark.parametrize(
    ("old", "new", "where", "problem"),
    [
        (
            'measure = "plan_document"',
            'measure = "guess"',
            "levels.0.criteria.0",
            "no measure is called guess",
        ),
        ("tolerance_min = 5", "tolerance = 5", "levels.2.criteria.0", "takes exactly the parameters"),
        ("gate = true", "gates = true", "levels.2.criteria.0.gates", "Extra inputs"),
        (
            "[criteria.3a2]\nlevel = 3",
            "[criteria.3a2]\nlevel = 9",
            "criteria.3a2",
            "level is not in the file",
        ),
        ("[criteria.3a2]\nlevel = 3", "[criteria.3a2]\nlevel = 4", "levels.3", "an undefined one has none"),
        (
            "[templates.4a]\nlevel = 4",
            "[templates.4a]\nlevel = 9",
            "templates.4a",
            "level is not in the file",
        ),
        ("\nn = 4", "\nn = 6", "templates.4a", "level is not in the file"),
        (
            "[rules]",
            NINTH + "[rules]",
            "file",
            "in this order",
        ),
        (
            "[attestations.H1]\nlevel = 3",
            "[attestations.H1]\nlevel = 2",
            "levels.1",
            "only level 3 is attested",
        ),
        ('title.en = "The plan is approved"', 'title.en = ""', "levels.0.criteria.0.title.en", "at least 1"),
        ('policy = "STRICT_CUMULATIVE"', 'policy = "KIND"', "rules.policy", "STRICT_CUMULATIVE"),
        ("fiscal_year = 2564", "fiscal_year = ", "file", "Invalid value"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_the_problem(old, new, where, problem):
    assert old in TEXT
    with pytest.raises(BadCriteria) as caught:
        load_criteria(TEXT.replace(old, new, 1))
    assert caught.value.params["where"] == where
    assert problem in str(caught.value.params["problem"])


def test_a_level_the_form_does_not_define_needs_the_document_that_adopts_it():
    text = TEXT.replace('n = 4\nstatus = "undefined"', 'n = 4\nstatus = "defined"')
    text = text.replace("[criteria.3e4]\nlevel = 3", "[criteria.3e4]\nlevel = 4")
    with pytest.raises(BadCriteria, match="name the document"):
        load_criteria(text)


def test_what_is_kept_has_the_order_of_the_file_and_its_digest():
    kept = criteria_from(json.loads(json.dumps(raw_criteria(TEXT))))
    assert [one.id for one in kept.criteria] == [one.id for one in criteria().criteria]
    assert (kept, kept.digest) == (criteria(), criteria().digest)
    assert [one.id for one in kept.levels[1].criteria][:3] == [
        "news_stored",
        "news_published",
        "calendar_stored",
    ]


def test_adopting_a_template_makes_a_new_set_and_names_its_document():
    raw = raw_criteria(TEXT)
    adopted = criteria_from(adopt(raw, 4, " กท 0411/ตัวอย่าง 9 ", "2"))
    fourth = adopted.levels[3]
    assert (adopted.highest_defined, adopted.version, fourth.document) == (4, "2", "กท 0411/ตัวอย่าง 9")
    assert (fourth.text.th, [one.id for one in fourth.criteria]) == (criteria().levels[3].template.th, ["4a"])
    assert adopted.digest != criteria().digest
    assert criteria_from(raw).digest == criteria().digest, "the set it was made from is untouched"
    both = criteria_from(adopt(adopt(raw, 4, "9", "2"), 5, "10", "3"))
    assert (both.highest_defined, [one.id for one in both.levels[4].criteria]) == (5, ["5a", "5b"])


@pytest.mark.parametrize(("level", "document"), [(3, "9"), (4, " "), (9, "9")])
def test_only_an_undefined_level_with_a_template_and_a_document_can_be_adopted(level, document):
    with pytest.raises(BadCriteria):
        adopt(raw_criteria(TEXT), level, document, "2")


def test_an_empty_file_is_refused():
    with pytest.raises(BadCriteria):
        load_criteria("")


def test_a_year_without_a_file_is_refused():
    with pytest.raises(BadCriteria, match="2570"):
        packaged_criteria(2570)
