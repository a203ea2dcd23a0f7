"""The run from outside in small, and proof that its checker would see what it counts."""

import pytest

from tests.chaos.checker import check
from tests.chaos.driver import play

DUE = "2020-10-24T02:00:00+00:00"
PLAN = [{"key": str(n), "account": "1", "text": f"ข่าว {n}", "due_at": DUE} for n in range(3)]
LEDGER = [
    {"account": "1", "id": f"r{n}", "text": f"ข่าว {n}", "accepted_at": "2020-10-24T02:00:01+00:00"}
    for n in range(3)
]
BOOKS = {str(n): {"state": "verified", "remote_id": f"r{n}"} for n in range(3)}


def test_a_run_as_it_should_be_holds():
    assert check(PLAN, LEDGER, BOOKS).holds


@pytest.mark.parametrize(
    ("ledger", "books", "law"),
    [
        ([*LEDGER, {**LEDGER[0], "id": "again"}], BOOKS, "duplicates"),
        (LEDGER[1:], {**BOOKS, "0": {"state": "scheduled", "remote_id": None}}, "losses"),
        (LEDGER[1:], BOOKS, "false_published"),
        (LEDGER, {**BOOKS, "0": {"state": "missed", "remote_id": None}}, "false_published"),
        ([{**LEDGER[0], "accepted_at": "2020-10-24T01:59:59+00:00"}, *LEDGER[1:]], BOOKS, "early"),
        ([{**LEDGER[0], "text": "อื่น"}, *LEDGER[1:]], BOOKS, "wrong_text"),
        (LEDGER, {**BOOKS, "0": {"state": "uncertain", "remote_id": None}}, "unsettled"),
    ],
)
def test_the_checker_goes_red_for_every_law_that_is_broken(ledger, books, law):
    verdict = check(PLAN, ledger, books)
    assert not verdict.holds
    assert verdict.figures[law] >= 1


def test_forty_posts_under_kills_and_lost_answers_are_each_live_once(tmp_path):
    verdict, done = play(40, 4, 2564, "", tmp_path)
    assert verdict.findings == []
    assert done["kills"] >= 4
