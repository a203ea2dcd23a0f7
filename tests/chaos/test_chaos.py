"""The run from outside in small: real processes, Celery, Redis and databases, and no post twice."""

import pytest

from tests.chaos.checker import check_folder
from tests.chaos.driver import Order, play
from tests.chaos.weather import CONTROLS

PACE = 5.0  # some twelve seconds instead of a minute
pytestmark = pytest.mark.servers


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_five_hundred_posts_in_a_storm_are_each_live_once_and_our_books_know(tmp_path, database):
    folder = tmp_path / "run"
    outcome = play(Order(500, 60, 2564, database, pace=PACE, random=0.15), folder)
    assert outcome.verdict.findings == []
    assert outcome.kills >= 60
    assert outcome.sound
    assert sum(outcome.points.values()) >= 20, "lives ended at named points, not only at random"
    ledger = (folder / "ledger.jsonl").read_text("utf-8").splitlines(keepends=True)
    for tampered in ([*ledger, ledger[7]], ledger[1:]):
        (folder / "ledger.jsonl").write_text("".join(tampered), "utf-8")
        assert not check_folder(folder).holds


@pytest.mark.parametrize("habit", list(CONTROLS))
def test_a_broken_habit_turns_the_same_run_red(tmp_path, habit):
    kills = 12 if habit == "retry-on-crash" else 0
    outcome = play(Order(40, kills, 2564, weather=CONTROLS[habit]), tmp_path / "run")
    assert outcome.verdict.figures["duplicates"] > 0
