import re

import httpx
import pytest

from tests.sandbox.clients import jpeg

PLAIN = ("/", "/facebook", "/x")
LOADED = re.compile(r"""<(?:img|script|link|iframe|source|video)\b[^>]*\b(?:src|href)="([^"]+)\"""")


def page(sandbox, path):
    response = sandbox.control.get(path)
    assert response.status_code == 200, path
    return response.text


@pytest.fixture
def filled(sandbox, graph, x):
    graph.publish("งานลอยกระทง <b>2563</b> https://www.bangkok.go.th/a?b=1&c=2 #ลอยกระทง")
    item = f'[{{"media_fbid":"{graph.stage(jpeg(), alt="สะพานพระราม 8 ยามค่ำ")}"}}]'
    graph.publish("พรุ่งนี้พบกัน", attached_media=item)
    x.publish("งานลอยกระทง & สะพาน <8>", media={"media_ids": [x.media(jpeg())]})
    return sandbox


@pytest.mark.parametrize("path", PLAIN)
def test_every_page_says_it_is_not_real_and_loads_nothing_from_outside(filled, path):
    html = page(filled, path)
    assert "ระบบจำลอง — ไม่ใช่ของจริง" in html
    assert '<html lang="th">' in html
    assert all(address.startswith("/") for address in LOADED.findall(html))
    assert "default-src 'self'" in filled.control.get(path).headers["content-security-policy"]


@pytest.mark.parametrize("path", PLAIN)
def test_everything_a_page_loads_is_there(filled, path):
    for address in LOADED.findall(page(filled, path)):
        assert filled.control.get(address).status_code == 200, address


def test_the_page_shows_posts_newest_first_escaped_and_with_pictures(filled):
    html = page(filled, "/facebook")
    assert html.index("พรุ่งนี้พบกัน") < html.index("งานลอยกระทง")
    assert "&lt;b&gt;2563&lt;/b&gt;" in html
    assert 'href="https://www.bangkok.go.th/a?b=1&amp;c=2"' in html
    assert '<span class="tag">#ลอยกระทง</span>' in html
    assert 'alt="สะพานพระราม 8 ยามค่ำ"' in html


def test_the_timeline_shows_the_text_as_written(filled):
    html = page(filled, "/x")
    assert "งานลอยกระทง &amp; สะพาน &lt;8&gt;" in html
    assert "t.co" not in html
    assert "ไม่มีข้อความแทนภาพ" in html


def test_times_are_thai_with_a_buddhist_year(sandbox, graph):
    sandbox.set_clock("2020-10-24T02:00:00Z")
    graph.publish("แจ้งล่วงหน้า")
    assert "24 ต.ค. 2563 เวลา 09.00\u00a0น." in page(sandbox, "/facebook")


def test_counts_are_shown_with_a_dash_for_the_unknown(sandbox, graph):
    post = graph.publish("ยอด")
    sandbox.metrics("facebook", post, reactions=1284, comments=None)
    html = page(sandbox, "/facebook")
    assert "<dt>ความรู้สึก</dt><dd>1,284</dd>" in html
    assert "<dt>ความคิดเห็น</dt><dd>–</dd>" in html


def test_a_permalink_shows_its_post_and_a_deleted_one_is_gone(sandbox, graph, x):
    post, tweet = graph.publish("โพสต์เดียว"), x.publish("โพสต์เดียว")
    link = graph.get(post, fields="permalink_url").json()["permalink_url"]
    assert "โพสต์เดียว" in httpx.get(link, trust_env=False).text
    assert "โพสต์เดียว" in page(sandbox, f"/x/pr_sandbox_demo/status/{tweet}")
    graph.ask("DELETE", post)
    assert sandbox.control.get(f"/facebook/posts/{post}").status_code == 404
    assert "โพสต์เดียว" not in page(sandbox, "/facebook")


def test_a_draft_is_not_shown_to_citizens(sandbox, graph):
    draft = graph.feed(message="ร่างลับ", published="false").json()["id"]
    assert "ร่างลับ" not in page(sandbox, "/facebook")
    assert sandbox.control.get(f"/facebook/posts/{draft}").status_code == 404


@pytest.mark.parametrize("path", ["/facebook/posts/1", "/facebook/nobody", "/x/nobody", "/x/a/status/1"])
def test_what_is_not_there_is_told_in_thai(sandbox, path):
    response = sandbox.control.get(path)
    assert response.status_code == 404
    assert "ไม่พบหน้านี้" in response.text


@pytest.mark.parametrize("name", ["0" * 64, "..%2F..%2Fledger.jsonl", "ledger.jsonl"])
def test_only_stored_pictures_are_served(filled, name):
    assert filled.control.get(f"/media/{name}").status_code == 404


def test_the_script_gets_the_posts_alone(filled):
    part = page(filled, "/facebook?part=posts")
    assert part.lstrip().startswith("<article")
    assert "<html" not in part


def press(sandbox, path, **form):
    response = sandbox.control.post(path, data=form)
    assert (response.status_code, response.headers["location"]) == (303, "/")


def test_a_person_switches_a_fault_on_sees_it_and_takes_it_back(sandbox):
    press(sandbox, "/panel/faults", preset="drop", channel="*", times="2")
    html = page(sandbox, "/")
    assert html.count("<strong>รับโพสต์แล้ว แต่สายหลุดก่อนตอบ</strong>") == 2
    assert "เหลือ 2 ครั้ง" in html
    first = sandbox.faults()[0]["id"]
    press(sandbox, "/panel/faults/clear", id=str(first))
    assert len(sandbox.faults()) == 1
    press(sandbox, "/panel/faults/clear")
    assert "ไม่มีเหตุขัดข้อง" in page(sandbox, "/")


def test_every_preset_is_a_rule_that_can_strike(sandbox):
    names = re.findall(r'<option value="(\w+)">', page(sandbox, "/"))
    for name in names:
        press(sandbox, "/panel/faults", preset=name, channel="*", times="1")
    assert {rule["channel"] for rule in sandbox.faults()} == {"facebook", "x"}
    page(sandbox, "/")


@pytest.mark.parametrize(
    "form", [{}, {"preset": "nope", "channel": "x"}, {"preset": "credits", "channel": "facebook"}]
)
def test_a_fault_that_fits_nothing_is_not_made(sandbox, form):
    press(sandbox, "/panel/faults", **form)
    assert sandbox.faults() == []


def test_the_clock_steps_forward_and_returns(sandbox):
    press(sandbox, "/panel/clock", step="day")
    assert 86_000 < sandbox.ask("GET", "/__control/clock")["offset_s"] < 87_000
    assert "เลื่อนจากเวลาจริง" in page(sandbox, "/")
    press(sandbox, "/panel/clock", step="real")
    assert sandbox.ask("GET", "/__control/clock")["mode"] == "real"


def test_starting_over_needs_a_tick(sandbox, graph):
    graph.publish("อย่าเพิ่งลบ")
    press(sandbox, "/panel/reset")
    assert len(sandbox.ledger()) == 1
    press(sandbox, "/panel/reset", sure="on")
    assert sandbox.ledger() == []


def test_buttons_of_another_site_do_nothing(sandbox):
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = sandbox.control.post("/panel/faults", data={"preset": "drop", "channel": "x"}, headers=headers)
    assert response.status_code == 403
    assert sandbox.faults() == []


def test_requests_received_are_listed_with_their_result(sandbox, x):
    x.post("ก" * 400)
    html = page(sandbox, "/")
    assert "POST /2/tweets" in html
    assert '<span class="pill bad">403</span>' in html
