"""Lists that grow with the years find their rows by an index."""

import pytest

from core.fiscal import Month
from core.vocab import DeliveryState
from services import calendar, history, queue, queue_list
from services.month import month_view
from services.queue_list import QueueFilter
from tests.builders import START, make_approved, make_event

BIG = ("event", "post", "delivery", "move", "attempt", "snapshot", "audit_event", "review")


@pytest.fixture
def post_id(rt, team, accounts):
    assert accounts
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
    return make_approved(rt, team.officer, team.approver, event_id=event.id)[0].post_id


def scanned(rt, statements):
    """Return the big tables that SQLite would read from end to end for these statements."""
    found = set()
    with rt.engine.begin() as connection:
        for statement, parameters in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [str(row[3]) for row in plan]
            found |= {name for name in BIG for step in steps if step.split(" USING")[0] == f"SCAN {name}"}
    return found


def test_no_list_reads_a_growing_table_from_end_to_end(rt, post_id, statements):
    with rt.sessions.begin() as session, statements() as seen:
        month_view(session, Month(2020, 10))
        calendar.load_event(session, 1)
        history.post_history(session, post_id)
        queue_list.list_queue(session, QueueFilter(states=frozenset({DeliveryState.HELD})))
        queue.overdue(session, START)
    assert len(seen) > 15
    assert scanned(rt, seen) == set()
