"""The chart of leads: made of the frozen run; only the titles of its events are asked of the database."""

import pytest

from core.errors import NotFound
from services import lead_charts, scoring
from tests.builders import make_event
from tests.indicator import QUARTER, end_quarter, publish


@pytest.fixture
def run(rt, team, accounts, clock):
    """A quarter with posts and an event, evaluated."""
    with rt.sessions.begin() as session:
        make_event(session, team.officer)
    publish(rt, team, 3)
    end_quarter(clock)
    return scoring.evaluate_period(rt, QUARTER, team.kpi_officer)


def test_the_words_and_the_picture_of_a_run_cost_one_query_each(rt, run, queries):
    with rt.sessions.begin() as session, queries() as words:
        told = lead_charts.lead_text(session, run, "th")
    with rt.sessions.begin() as session, queries() as picture:
        drawn = lead_charts.lead_picture(session, run, "th")
    assert "1. ลอยกระทง 2563" in told
    assert drawn.startswith(b"\x89PNG")
    assert (len(words), len(picture)) == (1, 1)


def test_a_run_without_events_has_no_words_and_no_picture(rt, team, clock):
    end_quarter(clock)
    run = scoring.evaluate_period(rt, QUARTER, team.kpi_officer)
    with rt.sessions.begin() as session:
        assert lead_charts.lead_text(session, run, "th") == ""
        with pytest.raises(NotFound):
            lead_charts.lead_picture(session, run, "th")
