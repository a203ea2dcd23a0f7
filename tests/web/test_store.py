"""The store through its pages: an album is entered, refused, mended, opened by somebody else, changed."""

import re

import pytest
from sqlalchemy import select

from core.vocab import Role
from models import ContentItem, ContentVersion, Holiday, ReferenceEntry
from tests.builders import jpeg, make_event
from tests.web.site import words

ALBUM = {
    "category": "photo", "title": "ภาพถนนคนเดิน", "agency": "สำนักงานประชาสัมพันธ์", "item_date": "20/10/2563",
    "rights": "กทม.", "consent": "no_faces",
}  # fmt: skip


def pictures(*colours):
    return [("photos", (f"{colour}.jpg", jpeg(colour=colour), "image/jpeg")) for colour in colours]


def rows(site, kind):
    with site.rt.sessions.begin() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


@pytest.fixture
def event_id(site):
    with site.rt.sessions.begin() as session:
        return make_event(session, site.team.officer).id


def test_an_album_keeps_its_pictures_while_descriptions_are_missing(site, officer, approver, event_id):
    officer.get("/content/new")
    album = ALBUM | {"event_id": str(event_id)}
    answer = officer.post("/content", album, files=pictures("red", "blue", "teal"))
    assert answer.status_code == 422
    assert "ภาพที่ 1 ยังไม่มีคำอธิบายภาพ" in words(answer)
    kept = re.search(r'name="photo_ids" value="([\d,]+)"', answer.text)[1]
    assert len(kept.split(",")) == 3
    alts = {f"photo_alt_{one}": f"ภาพที่ {one}" for one in kept.split(",")}
    answer = officer.follow(officer.post("/content", album | {"photo_ids": kept, **alts}))
    (item,) = rows(site, ContentItem)
    assert len(item.details["photos"]) == 3
    assert "ยังไม่เปิดเผยแพร่" in words(answer)
    assert f"/content/{item.id}/open" not in answer.text, "who wrote it is not asked to open it"
    assert site.stranger().http.get(f"/public/items/{item.id}").status_code == 404
    page = approver.get(f"/content/{item.id}")
    assert "มีภาพอย่างน้อย 3 ภาพ" in words(page)
    assert "เปิดเผยแพร่แล้ว" in words(approver.follow(approver.post(f"/content/{item.id}/open")))
    assert site.stranger().http.get(f"/public/items/{item.id}").status_code == 200


def test_a_change_waits_for_a_second_person_and_needs_a_reason(site, officer, approver):
    officer.get("/content/new")
    news = {"category": "news", "title": "ข่าวเดิม", "agency": "สำนักงาน", "item_date": "20/10/2563"}
    officer.post("/content", news)
    (item,) = rows(site, ContentItem)
    approver.get(f"/content/{item.id}")
    approver.post(f"/content/{item.id}/open")
    form = officer.get(f"/content/{item.id}/edit")
    assert 'value="ข่าวเดิม"' in form.text
    change = news | {"title": "ข่าวใหม่", "number": "1"}
    answer = officer.post(f"/content/{item.id}/edit", change)
    assert answer.status_code == 422
    assert 'value="ข่าวใหม่"' in answer.text, "what was typed stays"
    assert "ฉบับใหม่แล้ว" in words(
        officer.follow(officer.post(f"/content/{item.id}/edit", change | {"why": "แก้ชื่อ"}))
    )
    public = site.stranger().http.get(f"/public/items/{item.id}")
    assert "ข่าวเดิม" in words(public)
    stale = officer.post(f"/content/{item.id}/edit", change | {"title": "อีกฉบับ", "why": "ช้า"})
    assert stale.status_code == 409
    assert "มีผู้บันทึกฉบับที่ 2 ไปก่อนแล้ว" in words(stale)
    approver.get(f"/content/{item.id}")
    approver.post(f"/content/{item.id}/open")
    assert "ข่าวใหม่" in words(site.stranger().http.get(f"/public/items/{item.id}"))
    assert [row.number for row in rows(site, ContentVersion)] == [1, 2]


def test_figures_and_answers_are_entered_as_lines(site, officer):
    officer.get("/content/new")
    stats = {"category": "stats", "title": "ประชากร", "agency": "สำนักงาน", "item_date": "20/10/2563"}
    bad = officer.post("/content", stats | {"figures": "ประชากร | มาก | คน | ปี 2563"})
    assert bad.status_code == 422
    assert "บรรทัดที่ 1: “มาก” ไม่ใช่ตัวเลข" in words(bad)
    good = stats | {"figures": "ประชากร | ๕,๕๘๘,๒๒๒ | คน | ปี 2563", "as_of": "30 ก.ย. 63"}
    assert "5,588,222 คน ปี 2563" in words(officer.follow(officer.post("/content", good)))


def test_a_holiday_is_added_and_taken_back_on_its_page(site, officer):
    officer.get("/reference?kind=holiday")
    bad = officer.post("/reference/holidays", {"day": "27/7/2564", "name": "วันหยุดพิเศษ", "source": ""})
    assert bad.status_code == 422
    assert 'value="วันหยุดพิเศษ"' in bad.text
    day = {"day": "27/7/2564", "name": "วันหยุดพิเศษ", "source": "มติ ครม. 29 ธ.ค. 2563"}
    assert "เพิ่มวันหยุดแล้ว" in words(officer.follow(officer.post("/reference/holidays", day)))
    assert "ลบวันหยุดแล้ว" in words(
        officer.follow(officer.post("/reference/holidays/remove", {"day": "27/07/2564"}))
    )
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Holiday)).all() == []


def test_a_name_is_put_right_with_its_source(site, officer):
    officer.get("/reference")
    change = {"code": "drainage", "name": "สำนักการระบายน้ำใหม่", "source": "", "valid_from": "1 ต.ค. 2569"}
    bad = officer.post("/reference/agency", change)
    assert bad.status_code == 422
    page = officer.follow(officer.post("/reference/agency", change | {"source": "ประกาศ 1/2570"}))
    assert "สำนักการระบายน้ำใหม่" in words(page)
    assert len(rows(site, ReferenceEntry)) == 1
    reader = site.member(Role.REVIEWER)
    assert "แก้ไขหรือเพิ่ม" not in words(reader.get("/reference"))
    assert reader.post("/reference/agency", change | {"source": "ก"}).status_code == 403
