"""After an outage: no burst, the newest first, the rest missed and told once; posts due now never wait."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.vocab import AlertKind, Channel, DeliveryState
from models import Account, Alert, Delivery
from services import alerts, publishing, queue
from services.claiming import claim_next
from services.clockwatch import believed
from tests.builders import make_approved

MINUTE = timedelta(minutes=1)
OUT = (DeliveryState.PUBLISHED, DeliveryState.VERIFIED)


def waiting(office, *minutes, channel=Channel.X, lasting=timedelta(hours=6)):
    """Approve one post for each of these minutes from now; return their deliveries' ids."""
    found = []
    for number in minutes:
        due = office.clock.now() + number * MINUTE
        rows = make_approved(
            office.rt, office.team.officer, office.team.approver, due_at=due, not_after=due + lasting,
            bodies={channel: f"ข่าวที่ {len(found)} นาที {number} ของ {channel} {office.clock.now():%H.%M}"},
        )  # fmt: skip
        found.append(rows[0].id)
    return found


def out(office, ids):
    return [delivery_id for delivery_id in ids if office.state(delivery_id) in OUT]


def told(office):
    with office.rt.sessions.begin() as session:
        return list(session.scalars(select(Alert).where(Alert.kind == AlertKind.MISSED).order_by(Alert.id)))


def tick_for(office, minutes):
    """Let time pass as it does while everything works: somebody looks every twenty seconds."""
    for _ in range(minutes * 3):
        office.advance(timedelta(seconds=20))
        office.round()


def test_overdue_posts_leave_one_by_one_the_newest_first(office):
    office.round()
    ids = waiting(office, 1, 11, 21, 31)
    office.advance(timedelta(hours=1))
    office.round()
    assert out(office, ids) == ids[3:]
    tick_for(office, 1)
    assert out(office, ids) == ids[3:]
    tick_for(office, 1)
    assert out(office, ids) == ids[2:]
    tick_for(office, 4)
    assert out(office, ids) == ids
    times = [line["accepted_at"] for line in office.sandbox.ledger("x")]
    assert len(set(times)) == 4


def test_each_account_has_its_own_pace(office):
    office.round()
    ids = waiting(office, 1, 2) + waiting(office, 1, 2, channel=Channel.FACEBOOK)
    office.advance(timedelta(hours=1))
    office.round()
    assert len(out(office, ids)) == 2
    assert {line["channel"] for line in office.sandbox.ledger()} == {"x", "facebook"}


def test_posts_due_now_do_not_wait_behind_those_that_are_late(office):
    office.round()
    late = waiting(office, 1, 2, 3, 4)
    office.advance(timedelta(hours=1))
    now = [waiting(office, 0.1 * number)[0] for number in range(1, 6)]
    office.advance(MINUTE)
    office.round()
    assert out(office, now) == now
    assert len(out(office, late)) == 1


def test_a_long_queue_that_is_being_worked_on_is_not_an_outage(office):
    office.round()
    ids = waiting(office, 1, 1, 1)
    office.rt.settings.send_threads = 1
    for _ in range(30):  # somebody looks all the time, but has no hand free
        office.advance(timedelta(seconds=10))
        publishing.due_count(office.rt)
    office.round()
    assert out(office, ids) == ids


def test_a_minute_without_a_worker_is_no_outage(office):
    office.round()
    ids = waiting(office, 0.1, 0.2, 0.3)
    office.advance(timedelta(seconds=59))
    office.round()
    assert out(office, ids) == ids


def test_after_a_stop_of_everything_posts_leave_one_by_one(office):
    office.round()
    ids = waiting(office, 1, 2, 3)
    with office.rt.sessions.begin() as session:
        queue.stop_all(session, "ข่าวด่วน", office.team.officer, office.clock.now())
    tick_for(office, 10)
    assert out(office, ids) == []
    with office.rt.sessions.begin() as session:
        queue.resume_all(session, office.team.approver, office.clock.now())
    office.round()
    assert len(out(office, ids)) == 1
    tick_for(office, 4)
    assert out(office, ids) == ids


def test_what_its_window_does_not_reach_is_missed_and_the_author_is_told_once(office):
    office.round()
    ids = waiting(office, 1, 2, 3, 4, lasting=timedelta(minutes=62))
    office.advance(timedelta(hours=1))
    tick_for(office, 10)
    assert out(office, ids) == ids[2:]  # the newest two, two minutes apart; then the windows were over
    (digest,) = told(office)
    assert (digest.subject_id, digest.count) == (office.team.officer.id, 2)
    assert sorted(digest.detail["about"]) == ids[:2]


def test_one_outage_is_one_digest_until_it_is_read(office):
    first = waiting(office, 1, 2, 3, lasting=MINUTE)
    office.advance(timedelta(hours=1))
    office.round()
    assert [row.count for row in told(office)] == [3]
    with office.rt.sessions.begin() as session:
        (shown,) = alerts.alerts_of(session, office.team.officer)
        assert alerts.alerts_of(session, office.team.approver) == []
        alerts.see_alert(session, shown.id, office.team.officer, office.clock.now())
        assert alerts.alerts_of(session, office.team.officer) == []
    waiting(office, 1, lasting=MINUTE)
    office.advance(timedelta(hours=1))
    office.round()
    assert [(row.count, row.closed_at is None) for row in told(office)] == [(3, False), (1, True)]
    assert {office.state(one) for one in first} == {DeliveryState.MISSED}


def test_two_thousand_overdue_posts_are_sorted_out_in_seconds(office):
    (model,) = waiting(office, 1, lasting=timedelta(minutes=30))
    with office.rt.sessions.begin() as session:
        row = session.get_one(Delivery, model)
        same = {
            column.key: getattr(row, column.key)
            for column in Delivery.__table__.columns
            if column.key not in ("id", "occurrence", "not_after")
        }
        late = [row.not_after + (timedelta(hours=5) if number % 2 else MINUTE) for number in range(2000)]
        session.add_all(
            Delivery(**same, occurrence=number + 2, not_after=end) for number, end in enumerate(late)
        )
    office.advance(timedelta(hours=1))
    started = time.monotonic()
    office.round()
    assert time.monotonic() - started < 30
    with office.rt.sessions.begin() as session:
        states = list(session.scalars(select(Delivery.state)))
    assert states.count(DeliveryState.MISSED) == 1001
    assert len(office.sandbox.ledger("x")) == 1
    (digest,) = told(office)
    assert digest.count == 1001


@pytest.mark.servers
def test_many_workers_take_an_account_s_turn_only_once(office_on_postgres):
    office = office_on_postgres
    office.round()
    waiting(office, *range(1, 9))
    office.advance(timedelta(hours=1))
    claims = []
    gate = threading.Barrier(4)

    def take():
        gate.wait()
        claims.append(claim_next(office.rt, office.life.uuid, believed(office.rt)))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(claim is not None for claim in claims) == 1


def test_a_new_account_is_not_late(office):
    with office.rt.sessions.begin() as session:
        assert session.scalars(select(Account.open_at)).all() == [None, None]
    ids = waiting(office, 0.2, 0.3)
    office.advance(timedelta(seconds=30))
    office.round()
    assert out(office, ids) == ids
