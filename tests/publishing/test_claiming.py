"""What a claim costs does not grow with the queue behind the post it takes; who is ending claims nothing."""

from datetime import timedelta

from sqlalchemy import event

from core.crashpoints import Rehearsal, rehearse
from core.vocab import DeliveryState
from services import publishing
from services.claiming import claim_next, due_ids
from services.clockwatch import believed
from tests.builders import make_approved


def explained(engine, deed):
    """Return the plan of each question after deliveries that a deed asks the database."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    deed()
    event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        return [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for statement, parameters in asked
            if "FROM delivery JOIN" in statement and "ORDER BY" in statement
        ]


def test_the_oldest_due_post_is_found_in_an_index_and_nothing_is_sorted(office):
    due = office.clock.now() + timedelta(minutes=1)
    make_approved(office.rt, office.team.officer, office.team.approver, due_at=due)
    office.advance(timedelta(minutes=2))
    office.round()

    def claim():
        assert claim_next(office.rt, "nobody", believed(office.rt)) is None  # all are out
        with office.rt.sessions.begin() as session:
            assert due_ids(session, office.clock.now(), 5) == []

    plans = explained(office.rt.engine, claim)
    assert len(plans) == 3  # prompt posts, late posts, hints
    for plan in plans:
        assert plan[0] == "SEARCH delivery USING INDEX ix_delivery_claim (state=? AND due_at<?)", plan
        assert not [step for step in plan if "TEMP B-TREE" in step]


def test_a_process_that_is_ending_claims_nothing_and_is_not_idle_while_it_might(office):
    delivery_id = office.approved()
    seen = []

    def end(_point):
        seen.append(office.life.idle)
        office.life.closing.set()

    rehearse(Rehearsal({"before_claim": 1}, end))
    try:
        assert publishing.publish_next(office.rt, office.life) is None
    finally:
        rehearse(Rehearsal({}))
    assert (seen, office.life.idle) == ([False], True)
    assert office.state(delivery_id) is DeliveryState.SCHEDULED
