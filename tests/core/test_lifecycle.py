from hypothesis import given
from hypothesis import strategies as st

from core.lifecycle import DELIVERY_MOVES, IN_FLIGHT, LIVE, POST_MOVES, delivery_may, post_may
from core.vocab import DeliveryState, PostState


def test_every_state_has_a_row_in_its_table():
    assert set(DELIVERY_MOVES) == set(DeliveryState)
    assert set(POST_MOVES) == set(PostState)


@given(st.lists(st.sampled_from(list(DeliveryState)), max_size=30))
def test_no_walk_sends_a_live_post_again_without_a_person(targets):
    state = DeliveryState.SCHEDULED
    live = False
    for target in targets:
        if not delivery_may(state, target):
            continue
        if live:
            assert target in {DeliveryState.VERIFIED, DeliveryState.NEEDS_HUMAN}
        live = target in LIVE
        state = target


@given(st.lists(st.sampled_from(list(PostState)), max_size=30))
def test_no_walk_approves_a_post_that_was_not_in_review(targets):
    state = PostState.DRAFT
    for target in targets:
        if not post_may(state, target):
            continue
        if target is PostState.APPROVED:
            assert state is PostState.IN_REVIEW
        state = target


def test_what_is_in_flight_can_be_neither_cancelled_nor_held():
    for state in IN_FLIGHT:
        assert not delivery_may(state, DeliveryState.CANCELLED)
        assert not delivery_may(state, DeliveryState.HELD)
