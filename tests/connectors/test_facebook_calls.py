"""How Facebook is called: token in the header, proof beside it, version pinned, what a publish sends."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
import structlog

from connectors.base import Access, Message, OutcomeUnknown, RetryLater
from core.vocab import Channel
from tests.connectors.conftest import CANARY, NOON
from tests.connectors.graph_replies import (
    CREATED,
    listing,
    row,
)
from tests.connectors.stand_in import Reply


def test_the_token_travels_in_a_header_with_its_proof_beside_it(facebook, stand_in, page):
    stand_in.say(listing(row(1)))
    facebook.find(page, NOON)
    (seen,) = stand_in.seen
    token, app_secret = page.secrets["page_token"], page.secrets["app_secret"]
    assert seen.path == "/graph/v26.0/1025/published_posts"
    assert seen.headers["Authorization"] == f"Bearer {token}"
    assert (
        seen.query["appsecret_proof"]
        == hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    )
    assert CANARY not in seen.address


def test_without_an_app_secret_there_is_no_proof(facebook, stand_in):
    stand_in.say(listing())
    facebook.find(Access(Channel.FACEBOOK, "1025", {"page_token": "EAAtoken"}), NOON)
    assert "appsecret_proof" not in stand_in.seen[0].query


def test_an_answer_of_another_version_is_told_in_the_log(facebook, stand_in, page):
    stand_in.say(Reply({"data": []}, headers={"facebook-api-version": "v25.0"}))
    with structlog.testing.capture_logs() as logs:
        facebook.find(page, NOON)
    assert [(one["event"], one["pinned"], one["served"]) for one in logs] == [
        ("facebook.version_drift", "v26.0", "v25.0")
    ]


def test_a_post_with_a_link_sends_message_link_and_asks_for_its_address(facebook, stand_in, page):
    stand_in.say(
        Reply(
            {"id": "1025_9", "permalink_url": "https://fb.example/9", "created_time": CREATED},
            headers={"x-fb-trace-id": "Atrace"},
        )
    )
    with facebook.open(page) as line:
        receipt = line.publish(Message("ข่าว", link="https://www.bangkok.go.th"))
    assert (receipt.remote_id, receipt.permalink, receipt.trace_id) == (
        "1025_9",
        "https://fb.example/9",
        "Atrace",
    )
    assert receipt.published_at == datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    form = stand_in.seen[0].form
    assert (form["message"], form["link"]) == ("ข่าว", "https://www.bangkok.go.th")
    assert "attached_media" not in form


def test_pictures_are_attached_by_their_staged_ids(facebook, stand_in, page):
    stand_in.say(Reply({"id": "1025_9"}))
    with facebook.open(page) as line:
        receipt = line.publish(Message("", media_ids=("71", "72")))
    form = stand_in.seen[0].form
    assert json.loads(form["attached_media"]) == [{"media_fbid": "71"}, {"media_fbid": "72"}]
    assert "message" not in form
    assert (receipt.permalink, receipt.published_at) == (None, None)


@pytest.mark.parametrize("body", [{}, {"id": 7}, {"success": True}, []])
def test_a_good_status_without_an_id_confirms_nothing(facebook, stand_in, page, body):
    stand_in.say(Reply(json.dumps(body)))
    with facebook.open(page) as line, pytest.raises(OutcomeUnknown) as trouble:
        line.publish(Message("ข่าว"))
    assert trouble.value.code == "answer_unreadable"


def test_a_photo_answer_without_an_id_may_be_repeated(facebook, stand_in, page, picture):
    stand_in.say(Reply({"success": True}))
    with pytest.raises(RetryLater):
        facebook.stage(page, picture)
