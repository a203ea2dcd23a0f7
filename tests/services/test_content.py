"""The store of level 2, and which kinds a post serves."""

from datetime import date

import pytest

from core.errors import BadInput, Forbidden, NotFound
from core.vocab import Category
from services import content
from services.content import ContentForm, Tag
from tests.builders import START, make_picture, make_post

BOOK = {
    "category": Category.EBOOK, "title": "สถิติ 2562 กรุงเทพมหานคร", "agency": "สำนักยุทธศาสตร์และประเมินผล",
    "item_date": date(2020, 10, 27), "link": "https://example.org/stats2562",
}  # fmt: skip


def test_an_item_is_stored_and_listed_newest_first(rt, team, queries):
    with rt.sessions.begin() as session:
        content.add_item(session, ContentForm(**BOOK), team.officer, START)
        news = {**BOOK, "category": Category.NEWS, "item_date": date(2020, 10, 28)}
        content.add_item(session, ContentForm(**news), team.kpi_officer, START)
    with rt.sessions.begin() as session, queries() as seen:
        assert [item.category for item in content.list_items(session)] == [Category.NEWS, Category.EBOOK]
        assert [item.title for item in content.list_items(session, Category.EBOOK)] == [BOOK["title"]]
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, "title_empty"),
        ({"agency": " "}, "agency_empty"),
        ({"link": ""}, "item_file_missing"),
        ({"category": Category.FORM, "link": ""}, "item_file_missing"),
        ({"link": "example.org/a"}, "link_bad"),
        ({"link": "javascript:alert(1)"}, "link_bad"),
        ({"link": "https://user@example.org"}, "link_bad"),
        ({"link": "https://[broken"}, "link_bad"),
    ],
)
def test_what_an_item_lacks_is_named(rt, team, change, code):
    with rt.sessions.begin() as session, pytest.raises(BadInput, match=code):
        content.add_item(session, ContentForm(**{**BOOK, **change}), team.officer, START)


def test_a_picture_needs_a_description_and_its_rights(rt, team):
    asset_id = make_picture(rt, team.officer)
    photo = {**BOOK, "category": Category.PHOTO, "asset_id": asset_id}
    with rt.sessions.begin() as session:
        with pytest.raises(BadInput, match="alt_text_missing"):
            content.add_item(session, ContentForm(**photo), team.officer, START)
        with pytest.raises(BadInput, match="rights_empty"):
            content.add_item(session, ContentForm(**photo, alt_text="กระทง"), team.officer, START)
        content.add_item(session, ContentForm(**photo, alt_text="กระทง", rights="กทม."), team.officer, START)
        with pytest.raises(NotFound):
            content.add_item(session, ContentForm(**{**photo, "asset_id": 999}), team.officer, START)


def test_a_post_serves_several_kinds_only_with_a_reason_for_each(rt, team):
    with rt.sessions.begin() as session:
        post = make_post(session, team.officer, tags=(Tag(Category.CALENDAR),))
        item = content.add_item(session, ContentForm(**BOOK), team.officer, START)
        session.flush()
        with pytest.raises(BadInput, match="tag_reason_empty"):
            content.tag_post(session, post.id, Tag(Category.EBOOK, "", item.id), team.officer, START)
    with rt.sessions.begin() as session:
        content.tag_post(session, post.id, Tag(Category.CALENDAR, "แจ้งกำหนดการ"), team.officer, START)
        with pytest.raises(BadInput, match="tag_item_bad"):
            content.tag_post(session, post.id, Tag(Category.STATS, "มีตัวเลข", item.id), team.officer, START)
        tag = Tag(Category.EBOOK, "มีลิงก์ e-book", item.id)
        content.tag_post(session, post.id, tag, team.kpi_officer, START)
    with rt.sessions.begin() as session:
        tagged = content.untag_post(session, post.id, Category.CALENDAR, team.officer, START)
        assert [(row.category, row.reason, row.item_id) for row in tagged.categories] == [
            (Category.EBOOK, "มีลิงก์ e-book", item.id)
        ]


def test_an_item_is_found_by_its_id(rt, team):
    with rt.sessions.begin() as session:
        item = content.add_item(session, ContentForm(**BOOK), team.officer, START)
        session.flush()
        assert content.find_item(session, item.id) is item
        with pytest.raises(NotFound):
            content.find_item(session, 999)
        with pytest.raises(NotFound):
            content.tag_post(session, 999, Tag(Category.NEWS), team.officer, START)
        with pytest.raises(Forbidden):
            content.add_item(session, ContentForm(**BOOK), team.reviewer, START)
