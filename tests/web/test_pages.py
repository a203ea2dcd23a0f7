"""Every page renders for every role, in both languages, with every word in place."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.i18n import LANGUAGES
from core.vocab import Role
from tests.builders import NAMES, make_accounts
from tests.web.office import Office, fill
from tests.web.site import Site, Visitor, running_site, words

ROOT = Path(__file__).resolve().parents[2]
KEY = re.compile(r"\b[a-z][a-z_]+(?:\.[a-z0-9_]+)+\b")
NOT_KEYS = re.compile(
    r"bangkok\.go\.th|kpi\.ac\.th|bangkok\.com|facebook\.com|\.csv$|\.txt$|\.pdf$|\.json$|\.zip$"
)
EVERYBODY = [
    "/today", "/calendar", "/calendar?month=2563-11", "/posts", "/posts?state=draft", "/posts?mine=1",
    "/approvals", "/queue", "/queue?group=trouble", "/desk", "/kpi?period=2564", "/kpi?period=2564-q1",
    "/kpi?period=2563-10", "/evidence?year=2564", "/evidence/closing", "/form?year=2564", "/content",
    "/content?category=ebook", "/plans?year=2564",
    "/kpi/notes/improvements", "/kpi/notes/profiles", "/kpi/notes/corrections", "/kpi/notes/surveys",
    "/kpi/notes/reports", "/kpi/notes/counts", "/kpi/posts?month=2020-10", "/kpi/outside", "/kpi/criteria",
    "/kpi/sign?period=2564-q1", "/import", "/accounts", "/comments", "/switches", "/reference",
    "/reference?kind=holiday",
    "/reference?kind=term", "/password", "/events/{event}",
    "/posts/{draft}", "/posts/{waiting}", "/posts/{approved}", "/posts/{approved}/live",
    "/approvals/{waiting}", "/content/{item}",
    "/import/{form}", "/evidence/periods/2020-10",
]  # fmt: skip
OFFICERS = [
    "/posts/new", "/posts/new?event={event}", "/posts/{draft}/edit", "/events/new?day=31/10/2563",
    "/events/{event}/edit", "/content/new",
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Office]]:
    with running_site(tmp_path_factory.mktemp("office")) as site:
        make_accounts(site.rt)
        yield site, fill(site)


@pytest.fixture(scope="module")
def members(place) -> dict[Role, Visitor]:
    return {role: place[0].member(role) for role in NAMES}


def show(visitor: Visitor, path: str, office: Office, language: str):
    path = path.format(**vars(office))
    answer = visitor.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert answer.status_code == 200, f"{path}: {words(answer)[:300]}"
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "role"),
    [(path, Role.ADMINISTRATOR) for path in (*EVERYBODY, "/people")]
    + [(path, Role.OFFICER) for path in OFFICERS],
)
def test_every_page_speaks_both_languages_without_a_missing_word(place, members, path, role, language):
    answer = show(members[role], path, place[1], language)
    loose = [key for key in KEY.findall(words(answer)) if not NOT_KEYS.search(key)]
    assert loose == []
    assert f'<html lang="{language}">' in answer.text or "/live" in path or "/periods/" in path
    assert not re.search(r"\{[a-z_]+\}", words(answer))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.KPI_OFFICER, Role.REVIEWER])
@pytest.mark.parametrize("path", EVERYBODY)
def test_every_role_may_look_at_everything_but_people(place, members, path, role):
    show(members[role], path, place[1], "th")


def test_only_administrators_see_people(members):
    assert members[Role.OFFICER].get("/people").status_code == 403
    assert members[Role.ADMINISTRATOR].get("/people").status_code == 200


@pytest.mark.parametrize("path", OFFICERS)
def test_a_form_only_officers_may_send_opens_for_officers_only(place, members, path):
    answer = members[Role.REVIEWER].get(path.format(**vars(place[1])))
    assert answer.status_code == 403
    assert "ต้องเป็น" in words(answer)


def test_a_reader_finds_no_form_but_their_own(place, members):
    for path in EVERYBODY:
        answer = show(members[Role.REVIEWER], path, place[1], "th")
        posts = set(re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', answer.text))
        assert posts <= {"/sign-out", "/evidence/verify#verify", "/password"}, path


def test_what_people_type_is_shown_as_text_and_never_as_markup(place, members):
    answer = show(members[Role.OFFICER], "/posts/{draft}", place[1], "th")
    assert "&lt;b&gt;ติดตาม&lt;/b&gt;" in answer.text
    assert "<b>" not in answer.text


def test_dates_are_buddhist_and_times_end_in_no(place, members):
    text = words(show(members[Role.OFFICER], "/events/{event}", place[1], "th"))
    assert "31 ต.ค. 2563 17.00 น." in text
    assert "2020" not in text


def test_a_missing_figure_is_no_nought(place, members):
    text = words(show(members[Role.OFFICER], "/posts/{approved}/live", place[1], "th"))
    assert "ความคิดเห็น 0" in text
    assert "คลิก ไม่มีข้อมูล" in text
    assert "การเข้าถึง แพลตฟอร์มเลิกให้ข้อมูลนี้" in text
    assert "ความรู้สึก/ถูกใจ 1,234" in text


def test_figures_come_as_json_with_null_for_missing(place, members):
    found = members[Role.OFFICER].get(f"/api/posts/{place[1].approved}/metrics").json()
    figures = next(row["metrics"] for row in found["deliveries"] if row["metrics"])
    assert figures["reactions"] == {
        "state": "value",
        "value": 1234,
        "read_at": figures["reactions"]["read_at"],
    }
    assert figures["clicks"]["value"] is None
    assert figures["comments"]["value"] == 0


def test_the_chosen_language_stays_until_another_is_chosen(place):
    visitor = place[0].member(Role.OFFICER)
    assert "สวัสดี" in visitor.get("/today").text
    visitor.get("/today", lang="en")
    assert '<html lang="en">' in visitor.get("/calendar").text
    visitor.get("/today", lang="th")
    assert '<html lang="th">' in visitor.get("/calendar").text


def test_an_unknown_page_says_so_in_the_language_of_the_reader(members):
    answer = members[Role.OFFICER].get("/nothing/here")
    assert answer.status_code == 404
    assert "ไม่พบรายการนี้" in words(answer)
    assert members[Role.OFFICER].get("/posts/999").status_code == 404
    assert members[Role.OFFICER].get("/posts/abc").status_code == 404
    assert members[Role.OFFICER].get("/calendar?month=x").status_code == 404


def test_claimed_stands_beside_evidenced_and_each_check_opens_its_proof(place, members):
    answer = show(members[Role.REVIEWER], "/kpi?period=2564", place[1], "th")
    text = words(answer)
    assert "ผลงานที่รายงาน 5.00" in text
    assert "ผลที่ตรวจสอบได้ 1.00" in text
    assert len(re.findall(r'id="check-[a-z]+_[a-z]+"', answer.text)) == 18
    assert 'id="check-3a1"' in answer.text
    assert "ไม่มีเกณฑ์ในแบบ" in text
    assert f'href="/events/{place[1].event}"' in answer.text


def test_the_words_of_the_pages_have_the_same_keys_in_both_languages_and_none_twice():
    found = {language: list(keys_of_the_pages(language)) for language in LANGUAGES}
    assert sorted(found["th"]) == sorted(found["en"])
    assert len(found["th"]) == len(set(found["th"]))


def keys_of_the_pages(language: str) -> Iterator[str]:
    for path in sorted((ROOT / "locales" / language).glob("web*.toml")):
        yield from keys(tomllib.loads(path.read_text(encoding="utf-8")))


def keys(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        yield from keys(value, f"{prefix}{name}.") if isinstance(value, dict) else [prefix + name]
