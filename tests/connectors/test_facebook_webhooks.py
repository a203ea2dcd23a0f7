"""What Facebook tells unasked: the challenge, the signature over the raw bytes, what changed."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.facebook.webhooks import challenge, changes, signed

SECRET = "0123456789abcdef"
ASKED = {"hub.mode": "subscribe", "hub.verify_token": "ours", "hub.challenge": "1158201444"}


def sign(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_the_challenge_is_echoed_to_who_knows_the_verify_token():
    assert challenge(ASKED, "ours") == "1158201444"


@pytest.mark.parametrize(
    "wrong",
    [{"hub.verify_token": "theirs"}, {"hub.verify_token": "ไทย"}, {"hub.mode": "unsubscribe"}],
)
def test_nobody_else_is_answered(wrong):
    assert challenge(ASKED | wrong, "ours") is None


def test_an_office_without_a_verify_token_answers_nobody():
    assert challenge(ASKED | {"hub.verify_token": ""}, "") is None
    assert challenge({}, "ours") is None


@given(st.binary(), st.binary(min_size=1))
def test_the_signature_holds_for_these_bytes_and_no_others(body, more):
    assert signed(body, sign(body), SECRET)
    assert not signed(body + more, sign(body), SECRET)


def test_writing_the_same_json_in_other_bytes_breaks_the_signature():
    raw = b'{"message": "\\u0e44\\u0e17\\u0e22"}'  # as Meta escapes it
    again = json.dumps(json.loads(raw), ensure_ascii=False).encode()
    assert signed(raw, sign(raw), SECRET)
    assert not signed(again, sign(raw), SECRET)


@pytest.mark.parametrize("header", ["", "sha256=", "sha1=abc", "ไทย", sign(b"x", "other secret")])
def test_a_wrong_or_missing_signature_is_refused(header):
    assert not signed(b"x", header, SECRET)


def test_without_an_app_secret_nothing_is_believed():
    assert not signed(b"x", sign(b"x", ""), "")


def told(*values: dict, field: str = "feed") -> bytes:
    found = [{"field": field, "value": value} for value in values]
    return json.dumps(
        {"object": "page", "entry": [{"id": "1025", "time": 1700000000, "changes": found}]}
    ).encode()


COMMENT = {
    "item": "comment",
    "verb": "add",
    "post_id": "1025_9",
    "comment_id": "9_10",
    "parent_id": "1025_9",
    "created_time": 1700000100,
    "message": "งานเริ่มกี่โมงคะ",
}


def test_changes_name_page_item_verb_and_ids():
    (change,) = changes(told(COMMENT))
    assert (change.page_id, change.item, change.verb) == ("1025", "comment", "add")
    assert (change.post_id, change.comment_id, change.parent_id) == ("1025_9", "9_10", "1025_9")
    assert change.at == datetime.fromtimestamp(1700000100, UTC)


def test_a_bundle_is_taken_apart_and_what_is_of_another_kind_left_out():
    body = told(
        COMMENT, {"item": "reaction", "verb": "add"}, {"verb": "add"}, COMMENT | {"created_time": "now"}
    )
    assert [change.item for change in changes(body)] == ["comment", "reaction"]
    assert changes(told(COMMENT, field="mention")) == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"cut", b"[]", b'{"object": "user"}', b'{"object": "page", "entry": 7}', b'{"object": "page"}'],
)
def test_a_body_of_another_shape_tells_nothing(body):
    assert changes(body) == ()


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["object", "entry", "changes", "field", "value", "item", "verb", "time", "id"]
                ),
                inner,
            )
        ),
    )
)
def test_no_json_whatever_breaks_the_reading(value):
    body = json.dumps({"object": "page", "entry": value}).encode()
    assert isinstance(changes(body), tuple)
