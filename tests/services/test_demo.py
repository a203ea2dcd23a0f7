"""The demo's sample data over real stand-in platforms: safe to repeat, renewed as days pass."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.clock import SetClock, SystemClock
from core.config import Settings
from core.vocab import Category, Channel, DeliveryState, EventState, PostState
from models import (
    Account,
    Asset,
    Attestation,
    ContentItem,
    Delivery,
    Event,
    EvidenceBundle,
    ExecutiveReport,
    FormImport,
    Improvement,
    MonthCount,
    Person,
    PlanDocument,
    Post,
    Survey,
    schema,
)
from services import demo, demo_notes, scoring
from services.demo_cast import seed_people
from services.demo_hint import demo_people
from services.demo_waiting import find_waiting
from services.people import sign_in
from services.posts import withdraw_post
from services.runtime import build_runtime
from services.scorecard import scorecard
from tests.sandbox_server import running_sandbox

KINDS = (Account, Asset, ContentItem, Delivery, Event, FormImport, Person, PlanDocument, Post)


@pytest.fixture(scope="module")
def platforms(tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


NOW = SystemClock().now()


def opened(folder, platforms):
    settings = Settings(data_dir=folder, facebook_url=platforms.graph_url, x_url=platforms.base_url)
    return build_runtime(settings, SetClock(NOW))


def tokens(platforms):
    return [platforms.credentials(channel) for channel in Channel]


@pytest.fixture(scope="module")
def first_start(tmp_path_factory, platforms):
    """Seed an empty folder once; each test goes on from a copy."""
    rt = opened(tmp_path_factory.mktemp("demo"), platforms)
    schema.upgrade(rt.engine)
    waiting = demo.seed(rt, tokens(platforms))
    rt.engine.dispose()
    return rt.settings.data_dir, waiting


@pytest.fixture
def office(data_dir, first_start, platforms):
    """Give the seeded office, its clock standing at the first start."""
    shutil.copytree(first_start[0], data_dir, dirs_exist_ok=True)
    rt = opened(data_dir, platforms)
    yield rt
    rt.engine.dispose()


@pytest.fixture
def seed_again(office, platforms):
    return lambda: demo.seed(office, tokens(platforms))


def counts(rt):
    with rt.sessions.begin() as session:
        return {kind.__name__: session.scalar(select(func.count()).select_from(kind)) for kind in KINDS}


def test_seeding_again_adds_nothing(office, seed_again, first_start):
    before = counts(office)
    assert seed_again() == first_start[1]
    assert counts(office) == before
    assert before["FormImport"] == 1
    assert before["PlanDocument"] == 2


def test_the_post_that_waits_is_due_in_two_to_three_minutes(first_start):
    assert timedelta(minutes=2) <= first_start[1].due_at - NOW <= timedelta(minutes=3)


def test_a_waiting_post_whose_time_has_passed_is_given_a_new_one(office, seed_again, first_start):
    office.clock.advance(timedelta(hours=1))
    again = seed_again()
    assert again.post_id == first_start[1].post_id
    assert again.due_at > office.clock.now()


def test_a_decided_post_is_followed_by_the_next_text_and_no_text_comes_twice(office, seed_again):
    texts = set()
    for _ in range(5):
        waiting = seed_again()
        with office.sessions.begin() as session:
            post = session.get_one(Post, waiting.post_id)
            texts.add(next(one.body for one in post.variants if one.channel is Channel.X))
            officer = session.scalars(select(Person).where(Person.username == "officer")).one()
            withdraw_post(session, post.id, "ทดสอบ", officer, office.clock.now())
    assert len(texts) == 5


def test_events_are_planned_anew_when_they_have_passed(office, seed_again):
    office.clock.advance(timedelta(days=30))
    seed_again()
    with office.sessions.begin() as session:
        ahead = session.scalars(select(Event).where(Event.starts_at > office.clock.now())).all()
        assert len({event.title for event in ahead}) == len(ahead) == 4
        assert find_waiting(session, office.clock.now())


def test_what_the_newcomer_finds(office):
    with office.sessions.begin() as session:
        assert set(session.scalars(select(ContentItem.category))) == set(Category)
        states = set(session.scalars(select(Post.state)))
        assert states == {PostState.APPROVED, PostState.IN_REVIEW, PostState.RETURNED, PostState.DRAFT}
        due = select(func.count()).where(Delivery.due_at <= office.clock.now())
        assert session.scalar(due.where(Delivery.state == DeliveryState.SCHEDULED)) == 20
        past = session.scalars(select(Event).where(Event.starts_at < office.clock.now())).all()
        assert {event.state for event in past} == {EventState.HELD, EventState.CANCELLED}


def test_everything_invented_says_so(office):
    with office.sessions.begin() as session:
        future = session.scalars(select(Event).where(Event.starts_at > office.clock.now())).all()
        texts = [variant.body for post in session.scalars(select(Post)) for variant in post.variants]
    assert all("ตัวอย่าง" in event.title for event in future)
    assert all("ตัวอย่าง" in text for text in texts)


def test_a_closed_quarter_is_noted_signed_and_filed_once(office, seed_again):
    for _ in range(2):
        demo_notes.sort_and_sign(office, seed_people(office))
        seed_again()
    period = scoring.period_of(demo_notes.QUARTER, office.clock.now())
    with office.sessions.begin() as session:
        signed = [(row.code, row.confirmed) for row in session.scalars(select(Attestation))]
        assert signed == [("H1", False), ("H2", True), ("H3", False), ("H4", False), ("result", True)]
        card = scorecard(session, scoring.run_in_force(session, period), "th")
        assert (card.claimed, card.evidenced, card.locked.code) == (5, 1, "result")
        for kind in (Survey, ExecutiveReport, Improvement):
            assert "ตัวอย่าง" in session.scalars(select(kind)).one().title
        noted = select(func.count()).select_from(MonthCount).where(MonthCount.source.contains("ตัวอย่าง"))
        assert session.scalar(noted) == 2
        assert session.scalars(select(EvidenceBundle.period)).all() == ["2020-10"]
        flagships = session.scalars(select(Event.title).where(Event.flagship)).all()
        assert len(flagships) == 2


def test_the_sign_in_page_is_told_whom_to_sign_in_as(office):
    people = demo_people(office, "th")
    assert [one.username for one in people] == ["officer", "approver", "kpi", "admin", "reviewer"]
    assert sign_in(office, "approver", people[1].password, "127.0.0.1")
