"""Posts made by hand on our own pages: found, kept, sorted, and what they count for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.base import Listing, RemotePost, RetryLater
from core.errors import BadInput, Forbidden, NotFound
from core.vocab import Category, Channel, PostKind
from models import Delivery, OutsideLook, OutsidePost
from services import facts, outside, scoring
from services.outside import OutsideForm
from tests.builders import BODIES, START, make_approved
from tests.indicator import go_out

BEFORE = START - timedelta(days=2)


class Page:
    """Our own page as the platform lists it: what is asked is noted, what is shown is given."""

    def __init__(self) -> None:
        self.posts: list[RemotePost] = []
        self.complete = True
        self.trouble: RetryLater | None = None
        self.asked: list[object] = []

    def find(self, _access, since):
        self.asked.append(since)
        if self.trouble:
            raise self.trouble
        return Listing(tuple(self.posts), complete=self.complete)


@pytest.fixture
def page():
    return Page()


@pytest.fixture
def office(rt, page, accounts):
    return replace(rt, connectors={Channel.FACEBOOK: page, Channel.X: Page()})


def seen(remote_id="77", text="ประกาศด่วนจากเจ้าหน้าที่", at=BEFORE, **more):
    return RemotePost(remote_id, text, at, permalink=f"https://facebook.example/{remote_id}", **more)


def kept(rt):
    with rt.sessions.begin() as session:
        return session.scalars(select(OutsidePost).order_by(OutsidePost.id)).all()


def test_a_post_made_by_hand_is_found_once_and_kept_as_the_platform_showed_it(office, page):
    page.posts = [seen(raw={"id": "77", "message": "ประกาศ"})]
    assert [outside.discover(office, everything=True) for _ in range(2)] == [1, 0]
    (row,) = kept(office)
    assert (row.body, row.raw["message"], len(row.sha256)) == ("ประกาศด่วนจากเจ้าหน้าที่", "ประกาศ", 64)


def test_our_own_posts_answers_and_those_still_on_their_way_are_not_from_outside(office, page, team):
    rows = make_approved(office, team.officer, team.approver)
    with office.sessions.begin() as session:
        go_out(session.get_one(Delivery, rows[0].id))
    make_approved(office, team.officer, team.approver, title="ยังไม่ออก", bodies=BODIES)
    page.posts = [
        seen(f"9{rows[0].id}", "ของเรา"),
        seen("78", BODIES[Channel.FACEBOOK]),  # perhaps ours, its answer lost
        seen("79", "ตอบคำถาม", reply_to="5"),
        seen("80", "เพิ่งโพสต์", at=START - timedelta(minutes=5)),
    ]
    assert outside.discover(office, everything=True) == 0


def test_a_page_is_read_once_a_week_and_on_from_its_last_whole_listing(office, page, clock):
    assert outside.discover(office) == 0
    assert outside.discover(office) == 0
    assert page.asked == [START - outside.FIRST_LOOK]
    clock.advance(outside.EVERY)
    page.complete = False
    outside.discover(office)
    clock.advance(outside.EVERY)
    outside.discover(office)
    assert page.asked[1:] == [START - outside.OVERLAP] * 2


def test_a_platform_in_trouble_is_asked_again_later(office, page):
    page.trouble = RetryLater("limit")
    assert outside.discover(office, everything=True) == 0
    with office.sessions.begin() as session:
        assert len(session.scalars(select(OutsideLook)).all()) == 1  # the other channel's


def test_one_that_is_gone_is_noted_only_from_a_whole_listing(office, page):
    page.posts = [seen()]
    outside.discover(office, everything=True)
    page.posts, page.complete = [], False
    outside.discover(office, everything=True)
    assert kept(office)[0].gone_at is None
    page.complete = True
    outside.discover(office, everything=True)
    assert kept(office)[0].gone_at == START


def test_an_officer_sorts_it_with_a_reason_for_each_of_several_kinds(office, page, team):
    page.posts = [seen()]
    outside.discover(office, everything=True)
    form = OutsideForm(PostKind.GENERAL, {Category.NEWS: "ข่าว", Category.SERVICE: ""})
    with office.sessions.begin() as session, pytest.raises(BadInput, match="tag_reason_empty"):
        outside.mark_outside(session, 1, form, team.officer, START)
    with office.sessions.begin() as session, pytest.raises(Forbidden):
        outside.mark_outside(session, 1, OutsideForm(None, {}), team.reviewer, START)
    with office.sessions.begin() as session, pytest.raises(NotFound):
        outside.mark_outside(session, 9, OutsideForm(None, {}), team.officer, START)


def test_it_counts_as_published_and_never_as_telling_beforehand(office, page, team):
    page.posts = [seen()]
    outside.discover(office, everything=True)
    with office.sessions.begin() as session:
        form = OutsideForm(PostKind.ANNOUNCE, {Category.NEWS: ""})
        outside.mark_outside(session, 1, form, team.officer, START)
    with office.sessions.begin() as session:
        known = facts.gather(session, scoring.period_of("2020-10", START), office.media_dir)
        assert [(found.mark.kind, found.account.channel) for found in outside.list_outside(session)] == [
            (PostKind.ANNOUNCE, Channel.FACEBOOK)
        ]
        assert outside.last_look(session) == START
    (post,) = known.posts
    assert (post.id, post.outside, post.kind, post.tags[0].category) == (
        -1,
        True,
        PostKind.ANNOUNCE,
        Category.NEWS,
    )
    run = scoring.evaluate_period(office, "2020-10")
    found = {one.id: one for level in scoring.evaluation_of(run).levels for one in level.findings}
    assert found["news_published"].numerator == 1
    assert found["3b1"].denominator is None
