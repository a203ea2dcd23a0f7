"""The extra proofs of stored items, and the monthly sample of the store."""

from datetime import timedelta
from importlib.resources import files

import pytest
from sqlalchemy import select

from core.vocab import Category, Consent, EventState
from models import ContentItem, ContentVersion, Event, LinkCheck, RestoreCheck
from services import content, item_proofs, restore_sample
from services.content import ContentForm
from services.details import Details, Photo, read_figures
from services.item_proofs import Looked, extras_of
from services.media import Upload, asset_path, store_file
from services.usable import Usable, look
from tests.builders import START
from tests.web.shelf import pdf


def item(category, details=None, **values):
    defaults = {"title": "เรื่อง", "summary": "", "source": "", "link": "", "opened_at": None}
    return ContentItem(category=category, details=(details or Details()).stored(), **{**defaults, **values})


PHOTOS = tuple(Photo(number, "ภาพ") for number in (1, 2, 3))
HELD = Event(state=EventState.HELD, ends_at=START)
COMING = Event(state=EventState.SCHEDULED, ends_at=START + timedelta(days=1))
OFF = Event(state=EventState.CANCELLED, ends_at=START)
COUNTED = Details(figures=read_figures("เขต | 50 | เขต | ปี 2563"), as_of=START.date())


def link(status=200, sha256="a", opens=None, pages=None, *, reached=True):
    return LinkCheck(reached=reached, http_status=status, sha256=sha256, opens=opens, pages=pages)


@pytest.mark.parametrize(
    ("looked", "proofs"),
    [
        (Looked(item(Category.NEWS), START), {}),
        (Looked(item(Category.ORG), START), {"terms": True}),
        (Looked(item(Category.ORG, title="สำนักระบายน้ำ"), START), {"terms": False}),
        (Looked(item(Category.SERVICE), START), {"contact": None, "link": None}),
        (
            Looked(item(Category.SERVICE, Details(answers={"contact": "1555"})), START, link=link()),
            {"contact": True, "link": True},
        ),
        (Looked(item(Category.SERVICE), START, link=link(404)), {"contact": None, "link": False}),
        (Looked(item(Category.SERVICE), START, link=link(reached=False)), {"contact": None, "link": None}),
        (Looked(item(Category.PHOTO), START), {"three_photos": None, "event": None, "consent": None}),
        (
            Looked(item(Category.PHOTO, Details(photos=PHOTOS, consent=Consent.NO_FACES)), START, event=HELD),
            {"three_photos": True, "event": True, "consent": True},
        ),
        (
            Looked(item(Category.PHOTO, Details(photos=PHOTOS[:2])), START, event=COMING),
            {"three_photos": False, "event": None, "consent": None},
        ),
        (
            Looked(item(Category.PHOTO), START, event=OFF),
            {"three_photos": None, "event": False, "consent": None},
        ),
        (Looked(item(Category.EBOOK), START), {"opens": None, "pages": None}),
        (Looked(item(Category.EBOOK), START, link=link(opens=True, pages=3)), {"opens": True, "pages": True}),
        (
            Looked(item(Category.EBOOK), START, link=link(opens=False, pages=0)),
            {"opens": False, "pages": False},
        ),
        (
            Looked(item(Category.EBOOK), START, restored=RestoreCheck(ok=True, pages=2)),
            {"opens": True, "pages": True},
        ),
        (Looked(item(Category.STATS), START), {"unit": None, "as_of": None, "source_link": None}),
        (
            Looked(
                item(Category.STATS, COUNTED, source="https://a.b"),
                START,
            ),
            {"unit": True, "as_of": True, "source_link": True},
        ),
        (Looked(item(Category.FORM), START, "a", link=link()), {"latest": True}),
        (Looked(item(Category.FORM), START, "b", link=link()), {"latest": False}),
        (Looked(item(Category.FORM), START, "b"), {"latest": None}),
        (Looked(item(Category.CALENDAR, opened_at=START), START), {"public_calendar": True}),
    ],
)
def test_each_kind_has_its_proofs_and_what_nobody_recorded_is_not_wrong(looked, proofs):
    assert extras_of(looked) == proofs


def test_every_extra_of_the_criteria_is_proved_here():
    criteria = (files("kpi") / "criteria" / "2564.toml").read_text(encoding="utf-8")
    for category, proofs in item_proofs.PROOFS.items():
        for code in proofs:
            assert f'"{code}"' in criteria, (category, code)


@pytest.fixture
def stored(rt, team):
    ids = []
    for number in range(25):
        upload = Upload(f"{number}.pdf", pdf() + f"%{number}".encode(), rights="กทม.")
        asset = store_file(rt, upload, team.officer)
        form = ContentForm(
            Category.FORM, f"แบบ {number}", "สำนักงาน", START.date(), rights="กทม.", asset_id=asset.id
        )
        with rt.sessions.begin() as session:
            ids.append(content.add_item(session, form, team.officer, START).id)
    return ids


def test_each_month_twenty_items_are_taken_out_of_the_store_once(rt, clock, stored):
    assert restore_sample.sample_due(rt) == 20
    assert restore_sample.sample_due(rt) == 0
    with rt.sessions.begin() as session:
        first = {row.item_id for row in session.scalars(select(RestoreCheck))}
        assert all(row.ok and row.pages == 1 for row in session.scalars(select(RestoreCheck)))
    clock.advance(timedelta(days=31))
    assert restore_sample.sample_due(rt) == 20
    with rt.sessions.begin() as session:
        later = {row.item_id for row in session.scalars(select(RestoreCheck).where(RestoreCheck.id > 20))}
    assert first != later
    assert first | later <= set(stored)


def test_the_sample_can_be_found_again_by_anybody(rt, clock, stored):
    assert stored
    with rt.sessions.begin() as session:
        month = restore_sample.Month(2020, 10)
        chosen = restore_sample.choose(session, month, clock.now())
        assert restore_sample.choose(session, month, clock.now()) == chosen
        assert restore_sample.choose(session, month.next(), clock.now()) != chosen


@pytest.mark.parametrize("harm", ["missing", "damaged", "data"])
def test_what_does_not_come_back_whole_is_written_down(rt, stored, harm):
    with rt.sessions.begin() as session:
        row = session.scalars(select(ContentVersion).where(ContentVersion.item_id == stored[0])).one()
        if harm == "data":
            row.data = row.data | {"title": "ถูกแก้"}
        asset = restore_sample._assets(session, session.get_one(ContentItem, stored[0]))[0]
    path = asset_path(rt.media_dir, asset.sha256)
    if harm == "missing":
        path.unlink()
    elif harm == "damaged":
        path.write_bytes(b"%PDF-1.7 other")
    checked = restore_sample.check(rt, stored[0])
    codes = {"missing": "file_missing", "damaged": "file_damaged", "data": "version_damaged"}
    assert (checked.ok, checked.problem) == (False, codes[harm])


@pytest.mark.parametrize(
    ("content", "usable"),
    [
        (pdf(2), Usable(opens=True, pages=2)),
        (b"%PDF-1.4 torn", Usable(opens=False)),
        ("หัว,ค่า\n".encode(), Usable(opens=True)),
        (b"\xff\xfe\x00", Usable(opens=False)),
        (b"", Usable(opens=False)),
        (b"PK\x03\x04torn", Usable(opens=False)),
    ],
)
def test_a_file_is_opened_as_its_reader_would(content, usable):
    assert look(content) == usable
