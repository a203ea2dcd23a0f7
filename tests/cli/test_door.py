import json
import subprocess
import sys

from sqlalchemy import func, select

from cli.commands import NOUNS, VERBS
from cli.main import PROGRAMS
from core.sentences import sentence
from models import Post
from services.people import WrongPassword
from tests.source_tree import ROOT


def posts_in(rt):
    with rt.sessions.begin() as session:
        return session.scalar(select(func.count()).select_from(Post))


def test_every_command_explains_itself(rukon):
    for name, noun in NOUNS.items():
        for command in noun.registered_commands:
            assert "--as" in rukon(name, command.name, "--help").stdout
    for name in VERBS:
        assert "--json" in rukon(name, "--help").stdout
    listed = rukon("--help").stdout
    assert all(name in listed for name in (*NOUNS, *VERBS, *PROGRAMS))


def test_a_command_needs_to_know_who_acts(rukon, team):
    refused = rukon("posts", "add", "ข่าว", "--x", "สวัสดี", code=2)
    assert "--as" in refused.stderr
    assert refused.stdout == ""


def test_who_acts_may_stand_in_the_environment(rukon, team, monkeypatch):
    monkeypatch.setenv("RUKON_AS", "officer")
    assert rukon.json("posts", "add", "ข่าว", "--x", "สวัสดี")["state"] == "draft"


def test_a_rule_refuses_with_a_thai_sentence_and_writes_nothing(rukon, team, rt):
    words = ("posts", "add", "ข่าว", "--x", "สวัสดี", "--due", "2020-01-01T09:00")
    refused = rukon(*words, who="officer", code=3)
    assert "ผ่านไปแล้ว" in refused.stderr
    assert "passed" in rukon(*words, "--lang", "en", who="officer", code=3).stderr
    assert posts_in(rt) == 0


def test_a_refusal_can_be_read_by_a_script(rukon, team):
    refused = rukon("posts", "add", "", "--x", "สวัสดี", "--json", who="officer", code=3)
    assert json.loads(refused.stderr)["error"] == "title_empty"
    assert json.loads(refused.stderr)["field"] == "title"
    assert refused.stdout == ""


def test_wrong_usage_is_none_of_the_other_codes(rukon):
    rukon("posts", "list", "--state", "nonsense", code=2)
    rukon("nothing-like-that", code=2)


def test_an_unreachable_database_is_said_in_words(rukon, monkeypatch):
    monkeypatch.setenv("RUKON_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "ฐานข้อมูล" in rukon("people", "list", code=4).stderr


def test_a_setting_that_cannot_be_is_named(rukon, monkeypatch):
    monkeypatch.setenv("RUKON_PORT", "high")
    assert "RUKON_PORT" in rukon("people", "list", code=2).stderr


def test_settings_are_shown_without_the_passwords_inside_them(rukon, monkeypatch):
    monkeypatch.setenv("RUKON_DATABASE_URL", "postgresql://office:hush@127.0.0.1/rukon")
    rows = {row["variable"]: row for row in rukon.json("settings")["settings"]}
    assert rows["RUKON_DATABASE_URL"]["value"] == "postgresql://office:***@127.0.0.1/rukon"
    assert rows["RUKON_DATABASE_URL"]["chosen"]
    assert not rows["RUKON_PORT"]["chosen"]


def test_the_first_word_chooses_the_program(data_dir):
    program = [sys.executable, "-m", "cli.main"]
    health = subprocess.run([*program, "health", "x"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (health.returncode, health.stderr) == (2, "usage: rukon health web|worker|collector|beat\n")
    people = subprocess.run(
        [*program, "people", "list"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (people.returncode, people.stdout) == (0, "ไม่มีรายการ\n")


def test_the_supervisor_loads_nothing_but_the_standard_library(data_dir):
    code = "import cli.main, cli.supervise, cli.demo, cli.welcome, cli.health, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"sqlalchemy", "typer", "celery", "fastapi", "pydantic"} & set(done.stdout.split())


def test_every_error_has_a_sentence_at_this_door_too():
    assert "รหัสผ่าน" in sentence(WrongPassword())
