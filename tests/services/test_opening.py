"""Versions of stored items, and who lets citizens see them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.vocab import Category, Consent, PostState, Role
from models import ContentItem, ContentVersion, Event
from services import approval, content, downloads, opening, versions
from services.content import ContentForm, Known, Tag
from services.details import Details, Photo, details_of, read_figures, show_figures
from services.media import Upload, store_file
from tests.builders import START, make_event, make_person, make_picture, make_post
from tests.web.shelf import pdf

FORM = ContentForm(Category.FORM, "แบบคำร้อง", "สำนักงานประชาสัมพันธ์", date(2020, 10, 20), rights="กทม.")


@pytest.fixture
def files(rt, team):
    return [
        store_file(rt, Upload(f"คำร้อง-{pages}.pdf", pdf(pages), rights="กทม."), team.officer).id
        for pages in (1, 2)
    ]


@pytest.fixture
def item_id(rt, team, files):
    with rt.sessions.begin() as session:
        item = content.add_item(session, replace(FORM, asset_id=files[0]), team.officer, START)
        downloads.link_item(session, rt, item.id)
        return item.id


def given(rt, item_id, number=0):
    with rt.sessions.begin() as session:
        return downloads.public_file(session, item_id, number).asset.id


def revise(rt, team, item_id, known=None, **changes):
    with rt.sessions.begin() as session:
        form = replace(FORM, **changes)
        return content.revise_item(session, item_id, form, known or Known(1, "ปรับปรุง"), team.officer, START)


def test_citizens_get_a_file_only_after_somebody_else_opened_it(rt, team, item_id, files):
    with pytest.raises(NotFound):
        given(rt, item_id)
    with rt.sessions.begin() as session, pytest.raises(Forbidden, match="role_needed"):
        opening.open_item(session, item_id, team.officer, START)
    with rt.sessions.begin() as session:
        opening.open_item(session, item_id, team.approver, START)
    assert given(rt, item_id) == files[0]
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="already_open"):
        opening.open_item(session, item_id, team.approver, START)


def test_whoever_wrote_a_version_cannot_open_it(rt, team, files):
    with rt.sessions.begin() as session:
        both = make_person(session, "both", Role.OFFICER, Role.APPROVER)
        item = content.add_item(session, replace(FORM, asset_id=files[0]), both, START)
        with pytest.raises(Forbidden, match="own_item"):
            opening.open_item(session, item.id, both, START)


def test_the_link_gives_the_old_version_until_the_new_one_is_open_and_the_old_stays(rt, team, item_id, files):
    with rt.sessions.begin() as session:
        opening.open_item(session, item_id, team.approver, START)
        link = session.get_one(ContentItem, item_id).link
    version = revise(rt, team, item_id, asset_id=files[1])
    assert (version.number, given(rt, item_id)) == (2, files[0])
    with rt.sessions.begin() as session:
        item = opening.open_item(session, item_id, team.approver, START)
        assert (item.version, item.link) == (2, link)
    assert given(rt, item_id) == files[1]
    assert given(rt, item_id, 1) == files[0]
    with rt.sessions.begin() as session:
        rows = versions.versions_of(session, item_id)
        assert [(row.number, row.why) for row in rows] == [(2, "ปรับปรุง"), (1, "")]
        assert all(versions.digest(row.data) == row.sha256 for row in rows)


def test_a_version_that_was_never_open_is_nobodys_to_fetch(rt, team, item_id, files):
    revise(rt, team, item_id, asset_id=files[1])
    with rt.sessions.begin() as session:
        opening.open_item(session, item_id, team.approver, START)
    assert given(rt, item_id) == files[1]
    with pytest.raises(NotFound):
        given(rt, item_id, 1)


@pytest.mark.parametrize(
    ("known", "title", "code"),
    [
        (Known(1, ""), "ใหม่", "reason_empty"),
        (Known(1, "แก้"), FORM.title, "item_unchanged"),
        (Known(7, "แก้"), "ใหม่", "item_changed"),
        (Known(1, "แก้"), " ", "title_empty"),
    ],
)
def test_a_bad_revision_writes_nothing(rt, team, item_id, files, known, title, code):  # noqa: PLR0913, PLR0917 -- each fixture is one
    with pytest.raises((BadInput, Conflict), match=code):
        revise(rt, team, item_id, known, asset_id=files[0], title=title)
    with rt.sessions.begin() as session:
        assert len(session.scalars(select(ContentVersion)).all()) == 1


def test_a_closed_item_is_gone_for_citizens_and_needs_a_reason(rt, team, item_id):
    with rt.sessions.begin() as session:
        with pytest.raises(Conflict, match="not_open"):
            opening.close_item(session, item_id, "เก่า", team.officer, START)
        opening.open_item(session, item_id, team.approver, START)
        with pytest.raises(BadInput, match="reason_empty"):
            opening.close_item(session, item_id, " ", team.officer, START)
        opening.close_item(session, item_id, "เก่า", team.officer, START)
    with pytest.raises(NotFound):
        given(rt, item_id)


def test_an_approved_post_opens_what_it_publishes_and_its_event(rt, team, accounts, item_id, files):
    assert accounts
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        post = make_post(
            session,
            team.officer,
            PostState.IN_REVIEW,
            event_id=event.id,
            tags=(Tag(Category.FORM, "", item_id),),
        )
    approval.approve_post(rt, post.id, post.revision, team.approver)
    assert given(rt, item_id) == files[0]
    with rt.sessions.begin() as session:
        assert session.get_one(Event, event.id).opened_at == START


def test_an_approver_who_stored_the_item_cannot_open_it_by_approving_the_post(rt, team, accounts, files):
    assert accounts
    with rt.sessions.begin() as session:
        both = make_person(session, "both", Role.OFFICER, Role.APPROVER)
        item = content.add_item(session, replace(FORM, asset_id=files[0]), both, START)
        post = make_post(session, team.officer, PostState.IN_REVIEW, tags=(Tag(Category.FORM, "", item.id),))
    with pytest.raises(Forbidden, match="own_item"):
        approval.approve_post(rt, post.id, post.revision, both)


@pytest.mark.parametrize(("consent", "shown"), [(c, c in opening.SHOWABLE_MINORS) for c in Consent])
def test_pictures_with_minors_need_consent_before_citizens_see_them(rt, team, consent, shown):
    photos = tuple(Photo(make_picture(rt, team.officer, colour=c), "เด็ก ๆ") for c in ("red", "blue", "teal"))
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer, minors=True)
        details = Details(photos=photos, consent=consent)
        album = replace(FORM, category=Category.PHOTO, event_id=event.id, details=details)
        item = content.add_item(session, album, team.officer, START)
        if shown:
            assert opening.open_item(session, item.id, team.approver, START).opened_at == START
        else:
            with pytest.raises(Conflict, match="consent_missing"):
                opening.open_item(session, item.id, team.approver, START)


def test_a_royal_event_is_not_shown_by_being_confirmed(rt, team):
    with rt.sessions.begin() as session:
        royal, plain = (make_event(session, team.officer, royal=mark) for mark in (True, False))
        for event in (royal, plain):
            opening.open_event(event, START)
        assert (royal.opened_at, plain.opened_at) == (None, START)


@pytest.mark.parametrize(
    ("event", "words"), [(True, "ลอยกระทง"), (False, "ร่วมเฉลิมพระเกียรติ"), (False, "ทรงพระเจริญ")]
)
def test_a_royal_post_goes_only_through_a_specialist(rt, team, accounts, event, words):
    assert accounts
    with rt.sessions.begin() as session:
        plain = make_person(session, "plain", Role.APPROVER)
        about = make_event(session, team.officer, royal=event)
        bodies = dict.fromkeys(accounts, f"{words} ณ ลานคนเมือง")
        post = make_post(session, team.officer, PostState.IN_REVIEW, event_id=about.id, bodies=bodies)
        assert [row.risks for row in approval.inbox(session, plain, START)] == [("royal",)]
    with pytest.raises(Forbidden, match="specialist_needed"):
        approval.approve_post(rt, post.id, post.revision, plain)
    assert approval.approve_post(rt, post.id, post.revision, team.approver)


def test_figures_are_read_as_they_are_shown():
    figures = read_figures("ประชากร | ๕,๕๘๘,๒๒๒ | คน | ปี 2563\n\n  เขต|50| เขต |ปี 2563 ")
    assert [(one.label, one.value, one.unit) for one in figures] == [
        ("ประชากร", "5588222", "คน"),
        ("เขต", "50", "เขต"),
    ]
    assert read_figures(show_figures(figures)) == figures
    assert details_of(Details(figures=figures).stored()).figures == figures


@pytest.mark.parametrize(
    ("typed", "code"),
    [("ประชากร | 5", "figure_bad"), ("ก | มาก | คน | ปี", "figure_no_number"),
     ("ก | NaN | คน | ปี", "figure_no_number"), ("\nก | 1 | | ปี", "figure_bad"),
     ("ก | 1 | คน | ปี\n" * 201, "figures_too_many")],
)  # fmt: skip
def test_a_bad_line_of_figures_is_named(typed, code):
    with pytest.raises(BadInput, match=code):
        read_figures(typed)
