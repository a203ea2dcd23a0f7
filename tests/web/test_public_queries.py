"""What a citizen's page asks of the database: no more statements when there is more to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as listener

from core.vocab import Category
from services import calendar
from services.content import ContentForm
from tests.builders import START, make_accounts, make_approved, make_event
from tests.web.shelf import OFFICE, Shelf, fill_shelf, publish, store
from tests.web.site import Site, running_site
from tests.web.test_public import FILES, PAGES

MOST = 12  # the first page asks most: one look at each kind of thing it shows
MORE = 12


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, int]]:
    """Count each page's statements in a small office, and again with a dozen more of everything."""
    with running_site(tmp_path_factory.mktemp("public")) as site:
        make_accounts(site.rt)
        shelf = fill_shelf(site.rt, site.team)
        few = _count_all(site, shelf)
        _fill_more(site)
        many = _count_all(site, shelf)
    return {path: (few[path], many[path]) for path in few}


def _count_all(site: Site, shelf: Shelf) -> dict[str, int]:
    return {path: _count(site, path.format(**vars(shelf))) for path in (*PAGES, *FILES)}


def _count(site: Site, path: str) -> int:
    http = site.stranger().http
    assert http.get(path).status_code == 200  # what is read once a process is read now
    with _statements(site) as seen:
        assert http.get(path).status_code == 200
    return len(seen)


@contextmanager
def _statements(site: Site) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    listener.listen(site.rt.engine, "before_cursor_execute", note)
    yield seen
    listener.remove(site.rt.engine, "before_cursor_execute", note)


def _fill_more(site: Site) -> None:
    rt, team = site.rt, site.team
    for number in range(MORE):
        for kind in (Category.NEWS, Category.ORG, Category.SERVICE):
            store(rt, team, ContentForm(kind, f"กระทง {kind} {number}", OFFICE, START.date(), "คลอง"))
        with rt.sessions.begin() as session:
            starts = START + timedelta(days=number, hours=1)
            held = make_event(session, team.officer, title=f"กระทง {number}", starts_at=starts)
            calendar.confirm_event(session, held.id, team.officer, START)
        publish(
            rt, [row.id for row in make_approved(rt, team.officer, team.approver, title=f"กระทง {number}")]
        )


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_a_page_asks_as_often_for_many_things_as_for_few(counted, path):
    few, many = counted[path]
    assert many <= few, f"{few} statements for few things, {many} for many"
    assert few <= MOST
