"""The sandbox tells a subscribed office about changes: challenged first, signed, repeated if wanted."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest

VERIFY = "our-verify-token"


class Ear(ThreadingHTTPServer):
    """An office's address that hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, str]] = []
        self.more = threading.Condition()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/webhooks/facebook"

    def wait(self, count: int) -> list[tuple[bytes, str]]:
        with self.more:
            assert self.more.wait_for(lambda: len(self.heard) >= count, 10)
            return self.heard


class _Handler(BaseHTTPRequestHandler):
    server: Ear

    def do_GET(self) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query))
        right = query.get("hub.verify_token") == VERIFY and query.get("hub.mode") == "subscribe"
        self._answer(200 if right else 403, query.get("hub.challenge", "").encode() if right else b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, b"")
        with self.server.more:
            self.server.heard.append((body, self.headers["X-Hub-Signature-256"]))
            self.server.more.notify_all()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Say nothing."""


@pytest.fixture
def ear() -> Iterator[Ear]:
    with Ear() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def listen(sandbox, ear, **more):
    return sandbox.ask("POST", "/__control/webhook", {"url": ear.url, "verify_token": VERIFY, **more})


def subscribe(graph, fields="feed"):
    return graph.ask("POST", f"{graph.page}/subscribed_apps", data={"subscribed_fields": fields})


def test_a_citizens_comment_is_told_signed_over_the_very_bytes(graph, sandbox, ear):
    listen(sandbox, ear)
    assert subscribe(graph).json() == {"success": True}
    post = graph.publish("ขอเชิญร่วมงาน")
    said = sandbox.ask("POST", "/__control/comments", {"post": post, "text": "กี่โมงคะ"})["comment"]
    ((body, signature),) = ear.wait(1)
    secret = graph.app["app_secret"].encode()
    assert signature == "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    assert b"\\u0e01" in body
    (entry,) = json.loads(body)["entry"]
    value = entry["changes"][0]["value"]
    assert (entry["id"], value["item"], value["verb"]) == (graph.page, "comment", "add")
    assert (value["comment_id"], value["post_id"], value["parent_id"]) == (said["id"], post, post)


def test_our_own_words_changes_and_removals_are_told_too(graph, sandbox, ear):
    listen(sandbox, ear, repeat=2)
    subscribe(graph, "feed,mention")
    post = graph.publish("ขอเชิญร่วมงาน")
    made = graph.ask("POST", f"{post}/comments", data={"message": "ยินดีค่ะ"}).json()["id"]
    graph.ask("POST", made, data={"message": "ยินดีมากค่ะ"})
    graph.ask("DELETE", made)
    verbs = [json.loads(body)["entry"][0]["changes"][0]["value"]["verb"] for body, _ in ear.wait(6)]
    assert sorted(verbs) == ["add", "add", "edited", "edited", "remove", "remove"]


def test_nobody_is_told_without_a_subscription(graph, sandbox, ear):
    listen(sandbox, ear)
    post = graph.publish("ขอเชิญร่วมงาน")
    say = {"post": post, "text": "กี่โมงคะ"}
    sandbox.ask("POST", "/__control/comments", say)
    assert sandbox.ask("GET", "/__control/webhook")["told"] == []
    subscribe(graph)
    assert graph.get(f"{graph.page}/subscribed_apps").json()["data"][0]["subscribed_fields"] == ["feed"]
    graph.ask("DELETE", f"{graph.page}/subscribed_apps")
    assert graph.get(f"{graph.page}/subscribed_apps").json()["data"] == []
    sandbox.ask("POST", "/__control/comments", say)
    assert sandbox.ask("GET", "/__control/webhook")["told"] == []


@pytest.mark.parametrize("token", ["theirs", ""])
def test_an_address_that_does_not_answer_the_challenge_is_not_taken(sandbox, ear, token):
    said = {"url": ear.url, "verify_token": token}
    assert sandbox.control.post("/__control/webhook", json=said).status_code == 400
    closed = {"url": "http://127.0.0.1:9/", "verify_token": VERIFY}
    assert sandbox.control.post("/__control/webhook", json=closed).status_code == 400
    assert sandbox.ask("GET", "/__control/webhook")["url"] == ""


def test_subscribing_needs_its_permission_and_known_fields(graph, sandbox):
    assert subscribe(graph, "feed,gossip").json()["error"]["code"] == 100
    sandbox.wear_token("facebook", graph.page, scopes=["pages_manage_posts"])
    assert subscribe(graph).json()["error"]["code"] == 10
