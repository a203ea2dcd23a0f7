import time

import httpx
import pytest
import requests

from sandbox.control import ERROR_NAMES
from tests.sandbox.clients import jpeg, texts

BROKEN = (httpx.RemoteProtocolError, httpx.ReadError, requests.ConnectionError)
PATIENCE_S = 5


def publish(channel, graph, x, text="ทดสอบเหตุขัดข้อง"):
    return graph.feed(message=text) if channel == "facebook" else x.post(text)


def wait_for(condition):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"


both = pytest.mark.parametrize("channel", ["facebook", "x"])


@both
def test_accepted_and_dropped_is_public_and_unanswered(sandbox, graph, x, channel):
    sandbox.fault(channel, "publish", "accept_then_drop")
    with pytest.raises(BROKEN):
        publish(channel, graph, x)
    assert len(sandbox.ledger(channel)) == 1
    [entry] = sandbox.log(channel, "publish")
    assert (entry["status"], entry["fault"]) == (0, "accept_then_drop")


@both
def test_dropped_before_is_neither_public_nor_answered(sandbox, graph, x, channel):
    sandbox.fault(channel, "publish", "drop_before")
    with pytest.raises(BROKEN):
        publish(channel, graph, x)
    assert sandbox.ledger(channel) == []


@both
def test_accepted_and_500_is_public_and_says_otherwise(sandbox, graph, x, channel):
    sandbox.fault(channel, "publish", "accept_then_500")
    response = publish(channel, graph, x)
    assert response.status_code == {"facebook": 500, "x": 503}[channel]
    assert len(sandbox.ledger(channel)) == 1


@both
def test_accepted_and_silent_leaves_the_client_to_its_time_out(sandbox, graph, x, channel):
    sandbox.fault(channel, "publish", "accept_then_hang", seconds=0.3)
    with pytest.raises(BROKEN):
        publish(channel, graph, x)
    assert len(sandbox.ledger(channel)) == 1


