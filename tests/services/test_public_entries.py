"""Lists for citizens grow with the years: few queries, and no growing table read from end to end."""

import pytest

from core.fiscal import Month
from core.vocab import Category
from services import public_entries, public_pages, public_search
from services.content import ContentForm
from tests.builders import START
from tests.services.test_indexes import BIG
from tests.web.shelf import fill_shelf, store


@pytest.fixture
def shelf(rt, team, accounts):
    assert accounts
    return fill_shelf(rt, team)


LISTS = {
    "home": (lambda s: public_pages.home(s, START), 8),
    "news": (public_entries.news, 5),
    "section": (lambda s: public_entries.items_of(s, Category.SERVICE), 1),
    "month": (lambda s: public_pages.month_page(s, Month(2020, 10)), 2),
    "feed": (lambda s: public_pages.events_for_feed(s, START), 1),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_a_fixed_number_of_queries_and_an_index(rt, shelf, statements, name):
    assert shelf
    look, most = LISTS[name]
    with rt.sessions.begin() as session, statements() as seen:
        assert look(session)
    assert len(seen) <= most
    scans = set()
    with rt.engine.begin() as connection:
        for statement, parameters in seen:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            scans |= {str(row[3]) for row in plan}
    assert not {f"SCAN {table}" for table in (*BIG, "content_item")} & scans


def test_a_search_takes_a_fixed_number_of_queries_however_much_it_finds(rt, shelf, queries):
    assert shelf
    with rt.sessions.begin() as session, queries() as seen:
        assert public_search.search(session, "กระทง").entries
    assert len(seen) <= 6


def test_pages_of_a_list_follow_each_other_without_a_gap(rt, team, monkeypatch):
    monkeypatch.setattr(public_entries, "PAGE", 2)
    forms = [ContentForm(Category.NEWS, f"ข่าว {n}", "สำนักงาน", START.date()) for n in range(5)]
    ids = [store(rt, team, form) for form in forms]
    with rt.sessions.begin() as session:
        pages = [public_entries.items_of(session, Category.NEWS, number) for number in (1, 2, 3)]
        news = [public_entries.news(session, number) for number in (1, 2, 3)]
    for listed in (pages, news):
        assert [entry.id for page in listed for entry in page.entries] == ids[::-1]
        assert [page.more for page in listed] == [True, True, False]
