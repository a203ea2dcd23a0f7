"""The public information page: what citizens find without signing in, and what they never see."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from sqlalchemy import select

from connectors.sites import AGENT
from core.clock import BANGKOK, bangkok
from core.i18n import LANGUAGES
from models import Delivery, DownloadCount
from services import calendar, opening
from tests.builders import START, make_accounts
from tests.web.shelf import HIDDEN, Shelf, fill_shelf
from tests.web.site import Site, running_site, words

KEY = re.compile(r"\b[a-z][a-z_]+(?:\.[a-z0-9_]+)+\b")
PAGES = [
    "/public", "/public/news", "/public/calendar", "/public/calendar?month=2563-10", "/public/organisation",
    "/public/services", "/public/photos", "/public/ebooks", "/public/statistics", "/public/forms",
    "/public/about", "/public/search?q=กระทง", "/public/search?q=ไม่มีแน่", "/public/search",
    "/public/events/{event}", "/public/events/{cancelled}", "/public/posts/{post}", "/public/items/{news}",
    "/public/items/{org}", "/public/items/{service}", "/public/items/{album}", "/public/items/{ebook}",
    "/public/items/{stats}", "/public/items/{form}",
]  # fmt: skip
FILES = [
    "/public/files/{form}", "/public/files/{ebook}", "/public/items/{album}/photos/1",
    "/public/items/{stats}/figures.csv", "/public/calendar.ics", "/public/events/{event}/event.ics",
    "/public/news.rss", "/public/news.json", "/public/sitemap.xml", "/robots.txt",
]  # fmt: skip
SECRET = [
    "/public/items/{hidden}", "/public/events/{hidden_event}", "/public/posts/{hidden_post}",
    "/public/files/{hidden}", "/public/items/{hidden}/photos/0", "/public/items/{hidden}/figures.csv",
    "/public/events/{hidden_event}/event.ics", "/public/items/999", "/public/posts/999", "/public/events/999",
    "/public/files/{form}/versions/7", "/public/items/{album}/photos/9", "/public/items/{news}/figures.csv",
    "/public/calendar?month=x", "/public/news?page=0", "/public/nothing",
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Shelf]]:
    with running_site(tmp_path_factory.mktemp("public")) as site:
        make_accounts(site.rt)
        yield site, fill_shelf(site.rt, site.team)


def look(place: tuple[Site, Shelf], path: str, **headers: str):
    site, shelf = place
    return site.stranger().http.get(path.format(**vars(shelf)), headers=headers)


def xml_of(answer):
    return ET.fromstring(answer.content)  # noqa: S314 -- what our own page wrote


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_both_languages_to_strangers_and_sets_no_cookie(place, path, language):
    answer = look(place, f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert answer.status_code == 200, words(answer)[:300]
    assert [key for key in KEY.findall(words(answer)) if not re.search(r"example\.org|\.csv$", key)] == []
    assert f'<html lang="{language}">' in answer.text
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert HIDDEN not in words(answer)
    assert not re.search(r"\{[a-z_]+\}", words(answer))


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_an_answer_that_a_browser_has_is_not_sent_again(place, path):
    first = look(place, path)
    assert first.status_code == 200
    assert first.headers["cache-control"].startswith("public, max-age=")
    if path == "/robots.txt":
        return
    again = look(place, path, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert look(place, path, **{"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", SECRET)
def test_what_nobody_opened_is_not_found(place, path):
    answer = look(place, path)
    assert answer.status_code == 404
    assert HIDDEN not in words(answer)


@pytest.mark.parametrize("path", ["/public", "/public/files/{form}", "/public/news.rss", "/robots.txt"])
def test_a_head_request_gets_the_head(place, path):
    site, shelf = place
    answer = site.stranger().http.head(path.format(**vars(shelf)))
    assert (answer.status_code, answer.content) == (200, b"")


def test_hidden_things_are_in_no_list_feed_or_search(place):
    for path in ("/public/news", "/public/news.rss", "/public/news.json", "/public/calendar?month=2563-11",
                 "/public/calendar.ics", f"/public/search?q={HIDDEN}"):  # fmt: skip
        body = look(place, path).text
        assert HIDDEN not in body.replace(f"“{HIDDEN}”", "").replace(f'value="{HIDDEN}"', ""), path
    assert f"/{place[1].hidden}<" not in look(place, "/public/sitemap.xml").text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ลอยกระทง", "ภาพงานลอยกระทง"),
        ("นําท่วม ดินแดง", "น้ำท่วมขังเขตดินแดงคลี่คลาย"),  # no tone mark, sara am taken apart
        ("สถิติ ๒๕๖๒", "สถิติ 2562"),
        ("๑,๖๘๒", "หน้าที่ของสำนักการระบายน้ำ"),
        ("น้ำท่วมเขตดินแดง", "น้ำท่วมขังเขตดินแดงคลี่คลาย"),  # no spaces: cut into words
        ("สะพานพระราม ๘", "ลอยกระทง 2563"),
        ("คนเดิน", "ถนนคนเดิน"),
    ],
)
def test_search_forgives_tone_marks_digits_and_missing_spaces(place, typed, found):
    assert found in words(look(place, f"/public/search?q={typed}"))


@pytest.mark.parametrize("typed", ["%", "_", "\\", "' OR 1=1 --", "<b>", "ฮ" * 5000])
def test_search_takes_signs_as_letters(place, typed):
    answer = place[0].stranger().http.get("/public/search", params={"q": typed})
    assert answer.status_code == 200
    assert "ไม่พบรายการ" in words(answer)
    assert "<b>" not in answer.text


def test_downloads_are_counted_by_day_and_only_when_a_file_is_given(place):
    site, shelf = place

    def counted() -> int:
        with site.rt.sessions.begin() as session:
            rows = session.scalars(select(DownloadCount).where(DownloadCount.item_id == shelf.form)).all()
            return sum(row.count for row in rows)

    before = counted()
    answer = look(place, "/public/files/{form}")
    assert answer.headers["content-type"] == "application/pdf"
    look(place, "/public/files/{form}", **{"If-None-Match": answer.headers["etag"]})
    site.stranger().http.head(f"/public/files/{shelf.form}")
    look(place, "/public/files/{form}", **{"User-Agent": AGENT})
    assert counted() == before + 1
    look(place, "/public/files/{form}")
    assert counted() == before + 2
    assert f"ดาวน์โหลดแล้ว {before + 2} ครั้ง" in words(look(place, "/public/items/{form}"))


def test_the_calendar_file_holds_announced_events_in_bangkok_time_and_says_what_was_cancelled(place):
    shelf = place[1]
    answer = look(place, "/public/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    parsed = Calendar.from_ical(answer.content)
    assert parsed.errors == []
    events = {int(re.match(r"event-(\d+)@", one["uid"])[1]): one for one in parsed.walk("VEVENT")}
    assert set(events) == {shelf.event, shelf.cancelled}
    start = events[shelf.event].decoded("dtstart")
    assert (start, str(start.tzinfo)) == (datetime(2020, 10, 31, 17, tzinfo=BANGKOK), "Asia/Bangkok")
    assert events[shelf.cancelled]["status"] == "CANCELLED"
    assert [zone["tzid"] for zone in parsed.walk("VTIMEZONE")] == ["Asia/Bangkok"]
    assert look(place, "/public/calendar.ics").content == answer.content


def test_a_whole_day_ends_on_the_day_after(place):
    site, _ = place
    with site.rt.sessions.begin() as session:
        form = calendar.EventForm("วันเด็ก", START, START + timedelta(days=1), all_day=True)
        event = calendar.create_event(session, form, site.team.officer, START)
        session.flush()
        calendar.confirm_event(session, event.id, site.team.officer, START)
    content = look(place, f"/public/events/{event.id}/event.ics").text
    first = bangkok(START).date()
    assert f"DTSTART;VALUE=DATE:{first:%Y%m%d}" in content
    assert f"DTEND;VALUE=DATE:{first + timedelta(days=2):%Y%m%d}" in content
    with site.rt.sessions.begin() as session:
        calendar.cancel_event(session, event.id, "เลิก", site.team.officer, START)


def test_news_come_as_rss_and_json_with_whole_addresses(place):
    _, shelf = place
    channel = xml_of(look(place, "/public/news.rss")).find("channel")
    links = [item.findtext("link") for item in channel.findall("item")]
    assert any(link.endswith(f"/public/posts/{shelf.post}") for link in links)
    assert any(link.endswith(f"/public/items/{shelf.news}") for link in links)
    assert all(item.findtext("pubDate").endswith("+0700") for item in channel.findall("item"))
    feed = json.loads(look(place, "/public/news.json").content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["url"] for item in feed["items"]] == links
    assert all(item["content_text"] and item["date_published"] for item in feed["items"])


def test_figures_come_as_a_table_with_unit_period_source_and_day(place):
    answer = look(place, "/public/items/{stats}/figures.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == {
        "figure": "ประชากร", "value": "5588222", "unit": "คน", "period": "ปี 2563", "as_of": "2020-09-30",
        "source": "https://example.org/stat", "agency": "สำนักงานประชาสัมพันธ์",
    }  # fmt: skip
    text = words(look(place, "/public/items/{stats}"))
    assert "5,588,222 คน ปี 2563" in text
    assert "ข้อมูล ณ วันที่ 30 กันยายน 2563" in text


def test_a_post_that_is_gone_from_its_platforms_is_gone_here(place):
    site, shelf = place
    assert "example.org/facebook" in look(place, "/public/posts/{post}").text
    with site.rt.sessions.begin() as session:
        rows = session.scalars(select(Delivery).where(Delivery.post_id == shelf.post)).all()
        for row in rows:
            row.gone_at = START
    assert look(place, "/public/posts/{post}").status_code == 404
    with site.rt.sessions.begin() as session:
        for row in session.scalars(select(Delivery).where(Delivery.post_id == shelf.post)):
            row.gone_at = None
    assert look(place, "/public/posts/{post}").status_code == 200


def test_what_is_closed_disappears_at_once(place):
    site, shelf = place
    with site.rt.sessions.begin() as session:
        opening.close_item(session, shelf.org, "ข้อมูลเก่า", site.team.officer, START)
    assert look(place, "/public/items/{org}").status_code == 404
    assert "ระบายน้ำ" not in words(look(place, "/public/organisation"))
    with site.rt.sessions.begin() as session:
        opening.open_item(session, shelf.org, site.team.approver, START)
    assert look(place, "/public/items/{org}").status_code == 200


def test_search_engines_are_told_what_to_read(place):
    robots = look(place, "/robots.txt").text
    assert "Allow: /public" in robots
    assert "Disallow: /\n" in robots
    found = xml_of(look(place, "/public/sitemap.xml"))
    places = [node.text for node in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(places) == len(set(places)) > 15
    for path in places:
        assert place[0].stranger().http.get(path[path.index("/public") :]).status_code == 200, path


def test_pages_name_themselves_and_their_other_language(place):
    page = look(place, "/public/items/{album}?lang=en").text
    assert re.search(r'<link rel="canonical" href="http://[^"]+/public/items/\d+\?lang=en">', page)
    assert 'hreflang="th"' in page
    assert 'property="og:image"' in page
    assert '<meta name="description" content="' in page
