from services import people
from tests.builders import NAMES, PASSWORD


def test_the_first_person_comes_in_by_the_command_line(rukon, tmp_path, rt):
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n", "utf-8")
    added = rukon.json(
        "people", "add", "chaba", "--name", "ชบา ตัวอย่าง", "--role", "officer", "--role", "approver",
        "--password-file", secret,
    )  # fmt: skip
    assert added["roles"] == ["approver", "officer"]
    assert people.sign_in(rt, "chaba", PASSWORD, "127.0.0.1").person_id == added["id"]


def test_a_password_is_asked_for_twice_and_not_shown(rukon, rt):
    done = rukon(
        "people", "add", "chaba", "--name", "ชบา", "--role", "officer", typed=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert PASSWORD not in done.stdout + done.stderr
    assert people.sign_in(rt, "chaba", PASSWORD, "127.0.0.1")


def test_nobody_comes_in_twice(rukon, team, tmp_path):
    secret = tmp_path / "password"
    secret.write_text(PASSWORD, "utf-8")
    refused = rukon(
        "people", "add", "officer", "--name", "x", "--role", "officer", "--password-file", secret, code=3
    )
    assert "officer" in refused.stderr


def test_roles_change_and_only_an_administrator_may(rukon, team):
    rukon("people", "roles", "officer", "--role", "approver", who="reviewer", code=3)
    assert rukon.json("people", "roles", "officer", "--role", "approver", who="administrator")["roles"] == [
        "approver"
    ]
    listed = {row["username"]: row["roles"] for row in rukon.json("people", "list")["people"]}
    assert listed["officer"] == ["approver"]
    assert set(listed) == {role.value for role in NAMES}


def test_a_new_password_replaces_the_old(rukon, team, rt, tmp_path):
    secret = tmp_path / "password"
    secret.write_text("รหัสผ่านใหม่-2569", "utf-8")
    rukon("people", "password", "officer", "--password-file", secret)
    assert people.sign_in(rt, "officer", "รหัสผ่านใหม่-2569", "127.0.0.1")


def test_who_is_out_can_be_let_in_again(rukon, team):
    assert rukon.json("people", "deactivate", "officer")["active"] is False
    rukon("posts", "add", "ข่าว", "--x", "สวัสดี", who="officer", code=3)
    assert rukon.json("people", "activate", "officer")["active"] is True


def test_the_last_administrator_stays(rukon, team):
    assert "ผู้ดูแลระบบคนสุดท้าย" in rukon("people", "deactivate", "administrator", code=3).stderr
