"""The composer without scripts: checking, mending, pictures and previews are all plain forms."""

import re

from sqlalchemy import select

from core.vocab import Category, PostState
from models import Post
from tests.builders import jpeg, make_event, make_post
from tests.web.site import words

TYPED = {
    "title": "ดูแลสวน", "kind": "general", "channels": ["facebook", "x"], "due_at_day": "24/10/2563",
    "due_at_time": "09.00", "body_facebook": "ชาวเขตสาธรร่วมดูแลสวน ติดตามทางเฟสบุ๊ก",
    "body_x": "ร่วมดูแลสวน https://bangkok.go.th/สวน",
}  # fmt: skip


def test_checking_counts_shows_findings_and_stores_nothing(site, officer):
    answer = officer.post("/posts/check", TYPED)
    text = words(answer)
    assert "ต้องแก้ก่อนส่ง เขตสาธร → เขตสาทร" in text
    assert "ควรแก้ เฟสบุ๊ก → เฟซบุ๊ก" in text
    assert "/280" in text
    assert TYPED["body_facebook"] in answer.text
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Post)).all() == []


def test_one_button_mends_one_finding_and_leaves_the_rest(officer):
    start = TYPED["body_facebook"].index("เขตสาธร")
    answer = officer.post("/posts/check", TYPED | {"fix": f"body_facebook|{start}"})
    assert "ชาวเขตสาทรร่วมดูแลสวน ติดตามทางเฟสบุ๊ก" in answer.text
    answer = officer.post("/posts/check", TYPED | {"fix": "body_facebook|9999"})
    assert TYPED["body_facebook"] in answer.text
    answer = officer.post("/posts/check", TYPED | {"fix": "nowhere|1"})
    assert answer.status_code == 200


def test_a_link_that_would_break_on_x_is_mended_too(officer):
    answer = officer.post("/posts/check", TYPED)
    place = re.search(r'name="fix" value="(body_x\|\d+)"', answer.text)
    mended = officer.post("/posts/check", TYPED | {"fix": place[1]})
    assert "https://bangkok.go.th/%E0%B8%AA%E0%B8%A7%E0%B8%99" in mended.text


def test_a_script_gets_only_what_changes(officer):
    answer = officer.post("/posts/check", TYPED | {"fix": "body_facebook|3"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert 'id="count-body_x" hx-swap-oob="true"' in answer.text
    assert answer.text.count("<textarea") == 1


def test_what_does_not_fit_on_x_is_marked_in_the_preview(officer):
    long = "น้ำ" * 120
    answer = officer.post("/posts/check", TYPED | {"body_x": long})
    beyond = re.search(r'<span class="too-much">([^<]+)</span>', answer.text)
    assert beyond
    assert beyond[1].startswith("น")
    assert "เกิน 80 ตัวอักษร" in words(answer)


def test_a_chosen_picture_is_kept_at_once_and_shown_with_its_alt_text(officer):
    headers = {"HX-Request": "true"}
    files = {"file": ("สวน.jpg", jpeg(), "image/jpeg")}
    answer = officer.post("/posts/media", TYPED, files=files, headers=headers)
    assert '<img src="/media/1" alt="" class="thumb"' in answer.text
    with_one = TYPED | {"asset_id": "1", "alt_text": "สวน"}
    second = {"file": ("น้ำ.jpg", jpeg(colour="navy"), "image/jpeg")}
    answer = officer.post("/posts/media", with_one, files=second, headers=headers)
    assert '<img src="/media/1" alt="สวน" class="thumb"' in answer.text
    assert re.findall(r'name="asset_id" value="(\d+)"', answer.text) == ["1", "2"]
    assert officer.get("/media/1").headers["content-type"] == "image/jpeg"
    answer = officer.post(
        "/posts/media", TYPED, files={"file": ("x.jpg", b"x", "image/jpeg")}, headers=headers
    )
    assert "ไฟล์นี้ไม่ใช่ภาพ" in words(answer)


def test_saving_and_asking_for_approval_is_one_press(site, officer):
    right = TYPED | {"body_facebook": "ร่วมดูแลสวน", "body_x": "ร่วมดูแลสวน", "action": "submit"}
    page = words(officer.follow(officer.post("/posts", right)))
    assert "ส่งขออนุมัติแล้ว" in page
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Post)).one().state is PostState.IN_REVIEW


def test_asking_for_approval_with_a_wrong_name_stores_nothing_and_names_it(site, officer):
    answer = officer.post("/posts", TYPED | {"action": "submit"})
    assert answer.status_code == 422
    assert "พบคำที่ต้องแก้ก่อนส่งอนุมัติ: เขตสาธร → เขตสาทร" in words(answer)
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Post)).all() == []


def test_everything_of_a_post_comes_back_on_the_sheet(site, officer):
    with site.rt.sessions.begin() as session:
        event = make_event(session, site.team.officer)
    typed = TYPED | {
        "body_facebook": "แถว 1\nแถว 2", "event_id": str(event.id), "link": "https://www.bangkok.go.th/a",
        "categories": ["news", "service"], "reason_news": "เป็นข่าว", "reason_service": "บอกวิธีใช้บริการ",
        "not_after_day": "24 ต.ค. 2563", "not_after_time": "18.00",
    }  # fmt: skip
    officer.follow(officer.post("/posts", typed))
    sheet = officer.get("/posts/1/edit").text
    for piece in ("แถว 1\nแถว 2", "เป็นข่าว", "บอกวิธีใช้บริการ", "24/10/2563", "09.00", "18.00", typed["link"]):
        assert piece in sheet
    assert f'<option value="{event.id}" selected>' in sheet
    with site.rt.sessions.begin() as session:
        tags = session.scalars(select(Post)).one().categories
        assert {tag.category for tag in tags} == {Category.NEWS, Category.SERVICE}


def test_a_post_goes_back_to_its_author_and_returns_with_its_changes_marked(site, officer, approver):
    with site.rt.sessions.begin() as session:
        post = make_post(session, site.team.officer, PostState.IN_REVIEW)
    answer = approver.post(f"/approvals/{post.id}/return", {"revision": "1", "reason": "ระบุเบอร์โทรศัพท์"})
    assert "ส่งกลับแก้ไขแล้ว" in words(approver.follow(answer))
    assert "ระบุเบอร์โทรศัพท์" in words(officer.get(f"/posts/{post.id}"))
    edited = TYPED | {"body_facebook": "ลอยกระทง โทร. 1555", "body_x": "ลอยกระทง", "revision": "2"}
    officer.follow(officer.post(f"/posts/{post.id}/edit", edited | {"action": "submit"}))
    assert approver.post(f"/approvals/{post.id}/approve", {"revision": "3"}).status_code == 303
    again = edited | {"body_facebook": "ลอยกระทง โทร. 1555 ทุกวัน", "revision": "3", "action": "submit"}
    officer.follow(officer.post(f"/posts/{post.id}/edit", again))
    page = approver.get(f"/approvals/{post.id}").text
    assert "<ins> ทุกวัน</ins>" in page
    assert "เทียบกับฉบับที่อนุมัติครั้งก่อน" in page


def test_recalling_and_withdrawing_are_told(site, officer):
    with site.rt.sessions.begin() as session:
        post = make_post(session, site.team.officer, PostState.IN_REVIEW)
    answer = officer.post(f"/posts/{post.id}/recall", {"revision": "1"})
    assert "ดึงโพสต์กลับมาแล้ว" in words(officer.follow(answer))
    answer = officer.post(f"/posts/{post.id}/withdraw", {"reason": "งดจัด"})
    assert "ถอนโพสต์แล้ว" in words(officer.follow(answer))
