from datetime import UTC, datetime, timedelta

from core.clock import SetClock, SystemClock, bangkok, from_bangkok

NOON = datetime(2020, 10, 24, 5, 0, tzinfo=UTC)


def test_a_set_clock_stands_until_it_is_moved_and_its_second_hand_never_goes_back():
    clock = SetClock(NOON)
    assert clock.now() == NOON
    clock.advance(timedelta(minutes=5))
    assert clock.now() - NOON == timedelta(minutes=5)
    assert clock.monotonic() == 300
    clock.set(NOON - timedelta(days=1))
    assert clock.monotonic() == 300


def test_the_machines_clock_is_aware_and_moves():
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()


def test_bangkok_is_seven_hours_ahead_all_year():
    assert bangkok(NOON).hour == 12
    assert from_bangkok(datetime(2020, 10, 24, 12, 0)) == NOON  # noqa: DTZ001 -- a naive wall clock is the input
