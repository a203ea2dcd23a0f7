"""Events, posts, approvals and the queue, as the pages do them."""

from datetime import timedelta

import pytest

from core.clock import SystemClock, bangkok
from tests.builders import jpeg

SOON = bangkok(SystemClock().now()) + timedelta(days=40)
DAY = SOON.strftime("%Y-%m-%d")
BODIES = ("--facebook", "เชิญร่วมงานลอยกระทง", "--x", "ลอยกระทง")


@pytest.fixture
def event(rukon, team):
    return rukon.json(
        "events", "add", "ลอยกระทง (ตัวอย่าง)", "--start", f"{DAY}T17:00", "--end", f"{DAY}T23:00",
        "--place", "สะพานพระราม 8", who="officer",
    )  # fmt: skip


@pytest.fixture
def waiting(rukon, team, accounts):
    return rukon.json("posts", "add", "ลอยกระทง", *BODIES, "--due", f"{DAY}T09:00", "--submit", who="officer")


@pytest.fixture
def approved(rukon, waiting):
    return rukon.json("approve", waiting["id"], who="approver")


def test_an_event_is_entered_listed_and_shown(rukon, event):
    assert event["starts_at"] == f"{DAY}T17:00:00+07:00"
    listed = rukon.json("events", "list", "--from", DAY, "--to", DAY)["events"]
    assert [row["title"] for row in listed] == ["ลอยกระทง (ตัวอย่าง)"]
    assert rukon.json("events", "show", event["id"])["posts"] == []
    assert "สะพานพระราม 8" in rukon("events", "show", event["id"]).stdout


def test_an_all_day_event_takes_the_whole_day(rukon, team):
    thai = f"{SOON.day}/{SOON.month}/{SOON.year + 543}"
    row = rukon.json("events", "add", "วันหยุด", "--start", thai, "--all-day", who="officer")
    assert (row["starts_at"], row["ends_at"]) == (f"{DAY}T00:00:00+07:00", f"{DAY}T23:59:00+07:00")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("29/2/2564 09.00", "", "28 วัน"),
        (f"{DAY}T17:00", f"{DAY}T16:00", "มาก่อนเวลาเริ่ม"),
        (DAY, "", "เวลา"),
        (f"{DAY} 25.61", "", "25.61"),
    ],
)
def test_an_impossible_time_is_refused_in_words(rukon, team, start, end, words):
    refused = rukon("events", "add", "งาน", "--start", start, "--end", end, who="officer", code=3)
    assert words in refused.stderr


def test_the_wave_is_offered_and_then_written(rukon, event):
    offers = rukon.json("events", "wave", event["id"])["offers"]
    assert [offer["key"] for offer in offers] == ["T-7", "T-3", "T-1", "T", "recap"]
    written = rukon.json("events", "wave", event["id"], "--write", "--only", "T-7", who="officer")["posts"]
    assert [post["kind"] for post in written] == ["announce"]
    rukon("events", "wave", event["id"], "--write", "--only", "T-7", who="officer", code=3)


def test_a_cancelled_event_holds_its_posts(rukon, event, accounts):
    post = rukon.json("events", "wave", event["id"], "--write", "--only", "T-7", who="officer")["posts"][0]
    rukon("posts", "submit", post["id"], who="officer")
    rukon("approve", post["id"], who="approver")
    assert rukon.json("events", "cancel", event["id"], "--reason", "ฝนตกหนัก", who="officer")["held"] == 2
    states = {row["state"] for row in rukon.json("queue", "list")["deliveries"]}
    assert states == {"held"}


def test_an_event_is_confirmed_put_off_and_held_only_after_it_began(rukon, event):
    assert rukon.json("events", "confirm", event["id"], who="officer")["state"] == "confirmed"
    rukon("events", "held", event["id"], who="officer", code=3)
    rukon("events", "postpone", event["id"], "--reason", "รอวันใหม่", who="officer")
    assert rukon.json("events", "show", event["id"])["state"] == "postponed"


def test_a_post_with_a_picture_needs_words_for_it(rukon, team, tmp_path):
    picture = tmp_path / "กระทง.jpg"
    picture.write_bytes(jpeg())
    words = ("posts", "add", "ภาพ", "--x", "ลอยกระทง", "--image", picture)
    assert "คำอธิบายภาพ" in rukon(*words, who="officer", code=3).stderr
    assert rukon.json(*words, "--alt-text", "กระทงใบตอง", who="officer")["media"]


def test_a_post_is_followed_from_draft_to_history(rukon, approved):
    shown = rukon.json("posts", "show", approved["id"])
    assert [row["channel"] for row in shown["deliveries"]] == ["facebook", "x"]
    assert {entry["what"] for entry in shown["history"]} >= {"in_review", "approved", "post.create"}
    assert "อนุมัติแล้ว" in rukon("posts", "show", approved["id"]).stdout


def test_a_post_is_recalled_and_withdrawn(rukon, waiting):
    assert rukon.json("posts", "recall", waiting["id"], who="officer")["state"] == "returned"
    gone = rukon.json("posts", "withdraw", waiting["id"], "--reason", "ไม่ใช้แล้ว", who="officer")
    assert gone["state"] == "withdrawn"
    assert rukon.json("posts", "list", "--state", "withdrawn")["posts"][0]["id"] == waiting["id"]


def test_nobody_approves_their_own_post(rukon, waiting):
    assert "อนุมัติเองไม่ได้" in rukon("approve", waiting["id"], who="officer", code=3).stderr
    assert rukon.json("approvals", "list", who="approver")["waiting"][0]["own"] is False


def test_a_post_is_returned_with_a_reason(rukon, waiting):
    rukon("return", waiting["id"], "--reason", " ", who="approver", code=3)
    rukon("return", waiting["id"], "--reason", "เพิ่มเวลาเปิด", who="approver")
    assert "เพิ่มเวลาเปิด" in rukon("posts", "show", waiting["id"]).stdout


def test_a_line_of_the_queue_is_held_released_moved_hurried_and_given_up(rukon, approved):
    first, second = (row["id"] for row in approved["deliveries"])
    assert rukon.json("queue", "hold", first, "--reason", "รอภาพ", who="officer")["state"] == "held"
    assert rukon.json("queue", "release", first, who="officer")["state"] == "scheduled"
    assert (
        rukon.json("queue", "move", first, f"{DAY}T10:30", who="officer")["due_at"] == f"{DAY}T10:30:00+07:00"
    )
    assert rukon.json("queue", "now", first, who="officer")["due_at"] < f"{DAY}"
    assert rukon.json("queue", "cancel", second, who="officer")["state"] == "cancelled"
    assert [row["id"] for row in rukon.json("queue", "list")["deliveries"]] == [first]
    assert len(rukon.json("queue", "list", "--all")["deliveries"]) == 2


def test_publishing_is_stopped_by_one_person_and_resumed_by_another(rukon, approved):
    assert rukon.json("queue", "stop-all", "--reason", "ซ้อม", who="approver") == {
        "waiting": 2,
        "in_flight": 0,
    }
    rukon("queue", "resume", who="approver", code=3)
    assert rukon.json("queue", "resume", who="administrator") == {"overdue": 0, "missed": 0}


def test_an_empty_desk_says_so(rukon, team):
    assert rukon.json("queue", "desk")["deliveries"] == []
    assert "ไม่มีรายการ" in rukon("queue", "desk").stdout
    rukon("queue", "decide", 1, "leave", who="approver", code=3)