def test_a_client_that_gives_up_on_a_silent_server_leaves_it_well(sandbox, graph):
    sandbox.fault("facebook", "publish", "hang_before", seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        graph.ask("POST", f"{graph.page}/feed", data={"message": "รอไม่ไหว"}, timeout=0.2)
    assert sandbox.ledger() == []
    assert graph.get("me").status_code == 200


@both
def test_a_zombie_lands_after_its_connection_is_gone(sandbox, graph, x, channel):
    sandbox.fault(channel, "publish", "zombie", seconds=0.3)
    with pytest.raises(BROKEN):
        publish(channel, graph, x)
    assert sandbox.ledger(channel) == []
    wait_for(lambda: len(sandbox.ledger(channel)) == 1)


def test_a_good_post_with_a_garbled_answer_is_public(sandbox, x):
    sandbox.fault("x", "publish", "broken_json")
    response = x.post("ขาดครึ่ง")
    assert response.status_code == 201
    with pytest.raises(requests.JSONDecodeError):
        response.json()
    assert len(sandbox.ledger("x")) == 1


@pytest.mark.parametrize("channel", ["facebook", "x"])
def test_every_named_error_can_be_had_and_publishes_nothing(sandbox, graph, x, channel):
    for name in sorted(ERROR_NAMES[channel]):
        sandbox.fault(channel, "publish", "error", name=name)
        response = publish(channel, graph, x, f"ข้อความ {name}")
        assert response.status_code >= 400 or name == "success_false", name
        assert "Traceback" not in response.text
    assert sandbox.ledger() == []
    assert publish(channel, graph, x).status_code in (200, 201)


def test_an_error_may_follow_a_post_that_was_accepted(sandbox, graph):
    sandbox.fault("facebook", "publish", "error", name="html_502", accepted=True)
    response = graph.feed(message="รับแล้ว")
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert len(sandbox.ledger("facebook")) == 1


def test_a_throttled_page_is_told_how_long(sandbox, graph):
    sandbox.fault("facebook", "publish", "error", name="rate_limited", regain_minutes=17)
    response = graph.feed(message="ถี่เกินไป")
    assert response.json()["error"]["code"] == 32
    assert '"estimated_time_to_regain_access": 17' in response.headers["x-business-use-case-usage"]


def test_a_throttled_user_is_told_when_it_ends(sandbox, x):
    sandbox.set_clock("2026-11-23T05:01:00Z")
    sandbox.fault("x", "publish", "error", name="rate_limited", reset_s=120)
    response = x.post("ถี่เกินไป")
    assert (response.status_code, response.headers["x-rate-limit-remaining"]) == (429, "0")
    assert int(response.headers["x-rate-limit-reset"]) == 1_795_410_060 + 120


def test_a_401_fault_has_no_rate_headers(sandbox, x):
    sandbox.fault("x", "publish", "error", name="unauthorized")
    assert "x-rate-limit-limit" not in x.post("ไม่รู้จัก").headers


def test_a_chance_strikes_its_share_of_the_calls(sandbox, x):
    sandbox.settings(duplicate_window_s=0, x_enforce_limits=False)
    rule = {"channel": "x", "operation": "publish", "kind": "drop_before", "times": None, "chance": 0.5}
    sandbox.ask("POST", "/__control/faults", rule)
    lost = 0
    for number in range(40):
        try:
            x.post(f"ครั้งที่ {number}")
        except BROKEN:
            lost += 1
    assert 5 < lost < 35
    assert len(sandbox.ledger("x")) == 40 - lost


def test_a_repeated_text_is_refused_unless_that_is_switched_off(sandbox, graph):
    assert graph.feed(message="ซ้ำ").status_code == 200
    assert graph.feed(message="ซ้ำ").status_code == 400
    sandbox.settings(duplicate_window_s=0)
    assert graph.feed(message="ซ้ำ").status_code == 200


def test_a_fault_lasts_for_its_number_of_calls(sandbox, x):
    sandbox.fault("x", "publish", "error", times=2, name="unavailable")
    statuses = [x.post(f"ครั้งที่ {number}").status_code for number in range(3)]
    assert statuses == [503, 503, 201]
    assert sandbox.faults()[0]["hits"] == 2


def test_a_marker_picks_the_text_it_strikes(sandbox, graph):
    sandbox.fault("facebook", "publish", "accept_then_500", times=None, marker="#หลุด")
    assert graph.feed(message="ปกติ").status_code == 200
    assert graph.feed(message="ข้อความ #หลุด").status_code == 500
    assert len(sandbox.ledger("facebook")) == 2


def test_an_account_picks_whom_it_strikes(sandbox, graph, x):
    sandbox.fault("*", "publish", "error", times=None, account=x.user, name="server_error")
    assert graph.feed(message="เพจไม่โดน").status_code == 200
    assert x.post("บัญชีโดน").status_code == 503


@pytest.mark.parametrize("operation", ["media", "timeline", "read", "account"])
def test_reads_and_uploads_fail_on_their_own(sandbox, graph, x, operation):
    post, other = graph.publish("ก่อน"), x.publish("ก่อน")
    sandbox.fault("*", operation, "error", times=None, name="server_error")
    calls = {
        "media": (lambda: graph.photo(jpeg(), published="false"), lambda: x.upload(jpeg())),
        "timeline": (
            lambda: graph.get(f"{graph.page}/published_posts"),
            lambda: x.get(f"/2/users/{x.user}/tweets"),
        ),
        "read": (lambda: graph.get(post), lambda: x.get(f"/2/tweets/{other}")),
        "account": (lambda: graph.get("me"), lambda: x.get("/2/users/me")),
    }
    assert [call().status_code for call in calls[operation]] == [500, 503]
    assert publish("facebook", graph, x, "ยังเผยแพร่ได้").status_code == 200


def test_staging_and_publishing_a_photo_are_two_operations(sandbox, graph):
    sandbox.fault("facebook", "publish", "error", name="server_error")
    assert graph.photo(jpeg(), published="false").status_code == 200
    assert graph.photo(jpeg()).status_code == 500


def test_a_fresh_post_can_be_hidden_from_read_back_by_the_clock(sandbox, graph, x):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    sandbox.fault("*", "timeline", "visibility_delay", seconds=30)
    graph.publish("ยังไม่ปรากฏ")
    post = x.publish("ยังไม่ปรากฏ")
    assert graph.posts() == []
    assert "data" not in x.timeline()
    assert x.get(f"/2/tweets/{post}").json()["data"]["id"] == post
    sandbox.set_clock("2026-11-23T05:00:30Z")
    assert texts(graph.posts()) == ["ยังไม่ปรากฏ"]
    assert len(x.timeline()["data"]) == 1


def test_latency_holds_every_call_and_other_faults_still_strike(sandbox, x):
    sandbox.fault("x", "*", "latency", times=None, ms=120)
    sandbox.fault("x", "publish", "error", name="unavailable")
    began = time.monotonic()
    assert x.post("ช้าและพัง").status_code == 503
    assert time.monotonic() - began >= 0.12


def test_an_accepted_kind_does_not_hide_a_real_refusal(sandbox, x):
    sandbox.fault("x", "publish", "accept_then_500")
    assert x.post("ก" * 400).status_code == 403
    assert sandbox.ledger() == []


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"channel": "x", "operation": "publish"},
        {"channel": "line", "operation": "publish", "kind": "drop_before"},
        {"channel": "x", "operation": "dance", "kind": "drop_before"},
        {"channel": "x", "operation": "publish", "kind": "explode"},
        {"channel": "x", "operation": "publish", "kind": "error", "params": {"name": "success_false"}},
        {"channel": "x", "operation": "publish", "kind": "drop_before", "colour": "red"},
        {"channel": "x", "operation": "publish", "kind": "drop_before", "times": 0},
        {"channel": "x", "operation": "publish", "kind": "drop_before", "chance": 1.5},
        {"channel": "x", "operation": "publish", "kind": "zombie", "params": {"seconds": "soon"}},
        {"channel": "x", "operation": "publish", "kind": "accept_then_500", "params": {"name": "nothing"}},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_reason(sandbox, rule):
    response = sandbox.control.post("/__control/faults", json=rule)
    assert response.status_code == 400
    assert response.json()["error"]
    assert sandbox.faults() == []


def test_rules_are_listed_and_taken_back_one_by_one(sandbox):
    first = sandbox.fault("x", "publish", "drop_before")
    second = sandbox.fault("x", "publish", "zombie")
    sandbox.ask("DELETE", "/__control/faults", {"id": first})
    assert [rule["id"] for rule in sandbox.faults()] == [second]
    sandbox.clear_faults()
    assert sandbox.faults() == []
