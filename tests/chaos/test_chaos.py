"""The run from outside in small: real processes, Celery, Redis and databases, and no post twice."""

import pytest

from tests.chaos.driver import Order, play
from tests.chaos.weather import CONTROLS

PACE = 5.0  # some twelve seconds instead of a minute
pytestmark = pytest.mark.servers


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_five_hundred_posts_in_a_storm_are_each_live_once_and_our_books_know(tmp_path, database):
    outcome = play(Order(500, 60, 2564, database, pace=PACE), tmp_path / "run")
    assert outcome.verdict.findings == []
    assert outcome.kills >= 60
    assert sum(outcome.points.values()) >= 20, "lives ended at named points, not only at random"


@pytest.mark.parametrize("habit", list(CONTROLS))
def test_a_broken_habit_turns_the_same_run_red(tmp_path, habit):
    kills = 6 if habit == "retry-on-crash" else 0
    outcome = play(Order(40, kills, 2564, weather=CONTROLS[habit]), tmp_path / "run")
    assert outcome.verdict.figures["duplicates"] > 0
