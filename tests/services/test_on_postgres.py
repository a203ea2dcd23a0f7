"""The same services on a real PostgreSQL: row locks instead of one writer at a time."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import event as database_event
from sqlalchemy import select

from core.clock import SetClock
from core.config import Settings
from core.errors import Conflict, RukonError
from core.vocab import DeliveryState, PostState
from models import Base, Delivery, LoginSession, Review
from services import approval, calendar, people, planning, posts, queue, queue_list
from services.claiming import claim_next
from services.clockwatch import Moment
from services.history import post_history
from services.planning import Chosen
from services.runtime import Runtime, build_runtime
from services.today import today
from tests.builders import (
    LOY_KRATHONG,
    PASSWORD,
    START,
    event_form,
    make_accounts,
    make_approved,
    make_event,
    make_picture,
    make_post,
    make_team,
    post_form,
)  # fmt: skip

pytestmark = pytest.mark.servers


@pytest.fixture
def rt(data_dir, postgres_url) -> Iterator[Runtime]:
    runtime = build_runtime(Settings(data_dir=data_dir, database_url=postgres_url), SetClock(START))
    Base.metadata.create_all(runtime.engine)
    yield runtime
    runtime.engine.dispose()


@pytest.fixture
def team(rt):
    with rt.sessions.begin() as session:
        return make_team(session)


@pytest.fixture(autouse=True)
def _accounts(rt):
    make_accounts(rt)


def race(*acts):
    """Run acts at the same moment in threads of their own; return what each returned or raised."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        gate.wait()
        try:
            results[index] = act()
        except RukonError as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_an_events_way_to_its_deliveries(rt, team):
    signed = people.sign_in(rt, "officer", PASSWORD, "192.0.2.1")
    asset_id = make_picture(rt, team.officer)
    with rt.sessions.begin() as session:
        assert people.resume(session, signed.key, START, rt.settings).person.id == team.officer.id
        event = make_event(session, team.officer)
        wave = [Chosen(one.key, one.due_at) for one in planning.wave_of(session, event.id, START)]
        made = planning.create_wave(session, event.id, wave, team.officer, START)
    form = post_form(event_id=event.id, asset_id=asset_id, alt_text="กระทง")
    with rt.sessions.begin() as session:
        posts.edit_post(session, made[0].id, 1, form, team.officer, START)
        posts.submit_post(session, made[0].id, 2, team.officer, START)
        assert len(approval.inbox(session, team.approver, START)) == 1
    facebook, x = approval.approve_post(rt, made[0].id, 2, team.approver)
    with rt.sessions.begin() as session:
        queue.hold_delivery(session, x.id, "รอ", team.officer, START)
        queue.release_delivery(session, x.id, team.officer, START)
        assert queue_list.counts(session)[DeliveryState.SCHEDULED] == 2
        assert today(session, team.approver, START).counts[DeliveryState.SCHEDULED] == 2
        assert len(posts.load_post(session, made[0].id).deliveries) == 2
    later = event_form(starts_at=LOY_KRATHONG.replace(day=30))
    with rt.sessions.begin() as session:
        assert calendar.edit_event(session, event.id, later, 1, team.officer, START).taken_back == 1
        assert session.get_one(Delivery, facebook.id).state is DeliveryState.CANCELLED
    with rt.sessions.begin() as session:
        assert {"approved", "cancelled", "draft"} <= {one.what for one in post_history(session, made[0].id)}
        assert calendar.cancel_event(session, event.id, "ฝน", team.officer, START).held == 0
        people.sign_out(session, signed.key)
    with rt.sessions.begin() as session:
        assert session.scalars(select(LoginSession)).all() == []


def test_two_approvers_at_the_same_moment_schedule_once(rt, team):
    with rt.sessions.begin() as session:
        post = make_post(session, team.officer, PostState.IN_REVIEW)
    results = race(*[lambda: approval.approve_post(rt, post.id, 1, team.approver)] * 2)
    assert sorted(type(result) for result in results if isinstance(result, Conflict)) == [Conflict]
    with rt.sessions.begin() as session:
        assert len(session.scalars(select(Delivery)).all()) == 2
        assert len(session.scalars(select(Review)).all()) == 1


@pytest.mark.parametrize("attempt", range(5))
def test_an_edit_and_a_claim_at_the_same_moment_never_both_win(rt, team, attempt):
    row = make_approved(rt, team.officer, team.approver)[0]
    rt.clock.set(row.due_at)

    def edit():
        with rt.sessions.begin() as session:
            return posts.edit_post(session, row.post_id, 1, post_form(title="แก้"), team.officer, START)

    edited, claim = race(edit, lambda: claim_next(rt, f"worker-{attempt}", Moment(rt.clock.now(), 0.0)))
    if claim is None:
        assert edited.state is PostState.DRAFT
    else:
        assert isinstance(edited, Conflict)
        assert edited.key == "in_flight"


def test_a_claim_waits_for_the_disk_for_a_server_that_crashes_alone_must_not_forget_it(rt, team):
    row = make_approved(rt, team.officer, team.approver)[0]
    rt.clock.set(row.due_at)
    said = []
    database_event.listen(rt.engine, "before_cursor_execute", lambda *about: said.append(about[2]))
    assert claim_next(rt, "worker", Moment(rt.clock.now(), 0.0)) is not None
    assert any("UPDATE delivery" in words for words in said)
    assert not any("synchronous_commit" in words for words in said)
