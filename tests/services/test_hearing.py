"""What Facebook tells us: only signed words, each once, none too old; then the post is looked at soon."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, Unavailable
from core.vocab import Channel, CommentState
from models import Comment, CommentLook, Delivery, WebhookNote
from services import accounts, apps, comments, hearing, incarnations, publishing
from tests.builders import START, make_approved
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.services import platforms
from tests.web.site import serving

SECRET = "app-secret-of-the-office"
NAME = "สมชาย ใจดี"


def word(at=START, **more) -> dict:
    value = {
        "item": "comment", "verb": "add", "post_id": "7_1", "comment_id": "1_2", "parent_id": "7_1",
        "from": {"id": "99", "name": NAME}, "message": "มีที่จอดรถไหมคะ",
        "created_time": int(at.timestamp()), **more,
    }  # fmt: skip
    return {"id": "7", "time": int(at.timestamp()), "changes": [{"field": "feed", "value": value}]}


def told(*entries) -> bytes:
    return json.dumps({"object": "page", "entry": list(entries)}).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture
def ready(rt):
    apps.keep_app(rt, Channel.FACEBOOK, "900", SECRET, None)


def notes(rt) -> list[WebhookNote]:
    with rt.sessions.begin() as session:
        return list(session.scalars(select(WebhookNote).order_by(WebhookNote.id)))


@pytest.mark.usefixtures("ready")
def test_a_signed_word_is_taken_down_without_names_or_words(rt):
    body = told(word())
    assert r"\u0e" in body.decode(), "Facebook escapes what is not ASCII; the signature is over these bytes"
    assert hearing.hear(rt, body, signature(body)) == 1
    (note,) = notes(rt)
    assert (note.external_id, note.post_id, note.told_at, note.done_at) == ("7", "7_1", START, None)
    kept = str(vars(note))
    assert not any(one in kept for one in (NAME, "ที่จอดรถ", "99"))


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("wrong", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "ลายเซ็น"])
def test_what_facebook_did_not_sign_is_refused(rt, wrong):
    assert hearing.hear(rt, told(word()), wrong) is None
    assert notes(rt) == []


@pytest.mark.usefixtures("ready")
def test_a_signature_holds_for_its_own_bytes_and_secret_only(rt):
    body = told(word())
    assert hearing.hear(rt, body + b" ", signature(body)) is None
    assert (
        hearing.hear(rt, json.dumps(json.loads(body), ensure_ascii=False).encode(), signature(body)) is None
    )
    assert hearing.hear(rt, body, signature(body, "another secret")) is None


def test_without_an_app_nothing_is_signed(rt):
    body = told(word())
    assert hearing.hear(rt, body, signature(body, "")) is None
    assert (
        hearing.answer_challenge(rt, {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"})
        is None
    )


@pytest.mark.usefixtures("ready")
def test_the_same_word_again_or_in_another_bundle_is_one_word(rt):
    first, second = word(), word(comment_id="1_3")
    for entries, new in (((first,), 1), ((first,), 0), ((second, first), 1), ((second, second), 0)):
        body = told(*entries)
        assert hearing.hear(rt, body, signature(body)) == new
    assert len(notes(rt)) == 2


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("age", "taken"),
    [(timedelta(hours=48), 1), (timedelta(hours=48, seconds=1), 0),
     (timedelta(minutes=-10), 1), (timedelta(minutes=-11), 0)],
)  # fmt: skip
def test_a_word_replayed_days_later_changes_nothing(rt, age, taken):
    body = told(word(START - age))
    assert hearing.hear(rt, body, signature(body)) == taken


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"not json", told({"id": "7"}), told(word(item="reaction"))]
)
def test_signed_words_of_another_shape_are_taken_calmly(rt, body):
    assert hearing.hear(rt, body, signature(body)) == 0


@pytest.mark.usefixtures("ready")
def test_what_was_acted_upon_is_forgotten_after_a_week(rt):
    body = told(word())
    hearing.hear(rt, body, signature(body))
    assert (hearing.act(rt), hearing.act(rt)) == (1, 0)
    rt.clock.advance(timedelta(days=8))
    hearing.act(rt)
    assert notes(rt) == []


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[SandboxHandle]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


@pytest.fixture
def online(data_dir, sandbox):
    with platforms.online(data_dir, sandbox) as runtime:
        platforms.keep_apps(runtime, sandbox)
        yield runtime


def test_a_question_told_by_facebook_itself_waits_here_moments_later(online, sandbox, team):
    rt = online
    account = accounts.add_account(rt, sandbox.credentials(Channel.FACEBOOK), None)
    accounts.check_account(rt, account.id)
    (delivery,) = make_approved(rt, team.officer, team.approver, bodies={Channel.FACEBOOK: "ลอยกระทง"},
                                due_at=START + timedelta(minutes=1))  # fmt: skip
    platforms.advance(rt, sandbox, START + timedelta(minutes=1))
    life = incarnations.be_born(rt, "test")
    publishing.drain(rt, life)
    incarnations.die(rt, life)
    comments.collect_comments(rt)
    with rt.sessions.begin() as session:
        remote_id = session.get_one(Delivery, delivery.id).remote_id
        secret = apps.verify_token(rt, session, Channel.FACEBOOK)
    with serving(rt) as url:
        refused = httpx.get(
            f"{url}/webhooks/facebook", params={"hub.mode": "subscribe", "hub.verify_token": "guess"}
        )
        assert refused.status_code == 403
        assert httpx.post(f"{url}/webhooks/facebook", content=b"{}").status_code == 403
        sandbox.ask(
            "POST",
            "/__control/webhook",
            {"url": f"{url}/webhooks/facebook", "verify_token": secret, "repeat": 3},
        )
        hearing.subscribe(rt, account.id, team.administrator)
        sandbox.ask("POST", "/__control/comments", {"post": remote_id, "text": "มีที่จอดรถไหมคะ", "name": NAME})
        tellings = _settled(sandbox)
    assert [one["status"] for one in tellings] == [200] * 3
    assert len(notes(rt)) == 1
    hearing.act(rt)
    with rt.sessions.begin() as session:
        assert session.get_one(CommentLook, delivery.id).next_at == rt.clock.now()
    comments.collect_comments(rt)
    with rt.sessions.begin() as session:
        (comment,) = session.scalars(select(Comment)).all()
        assert (comment.body, comment.state) == ("มีที่จอดรถไหมคะ", CommentState.WAITING)


def _settled(sandbox: SandboxHandle) -> list[dict]:
    """Ask until every message has its answer: the sandbox tells in the background."""
    for _ in range(2000):
        told_so_far = list(sandbox.ask("GET", "/__control/webhook")["told"])
        if len(told_so_far) >= 3 and all(one["status"] is not None for one in told_so_far):
            return told_so_far
    raise AssertionError(told_so_far)


def test_only_what_can_tell_is_asked_to(online, sandbox, team):
    user = accounts.add_account(online, sandbox.credentials(Channel.X), None)
    page = accounts.add_account(online, sandbox.credentials(Channel.FACEBOOK), None)
    with pytest.raises(Conflict, match="cannot_tell"):
        hearing.subscribe(online, user.id, None)
    with pytest.raises(Forbidden):
        hearing.subscribe(online, page.id, team.officer)
    sandbox.wear_token("facebook", platforms.PAGE, dead=463)
    with pytest.raises(Unavailable, match="tell_refused"):
        hearing.subscribe(online, page.id, team.administrator)
