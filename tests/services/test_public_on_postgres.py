"""What citizens read, on a real PostgreSQL: grouping, matching and counting are not SQLite's there."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.clock import SetClock
from core.config import Settings
from core.fiscal import Month
from models import Base, DownloadCount
from models.database import only_read
from services import (
    downloads,
    public_entries,
    public_map,
    public_pages,
    public_search,
    reference,
    search_words,
)
from services.runtime import Runtime, build_runtime
from tests.builders import START, make_accounts, make_team
from tests.web.shelf import HIDDEN, fill_shelf

pytestmark = pytest.mark.servers


@pytest.fixture
def rt(data_dir, postgres_url) -> Iterator[Runtime]:
    runtime = build_runtime(Settings(data_dir=data_dir, database_url=postgres_url), SetClock(START))
    Base.metadata.create_all(runtime.engine)
    yield runtime
    runtime.engine.dispose()


@pytest.fixture
def shelf(rt):
    with rt.sessions.begin() as session:
        team = make_team(session)
    make_accounts(rt)
    return fill_shelf(rt, team)


def test_every_list_and_page_is_read(rt, shelf):
    with rt.sessions.begin() as session:
        only_read(session)
        home = public_pages.home(session, START)
        assert {entry.id for entry in home.news} == {shelf.news, shelf.post}
        assert public_pages.item_page(session, shelf.album).details.photos
        assert public_pages.post_page(session, shelf.post).out
        assert public_pages.event_page(session, shelf.event).posts
        assert public_pages.month_page(session, Month(2020, 10)).events
        assert list(public_map.site_map(session))
        assert public_entries.news(session, 2).entries == []
        assert reference.entries(session, reference.Kind.AGENCY)


@pytest.mark.parametrize(("typed", "found"), [("นําท่วม ดินแดง", 1), ("สถิติ ๒๕๖๒", 1), ("%", 0), (HIDDEN, 0)])
def test_search_forgives_and_takes_signs_as_letters(rt, shelf, typed, found):
    assert shelf
    with rt.sessions.begin() as session:
        assert len(public_search.search(session, typed).entries) == found


def test_downloads_at_the_same_moment_are_all_counted(rt, shelf):
    asking = [threading.Thread(target=downloads.count_download, args=(rt, shelf.form, "")) for _ in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    with rt.sessions.begin() as session:
        assert session.scalars(select(DownloadCount.count)).all() == [8]


def test_words_of_rows_from_before_search_are_filled_in(rt, shelf):
    with rt.sessions.begin() as session:
        event = public_pages.event_page(session, shelf.event).event
        item = public_pages.item_page(session, shelf.news).item
        event.search_key = item.search_key = None
    assert search_words.fill_in(rt) == 2
    assert search_words.fill_in(rt) == 0
    with rt.sessions.begin() as session:
        assert [entry.id for entry in public_search.search(session, "ดินแดง").entries] == [shelf.news]
