"""Every interleaving of a send, visited: which habits can post twice, and that ours cannot."""

from dataclasses import replace

import pytest

from tests.chaos import model
from tests.chaos.model import Policy
from tests.chaos.two_phase import explore_two_phase

NAIVE = Policy(waits=False)
WAITING = Policy(waits=True)
OURS = Policy(waits=True, proves_death=True, one_connection=True, reads=2, lags=1)

SAFE = {
    "B never retries, asks a person": Policy(asks_always=True),
    "E waits, and frees a row only of a dead owner": Policy(waits=True, proves_death=True),
    "E with a lagging read-back and two reads": Policy(waits=True, proves_death=True, reads=2, lags=1),
    "E with a lagging read-back behind a perfect guard": Policy(
        waits=True, proves_death=True, lags=1, guarded=True
    ),
    "F waits, and sends only over a connection opened inside the lease": Policy(
        waits=True, one_connection=True
    ),
    "G reads back at once behind a perfect guard": Policy(guarded=True),
    "ours: E and F with two reads": OURS,
    "ours, with readers that act late": replace(OURS, slow_readers=True),
}
UNSAFE = {
    "A sends again after a crash": Policy(retries_blindly=True),
    "C reads back at once, then sends again": NAIVE,
    "D waits, but frees a row by its lease alone": WAITING,
    "E with a lagging read-back and one read": Policy(waits=True, proves_death=True, lags=1),
    "F with a lagging read-back and one read": Policy(waits=True, one_connection=True, lags=1),
    "two reads asked at once and acted on late": replace(OURS, slow_readers=True, counts_once=False),
    "two reads that do not wait": Policy(proves_death=True, reads=2),
}


@pytest.mark.parametrize("policy", SAFE.values(), ids=SAFE)
def test_no_interleaving_posts_twice(policy):
    found = list(model.states(policy))
    assert len(found) > 100, "the model must have something to explore"
    assert not any(map(model.doubled, found))


@pytest.mark.parametrize("policy", UNSAFE.values(), ids=UNSAFE)
def test_the_model_sees_the_duplicate_of_each_careless_habit(policy):
    assert any(map(model.doubled, model.states(policy)))


def test_stop_all_is_obeyed_at_the_last_look_and_complete_after_the_longest_time_out():
    found = list(model.states(OURS))
    assert not any(map(model.defied, found))
    assert not any(map(model.leaked, found))


def test_the_model_sees_a_stop_ignored_by_whoever_looks_only_in_the_claim():
    assert any(map(model.defied, model.states(replace(OURS, checks_stop_late=False))))


def test_the_model_sees_a_stop_leak_where_an_old_connection_may_still_send():
    assert any(map(model.leaked, model.states(replace(OURS, one_connection=False))))


def test_two_phases_need_no_timing_if_only_the_stored_draft_is_made_public():
    states, doubled = explore_two_phase(stored_only=True)
    assert states > 100
    assert not doubled


def test_two_phases_double_when_each_worker_makes_its_own_draft_public():
    assert explore_two_phase(stored_only=False)[1]
