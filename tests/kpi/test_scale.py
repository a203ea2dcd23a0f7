"""Percentages on a step scale, as data: another indicator needs a file and no code."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.codes import Headline
from kpi.criteria import BadCriteria
from kpi.criteria_files import load_criteria
from kpi.evaluate import evaluate
from kpi.scale import points
from tests.kpi.made import START, event, h, month, post
from tests.kpi.test_lead_time import fifteen_rows
from tests.source_tree import ROOT

TEXT = (ROOT / "docs" / "examples" / "indicator-plc.toml").read_text("utf-8")
SCALE = load_criteria(TEXT)


@pytest.mark.parametrize(
    ("figure", "wanted"),
    [
        ("0", "1.00"), ("59.99", "1.00"), ("60", "1.00"), ("63.64", "1.36"), ("65", "1.50"), ("70", "2.00"),
        ("99.99", "5.00"), ("100", "5.00"),
    ],
)  # fmt: skip
def test_points_lie_on_straight_lines_between_the_steps(figure, wanted):
    assert str(points(SCALE.scale, Decimal(figure))) == wanted


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_a_higher_figure_never_gives_fewer_points(one, other):
    low, high = sorted((one, other))
    assert 1 <= points(SCALE.scale, low) <= points(SCALE.scale, high) <= 5


def test_another_indicator_is_scored_from_its_file_alone():
    evaluation = evaluate(SCALE, fifteen_rows())
    assert (str(evaluation.score), evaluation.headline) == ("1.36", Headline.SCALE)
    assert evaluation.headline_params["value"] == "63.64"


def test_a_scale_scores_what_is_proved_and_says_what_is_open():
    posts = (post(1, START - h(168), event_id=1), post(2, START - h(168), {"verified_at": None}, event_id=2))
    evaluation = evaluate(SCALE, month(events=(event(1), event(2)), posts=posts))
    assert (str(evaluation.score), evaluation.headline) == ("1.00", Headline.SCALE_PENDING)


def test_without_a_figure_there_are_no_points():
    evaluation = evaluate(SCALE, month())
    assert (str(evaluation.score), evaluation.headline) == ("0.00", Headline.SCALE_NO_DATA)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("at = 70, points = 2", "at = 60, points = 2", "rise"),
        ("at = 70, points = 2", "at = 70, points = 1", "rise"),
        ('policy = "STEP_SCALE"', 'policy = "STRICT_CUMULATIVE"', "belongs to the policy"),
        ('unit = "percent"', 'unit = "days"', "exactly one criterion"),
        ('code = "plc"', 'code = "../plc"', "pattern"),
    ],
)
def test_a_scale_that_makes_no_sense_is_refused(old, new, problem):
    assert old in TEXT
    with pytest.raises(BadCriteria, match="bad_criteria") as caught:
        load_criteria(TEXT.replace(old, new))
    assert problem in str(caught.value.params["problem"])
