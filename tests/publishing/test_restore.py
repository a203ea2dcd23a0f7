"""A database restored from an older copy: what may be out already is looked for before it is sent."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.errors import BadInput, Forbidden
from core.vocab import AlertKind, Channel, DeliveryState, Health
from models import Account, Alert, Delivery, Epoch
from services import incarnations, publishing, queue, reconciling, restoring
from tests.publishing.test_pace import out, tick_for, waiting

TEN = timedelta(minutes=10)


def back_up(office):
    """Make a consistent copy of the database while it runs, as docs/operations.md says."""
    incarnations.beat(office.rt, office.life)
    copy = office.rt.settings.data_dir / "backup.db"
    with closing(sqlite3.connect(office.rt.settings.data_dir / "rukon.db")) as database:
        database.execute(f"VACUUM INTO '{copy}'")


def restore(office):
    """Stop, put the copy in the database's place, start again; a worker had lived on since the copy."""
    folder = office.rt.settings.data_dir
    incarnations.beat(office.rt, office.life)
    office.life.lock.close()
    office.rt.engine.dispose()
    for name in ("rukon.db-wal", "rukon.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(folder / "backup.db", folder / "rukon.db")
    office.life = incarnations.be_born(office.rt, "test")


def alerts(office):
    with office.rt.sessions.begin() as session:
        rows = session.scalars(select(Alert).where(Alert.kind == AlertKind.RESTORED))
        return [(row.count, row.closed_at is None) for row in rows]


def settle(office):
    for _ in range(8):
        office.advance(timedelta(seconds=31))
        office.watch()
        office.round()


def test_what_was_due_in_the_gap_is_unclear_first_found_if_out_and_sent_if_not(office):
    office.round()
    sent, unsent, later = waiting(office, 5, 9, 600)
    back_up(office)
    tick_for(office, 8)
    assert out(office, [sent, unsent, later]) == [sent]
    office.advance(timedelta(minutes=2))
    restore(office)
    assert {office.state(one) for one in (sent, unsent, later)} == {DeliveryState.UNCERTAIN}
    assert office.delivery(sent).reason == "restored"
    assert alerts(office) == [(3, True)]
    assert publishing.drain(office.rt, office.life) == 0
    settle(office)
    (line, other) = office.sandbox.ledger("x")
    assert (office.delivery(sent).remote_id, office.delivery(unsent).remote_id) == (line["id"], other["id"])
    row = office.delivery(later)
    assert (row.state, row.next_at, row.resends) == (DeliveryState.SCHEDULED, row.due_at, 0)
    assert office.delivery(sent).lost_until is None


def test_what_a_person_published_at_once_in_the_gap_is_not_sent_again_at_its_old_time(office):
    office.round()
    (delivery_id,) = waiting(office, 60)
    back_up(office)
    with office.rt.sessions.begin() as session:
        queue.publish_now(session, delivery_id, office.team.officer, office.clock.now())
    tick_for(office, 1)
    restore(office)
    settle(office)
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    office.advance(timedelta(hours=1))
    office.round()
    assert len(office.sandbox.ledger("x")) == 1


def released_after_the_backup(office):
    """Return a delivery that was held when the backup was made, and went out before it was put back."""
    office.round()
    (delivery_id,) = waiting(office, 3)
    with office.rt.sessions.begin() as session:
        queue.hold_delivery(session, delivery_id, "รอ", office.team.officer, office.clock.now())
    back_up(office)
    with office.rt.sessions.begin() as session:
        queue.release_delivery(session, delivery_id, office.team.officer, office.clock.now())
    tick_for(office, 4)
    return delivery_id


def test_what_was_released_in_the_gap_is_looked_for_when_it_is_released_again(office):
    delivery_id = released_after_the_backup(office)
    assert out(office, [delivery_id]) == [delivery_id]
    restore(office)
    assert office.state(delivery_id) is DeliveryState.HELD
    settle(office)
    with office.rt.sessions.begin() as session:
        queue.release_delivery(session, delivery_id, office.team.officer, office.clock.now())
    assert publishing.drain(office.rt, office.life) == 0
    settle(office)
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert len(office.sandbox.ledger("x")) == 1


def test_a_held_post_whose_window_ends_is_not_called_missed_before_somebody_looked(office):
    delivery_id = released_after_the_backup(office)
    restore(office)
    office.clock.set(office.delivery(delivery_id).not_after + timedelta(seconds=1))
    office.round()
    assert office.state(delivery_id) is DeliveryState.HELD
    office.watch()
    settle(office)
    assert office.state(delivery_id) is DeliveryState.VERIFIED


def test_what_was_unclear_in_the_copy_and_sent_again_in_the_gap_is_found(office):
    office.sandbox.fault("x", "publish", "drop_before")
    delivery_id = office.approved()
    office.round()
    office.advance(timedelta(seconds=15))
    office.round()
    assert office.delivery(delivery_id).absent_reads == 1
    back_up(office)
    office.advance(timedelta(minutes=8))
    office.settle()
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    restore(office)
    assert office.delivery(delivery_id).absent_reads == 0
    office.settle()
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert len(office.sandbox.ledger("x")) == 1


def test_a_copy_made_in_the_middle_of_a_send_is_looked_for_too(office):
    delivery_id = office.approved()
    with office.rt.sessions.begin() as session:
        row = session.get_one(Delivery, delivery_id)
        row.move(DeliveryState.SENDING, office.clock.now())
        row.owner, row.fence, row.lease_until = office.life.uuid, 1, office.clock.now()
    back_up(office)
    with office.rt.sessions.begin() as session:
        row = session.get_one(Delivery, delivery_id)
        row.move(DeliveryState.SCHEDULED, office.clock.now())
    office.round()
    restore(office)
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    office.settle()
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert len(office.sandbox.ledger("x")) == 1


def test_one_look_at_the_platform_answers_for_all_that_wait(office):
    office.round()
    waiting(office, *range(60, 80))
    back_up(office)
    office.advance(TEN)
    restore(office)
    office.sandbox.clear_log()
    settle(office)
    assert len(office.sandbox.log("x", "timeline")) <= 4


def test_a_worker_that_runs_through_a_restore_notices_at_its_next_heartbeat(office):
    office.round()
    (delivery_id,) = waiting(office, 60)
    with office.rt.sessions.begin() as session:
        session.execute(update(Epoch).values(beats=Epoch.beats - 1))
    incarnations.beat(office.rt, office.life)
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN


@pytest.mark.parametrize("which", ["office", pytest.param("office_on_postgres", marks=pytest.mark.servers)])
def test_a_restore_is_noticed_once_and_an_ordinary_start_never(request, which):
    office = request.getfixturevalue(which)
    office.round()
    waiting(office, 60)
    for _ in range(3):
        incarnations.die(office.rt, incarnations.be_born(office.rt, "other"))
        incarnations.beat(office.rt, office.life)
    assert alerts(office) == []
    with office.rt.sessions.begin() as session:
        session.execute(update(Epoch).values(beats=1))
    for _ in range(3):
        incarnations.die(office.rt, incarnations.be_born(office.rt, "other"))
        incarnations.beat(office.rt, office.life)
    assert alerts(office) == [(1, True)]


def test_another_database_in_the_same_folder_is_not_an_older_copy(office):
    waiting(office, 60)
    with office.rt.sessions.begin() as session:
        session.execute(update(Epoch).values(beats=1, database="another"))
    incarnations.beat(office.rt, office.life)
    assert alerts(office) == []


def test_an_unreadable_file_stops_nobody(office):
    (office.rt.settings.data_dir / restoring.FILE).write_text("{")
    incarnations.beat(office.rt, office.life)
    incarnations.beat(office.rt, office.life)
    assert alerts(office) == []


def test_where_no_file_could_tell_an_administrator_says_since_when(office):
    office.round()
    (delivery_id,) = waiting(office, 60)
    now = office.clock.now()
    with pytest.raises(Forbidden):
        restoring.declare(office.rt, now - TEN, office.team.officer)
    with pytest.raises(BadInput, match="since_bad"):
        restoring.declare(office.rt, now, office.team.administrator)
    assert restoring.declare(office.rt, now - TEN, office.team.administrator) == 1
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    row = office.delivery(delivery_id)
    assert (row.lost_from, row.lost_until) == (now - TEN - restoring.MARGIN, now)


def test_while_the_platform_cannot_be_read_a_restore_sends_nothing_and_keeps_its_alert(office):
    office.round()
    (delivery_id,) = waiting(office, 5)
    back_up(office)
    office.advance(TEN)
    restore(office)
    office.sandbox.fault("x", "timeline", "error", name="unavailable", times=None)
    for _ in range(10):
        office.advance(TEN)
        office.round()
        office.watch()
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    with office.rt.sessions.begin() as session:
        session.execute(update(Alert).values(closed_at=office.clock.now()))
    office.watch()
    assert alerts(office)[-1] == (1, True)
    assert office.sandbox.ledger() == []


def test_both_channels_are_looked_at(office):
    office.round()
    ids = waiting(office, 2) + waiting(office, 3, channel=Channel.FACEBOOK)
    back_up(office)
    tick_for(office, 4)
    assert out(office, ids) == ids
    restore(office)
    with office.rt.sessions.begin() as session:
        assert {row.health for row in session.scalars(select(Account))} == {Health.OK}
    settle(office)
    assert {office.state(one) for one in ids} == {DeliveryState.VERIFIED}
    assert len(office.sandbox.ledger()) == 2
    assert reconciling.reconcile_due(office.rt) == 0
