"""The desk: attempts, candidates on the platform, three answers; each counts once and is written down."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable
from core.vocab import AttemptOutcome, DeliveryState
from models import AuditEvent
from services import deciding
from services.history import post_history

LIVE = {DeliveryState.PUBLISHED, DeliveryState.VERIFIED}
BOTH = pytest.mark.parametrize(
    "which", ["office", pytest.param("office_on_postgres", marks=pytest.mark.servers)]
)


def unsure(office, text="ลอยกระทง 31 ต.ค. 63"):
    """Return a delivery proved absent in an office that wants to be asked."""
    office.rt.settings.on_absent = "ask"
    office.sandbox.fault("x", "publish", "drop_before")
    delivery_id = office.approved(text=text)
    for _ in range(3):
        office.round()
        office.advance(timedelta(seconds=121))
    assert office.delivery(delivery_id).reason == "absent_ask"
    return delivery_id


def twins(office):
    """Return two deliveries of the same words, both on the platform, neither answered for."""
    office.sandbox.settings(duplicate_window_s=0)
    for _ in range(2):
        office.sandbox.fault("x", "publish", "accept_then_drop")
    ids = [office.approved(), office.approved()]
    office.round()
    office.advance(timedelta(seconds=30))
    office.round()
    assert {office.delivery(one).reason for one in ids} == {"found_twice"}
    return ids


def decide(office, delivery_id, choice, remote_id="", person=None):
    return deciding.decide(office.rt, delivery_id, choice, remote_id, person or office.team.approver)


def deeds(office):
    with office.rt.sessions.begin() as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.subject == "delivery"))
        return [(row.action, row.person_id, row.detail.get("remote_id")) for row in rows]


def test_it_is_this_one(office):
    first, second = twins(office)
    shown = deciding.candidates(office.rt, first)
    assert {one.remote_id for one in shown} == {line["id"] for line in office.sandbox.ledger("x")}
    mine = shown[0].remote_id
    assert decide(office, first, "adopt", mine) is DeliveryState.PUBLISHED
    assert deeds(office) == [("delivery.decide_adopt", office.team.approver.id, mine)]
    (attempt,) = office.attempts(first)
    assert (attempt.outcome, attempt.remote_id) == (AttemptOutcome.UNKNOWN, mine)
    (left,) = deciding.candidates(office.rt, second)
    assert left.remote_id != mine
    with pytest.raises(BadInput, match="candidate_gone"):
        decide(office, second, "adopt", mine)
    decide(office, second, "adopt", left.remote_id)
    office.settle()
    assert {office.state(one) for one in (first, second)} == {DeliveryState.VERIFIED}
    assert len(office.sandbox.ledger("x")) == 2


def test_it_is_not_there_send(office):
    delivery_id = unsure(office)
    assert deciding.candidates(office.rt, delivery_id) == []
    assert decide(office, delivery_id, "send") is DeliveryState.SCHEDULED
    assert deeds(office) == [("delivery.decide_send", office.team.approver.id, "")]
    office.settle()
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert len(office.sandbox.ledger("x")) == 1


def test_leave_it(office):
    delivery_id = unsure(office)
    assert decide(office, delivery_id, "leave") is DeliveryState.CANCELLED
    office.settle()
    assert office.sandbox.ledger("x") == []
    assert deeds(office) == [("delivery.decide_leave", office.team.approver.id, "")]


def test_after_its_last_moment_a_post_is_adopted_or_left_but_not_sent(office):
    delivery_id = unsure(office)
    office.clock.set(office.delivery(delivery_id).not_after + timedelta(seconds=1))
    with pytest.raises(Conflict, match="window_passed_cannot_send"):
        decide(office, delivery_id, "send")
    assert office.state(delivery_id) is DeliveryState.NEEDS_HUMAN
    assert decide(office, delivery_id, "leave") is DeliveryState.CANCELLED


@BOTH
def test_two_people_deciding_at_once_one_answer_counts(request, which):
    office = request.getfixturevalue(which)
    delivery_id = unsure(office)
    gate, results = threading.Barrier(2), []

    def answer(choice, person):
        gate.wait()
        try:
            results.append(decide(office, delivery_id, choice, person=person))
        except Conflict as refusal:
            results.append(refusal.key)

    people = [("send", office.team.approver), ("leave", office.team.administrator)]
    threads = [threading.Thread(target=answer, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "conflict" in results
    assert len(deeds(office)) == 1
    (state,) = [one for one in results if one != "conflict"]
    assert office.state(delivery_id) is state


def test_an_answer_that_came_too_late_changes_nothing(office):
    delivery_id = unsure(office)
    decide(office, delivery_id, "leave")
    with pytest.raises(Conflict):
        decide(office, delivery_id, "send")
    with pytest.raises(NotFound):
        decide(office, 99, "leave")
    assert office.state(delivery_id) is DeliveryState.CANCELLED


def test_only_approvers_and_administrators_decide_and_only_with_a_known_answer(office):
    delivery_id = unsure(office)
    for person in (office.team.officer, office.team.reviewer, office.team.kpi_officer):
        with pytest.raises(Forbidden):
            decide(office, delivery_id, "leave", person=person)
    with pytest.raises(BadInput, match="choice_unknown"):
        decide(office, delivery_id, "perhaps")
    assert deeds(office) == []


def test_while_the_platform_is_silent_nothing_is_adopted_and_it_may_still_be_left(office):
    delivery_id = unsure(office)
    office.sandbox.fault("x", "timeline", "error", name="unavailable", times=None)
    with pytest.raises(Unavailable, match="platform_unreachable"):
        decide(office, delivery_id, "adopt", "1")
    assert decide(office, delivery_id, "leave") is DeliveryState.CANCELLED


def test_the_desk_lists_what_waits_with_every_attempt(office):
    delivery_id = unsure(office)
    with office.rt.sessions.begin() as session:
        (row,) = deciding.waiting(session)
        entries = post_history(session, row.post_id)
    assert (row.id, row.post.title) == (delivery_id, row.post.title)
    kinds = [entry.kind for entry in entries if entry.delivery_id == delivery_id]
    assert "attempt" in kinds
    assert kinds.count("move") >= 3


def test_a_post_sent_again_by_a_person_that_lands_is_never_sent_a_third_time(office):
    delivery_id = unsure(office)
    decide(office, delivery_id, "send")
    office.sandbox.fault("x", "publish", "accept_then_drop")
    office.round()
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    office.settle()
    assert office.state(delivery_id) in LIVE
    assert len(office.sandbox.ledger("x")) == 1
