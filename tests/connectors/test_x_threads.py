"""Threads, polls and answers on X: what is sent, and how it is found again by what it answers."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base import Access, Message, OutcomeUnknown, Poll, Rejected
from connectors.x.connector import XConnector
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, MessageKind
from tests.connectors.conftest import NOON
from tests.connectors.stand_in import Reply


@pytest.fixture
def x(sandbox) -> XConnector:
    sandbox.set_clock(NOON.isoformat())
    return XConnector(Settings(x_url=sandbox.base_url, read_timeout_s=10), SetClock(NOON))


@pytest.fixture
def me(sandbox) -> Access:
    told = sandbox.credentials("x")
    return Access(Channel.X, told["external_id"], told["secrets"])


@pytest.fixture
def stood_in(stand_in) -> XConnector:
    return XConnector(Settings(x_url=stand_in.url), SetClock(NOON))


def publish(x: XConnector, me: Access, message: Message) -> str:
    with x.open(me) as line:
        return line.publish(message).remote_id


def test_a_thread_of_five_is_found_part_by_part_by_what_each_answers(x, me, sandbox):
    first = above = publish(x, me, Message("ตอนที่ 1"))
    for part in range(2, 6):
        above = publish(x, me, Message(f"ตอนที่ {part}", reply_to=above))
    posts = x.find(me, NOON - timedelta(minutes=1)).posts
    assert [post.text for post in posts] == [f"ตอนที่ {part}" for part in range(5, 0, -1)]
    chain = {post.remote_id: post.reply_to for post in posts}
    assert chain[first] == ""
    ids = [post["id"] for post in sandbox.ledger("x")]
    assert [chain[one] for one in ids[1:]] == ids[:-1]


def test_a_part_whose_answer_is_lost_is_found_by_its_parent_and_text(x, me, sandbox):
    first = publish(x, me, Message("หัวข้อ"))
    sandbox.fault("x", "publish", "accept_then_drop")
    with pytest.raises(OutcomeUnknown):
        publish(x, me, Message("ตอนที่ 2", reply_to=first))
    (found,) = [post for post in x.find(me, NOON - timedelta(minutes=1)).posts if post.reply_to == first]
    assert found.text == "ตอนที่ 2"
    assert x.read(me, found.remote_id).reply_to == first


def test_a_poll_and_who_may_answer_go_out_as_said(x, me, sandbox):
    publish(
        x,
        me,
        Message("ไปงานไหม", poll=Poll(("ไป", "ไม่ไป"), 1440), reply_settings="following"),
    )
    (post,) = sandbox.ledger("x")
    assert post["poll"] == {"options": ["ไป", "ไม่ไป"], "duration_minutes": 1440}
    assert post["reply_settings"] == "following"


def test_an_answer_to_a_stranger_is_refused_and_to_somebody_who_asked_us_is_not(x, me, sandbox):
    [other] = sandbox.add_accounts("x", 1)
    theirs = replace(me, external_id=other["external_id"], secrets=other["secrets"])
    silent = publish(x, theirs, Message("ไม่ได้ถามใคร"))
    asking = publish(x, theirs, Message("@pr_sandbox_demo งานเริ่มกี่โมง"))
    with pytest.raises(Rejected) as trouble:
        publish(x, me, Message("แทรก", reply_to=silent, kind=MessageKind.COMMENT))
    assert trouble.value.code == "reply_refused"
    answer = publish(x, me, Message("เริ่ม 17.00 น.", reply_to=asking, kind=MessageKind.COMMENT))
    assert x.read(me, answer).reply_to == asking


@pytest.mark.parametrize("vocabulary", ["referenced_tweets", "referenced_posts"])
def test_what_a_post_answers_is_understood_in_both_vocabularies(stood_in, stand_in, user, vocabulary):
    row = {
        "id": "5", "text": "ต่อ", "created_at": "2026-11-23T04:30:00.000Z",
        vocabulary: [{"type": "quoted", "id": "1"}, {"type": "replied_to", "id": "4"}],
    }  # fmt: skip
    stand_in.say(Reply({"data": [row], "meta": {"result_count": 1}}))
    assert stood_in.find(user, NOON).posts[0].reply_to == "4"


def test_a_post_of_our_own_is_read_from_the_timeline_at_a_fifth_of_the_price(x, me, sandbox):
    post = publish(x, me, Message("อ่านถูก"))
    publish(x, me, Message("ถัดมา"))
    sandbox.clear_log()
    assert x.read(me, post).text == "อ่านถูก"
    (asked,) = sandbox.log("x")
    assert asked["path"].endswith("/tweets")
    assert sandbox.prices()["items"]["owned_read"] == 1


def test_a_post_that_the_timeline_does_not_show_yet_is_read_by_its_id(x, me, sandbox):
    post = publish(x, me, Message("ยังไม่ขึ้นไทม์ไลน์"))
    sandbox.fault("x", "timeline", "visibility_delay", times=None, seconds=60)
    assert x.read(me, post).text == "ยังไม่ขึ้นไทม์ไลน์"


def test_taking_away_twice_is_taken_away(x, me, sandbox):
    post = publish(x, me, Message("ลบ"))
    x.delete(me, post)
    x.delete(me, post)
    assert x.read(me, post) is None


def test_a_deletion_that_x_answers_with_404_is_done_and_one_it_refuses_is_not(stood_in, stand_in, user):
    stand_in.say(Reply({"title": "Not Found Error"}, 404))
    stood_in.delete(user, "17")
    stand_in.say(Reply({"detail": "You are not permitted to perform this action."}, 403))
    with pytest.raises(Rejected):
        stood_in.delete(user, "17")


POST = "2124898544362979328"


def said(number: str, author: str = "7", **more: Any) -> dict[str, Any]:
    return {
        "id": number, "text": f"@เรา {number}", "created_at": "2026-11-23T04:30:00.000Z", "author_id": author,
        "conversation_id": POST, "public_metrics": {"like_count": 2}, **more,
    }  # fmt: skip


def test_answers_under_a_post_are_the_mentions_of_its_conversation(stood_in, stand_in, user):
    reply = [{"type": "replied_to", "id": "31"}]
    stand_in.say(
        Reply({"data": [said("33", referenced_tweets=reply)], "meta": {"next_token": "more"}}),
        Reply(
            {
                "data": [
                    said("32", author="4401", referenced_tweets=[{"type": "replied_to", "id": POST}]),
                    said("31", note_tweet={"text": "ยาว"}),
                    said("30", conversation_id="9"),
                ],
                "meta": {},
            }
        ),
    )
    found = stood_in.read_comments(user, POST)
    assert [one.remote_id for one in found.rows] == ["33", "32", "31"]
    assert [one.parent_id for one in found.rows] == ["31", "", ""]
    assert [one.ours for one in found.rows] == [False, True, False]
    assert (found.rows[2].text, found.rows[2].likes, found.complete) == ("ยาว", 2, True)
    first = stand_in.seen[0]
    assert first.path == "/2/users/4401/mentions"
    assert first.query["start_time"] == "2026-11-23T16:11:06Z"  # a post's id tells when it was made


def test_mentions_beyond_what_x_keeps_are_not_complete(stood_in, stand_in, user):
    stand_in.say(Reply(json.dumps({"data": [said("33")] * 100, "meta": {"next_token": "more"}})))
    found = stood_in.read_comments(user, POST, datetime(2026, 11, 23, tzinfo=UTC))
    assert (len(stand_in.seen), found.complete) == (8, False)


def test_an_id_that_tells_no_time_has_no_answers(stood_in, stand_in, user):
    assert stood_in.read_comments(user, "no number").rows == ()
    assert stand_in.seen == []


def test_answers_are_hidden_by_hand(stood_in, user):
    with pytest.raises(Rejected) as trouble:
        stood_in.hide_comment(user, "33", hidden=True)
    assert trouble.value.code == "hide_by_hand"
