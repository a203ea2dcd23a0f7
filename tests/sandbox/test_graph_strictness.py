"""The fake Graph takes nothing it does not know, and shows nothing to who may not see it."""

import pytest

from tests.sandbox.conftest import graph_client


def code(response):
    return response.json()["error"]["code"]


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", "{page}/feed", {"message": "ก", "mesage": "ข"}),
        ("POST", "{page}/feed", {"message": "ก", "caption": "ข"}),
        ("POST", "{post}", {"text": "ก"}),
        ("POST", "{post}/comments", {"message": "ก", "reply_to": "1"}),
        ("POST", "{page}/videos", {"upload_phase": "start", "size": "5"}),
        ("GET", "{page}/published_posts", {"field": "id"}),
        ("GET", "{post}", {"metric": "shares"}),
        ("GET", "{post}/insights", {"metrics": "post_clicks"}),
        ("GET", "me", {"input_token": "x"}),
    ],
)
def test_an_unknown_parameter_is_refused_by_name(graph, sandbox, method, path, given):
    post = graph.publish("โพสต์")
    options = {"data": given} if method == "POST" else {"params": given}
    response = graph.ask(method, path.format(page=graph.page, post=post), **options)
    assert (response.status_code, code(response)) == (400, 100)
    assert any(name in response.json()["error"]["message"] for name in given)
    assert len(sandbox.ledger("facebook")) == 1


def test_a_list_written_as_form_fields_is_known(graph):
    first = {"attached_media[0]": "7"}
    assert "attached_media" in graph.feed(**first).json()["error"]["message"]


def test_every_page_has_its_own_comments_videos_and_subscriptions(graph, sandbox):
    [other] = sandbox.add_accounts("facebook", 1)
    foreign = graph_client(sandbox, other)
    post = foreign.publish("ของเพจอื่น")
    comment = foreign.ask("POST", f"{post}/comments", data={"message": "ของเพจอื่น"}).json()["id"]
    for method, path in (
        ("GET", f"{post}/comments"),
        ("POST", f"{post}/comments"),
        ("GET", comment),
        ("POST", comment),
        ("DELETE", comment),
        ("GET", f"{foreign.page}/videos"),
        ("POST", f"{foreign.page}/videos"),
        ("POST", f"{foreign.page}/subscribed_apps"),
    ):
        options = {"data": {"message": "บุกรุก"}} if method == "POST" and "comments" in path else {}
        assert graph.ask(method, path, **options).status_code in (400, 403)
    assert len(sandbox.ledger("facebook", kind="comment")) == 1


def test_answers_tell_the_sandbox_time(graph, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    assert graph.get("me").headers["date"] == "Mon, 23 Nov 2026 05:00:00 GMT"
