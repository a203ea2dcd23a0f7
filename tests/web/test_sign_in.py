"""The door: who comes in, what the cookie is, what a guesser learns."""

from datetime import timedelta

import pytest

from core.vocab import Role
from tests.builders import PASSWORD
from tests.web.site import words

WRONG = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง โปรดตรวจแล้วลองใหม่"


@pytest.mark.parametrize(
    ("username", "password"), [("officer", "ผิด"), ("nobody", PASSWORD), ("", ""), ("officer", "")]
)
def test_a_wrong_password_says_so_in_thai_and_keeps_the_name(site, username, password):
    visitor = site.stranger()
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", {"username": username, "password": password})
    assert answer.status_code == 401
    assert WRONG in words(answer)
    assert f'name="username" type="text" value="{username}"' in answer.text
    assert "ผิด" not in answer.text.replace("ผิดพลาด", "")


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(site):
    visitor = site.stranger()
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", {"username": "officer", "password": PASSWORD})
    cookie = next(
        value for value in answer.headers.get_list("set-cookie") if value.startswith("rukon=")
    ).lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie


def test_a_person_comes_where_they_wanted_to_go(site):
    visitor = site.stranger()
    answer = visitor.get("/queue")
    assert answer.headers["location"] == "/sign-in?next=/queue"
    visitor.follow(answer)
    answer = visitor.post("/sign-in", {"username": "officer", "password": PASSWORD, "next": "/queue"})
    assert answer.headers["location"] == "/queue"


@pytest.mark.parametrize("next_page", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_the_door_never_leads_to_another_site(site, next_page):
    visitor = site.stranger()
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", {"username": "officer", "password": PASSWORD, "next": next_page})
    assert answer.headers["location"] == "/"


def test_signing_out_ends_the_session_for_whoever_copied_the_cookie(site, officer):
    copied = dict(officer.http.cookies)
    assert "ออกจากระบบแล้ว" in words(officer.follow(officer.post("/sign-out")))
    thief = site.stranger()
    thief.http.cookies.update(copied)
    assert thief.get("/today").headers["location"].startswith("/sign-in")


def test_a_session_left_alone_for_half_an_hour_ends(site, officer):
    site.clock.advance(timedelta(minutes=31))
    assert officer.get("/today").headers["location"].startswith("/sign-in")


def test_guessing_is_slowed_down_with_the_minutes_to_wait(site):
    visitor = site.stranger()
    visitor.get("/sign-in")
    for _ in range(10):
        visitor.post("/sign-in", {"username": "officer", "password": "guess"})
    answer = visitor.post("/sign-in", {"username": "officer", "password": PASSWORD})
    assert answer.status_code == 429
    assert "โปรดรออีก 15 นาที" in words(answer)


def test_a_script_whose_session_ended_is_sent_to_the_door(site):
    answer = site.stranger().http.get("/posts/1/live", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in"


def test_people_of_a_demonstration_are_named_at_the_door_and_nowhere_else(site):
    assert "บัญชีทดลองใช้" not in words(site.stranger().get("/sign-in"))
    hint = '[{"username": "officer", "password": "ลองใช้", "name": "พิมพ์ชนก ตัวอย่าง", "role": "officer"}]'
    (site.rt.settings.data_dir / "demo.json").write_text(hint, encoding="utf-8")
    door = words(site.stranger().get("/sign-in"))
    assert "พิมพ์ชนก ตัวอย่าง ผู้จัดทำ officer ลองใช้" in door


def test_a_new_password_replaces_the_old_one_everywhere(site, officer):
    other = site.member(Role.OFFICER)
    answer = officer.post("/password", {"old_password": "ไม่ใช่", "new_password": "คลองโอ่งอ่าง-2564"})
    assert answer.status_code == 401
    assert "รหัสผ่านเดิมไม่ถูกต้อง" in words(answer)
    answer = officer.post("/password", {"old_password": PASSWORD, "new_password": "คลองโอ่งอ่าง-2564"})
    assert "เปลี่ยนรหัสผ่านแล้ว" in words(officer.follow(answer))
    assert other.get("/today").status_code == 303
