import hashlib
import hmac

import pytest

from tests.sandbox.conftest import graph_client


def proof(secret, token):
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def code(response):
    return response.json()["error"]["code"]


def test_the_token_travels_in_the_header_or_as_a_parameter(graph):
    bare = {"headers": {}}
    assert graph.get("me").json()["id"] == graph.page
    assert graph.ask("GET", "me", params={"access_token": graph.token}, **bare).json()["id"] == graph.page
    oauth = {"headers": {"Authorization": f"OAuth {graph.token}"}}
    assert graph.ask("GET", "me", **oauth).json()["id"] == graph.page


def test_no_token_and_an_unknown_token_are_refused(graph, sandbox):
    assert code(graph.ask("GET", "me", headers={})) == 104
    assert code(graph.ask("GET", "me", headers={"Authorization": "Bearer nonsense"})) == 190
    x_token = sandbox.credentials("x")["secrets"]["access_token"]
    assert code(graph.ask("GET", "me", headers={"Authorization": f"Bearer {x_token}"})) == 190


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467, 492])
def test_a_dead_token_is_refused_with_its_reason(graph, sandbox, subcode):
    sandbox.wear_token("facebook", graph.page, dead=subcode)
    body = graph.feed(message="ไม่ผ่าน").json()["error"]
    assert (body["code"], body["error_subcode"], body["type"]) == (190, subcode, "OAuthException")
    assert sandbox.ledger() == []


def test_a_token_expires_by_the_sandbox_clock(graph, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    sandbox.wear_token("facebook", graph.page, expires_at="2026-11-23T06:00:00Z")
    assert graph.get("me").status_code == 200
    sandbox.set_clock("2026-11-23T06:00:00Z")
    assert graph.get("me").json()["error"]["error_subcode"] == 463


def test_a_right_proof_is_accepted_and_a_wrong_one_refused(graph):
    right = proof(graph.app["app_secret"], graph.token)
    assert graph.get("me", appsecret_proof=right).status_code == 200
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    assert code(graph.get("me", appsecret_proof=wrong)) == 100


def test_the_proof_is_mandatory_when_the_app_says_so(graph, sandbox):
    sandbox.settings(require_proof=True)
    assert "appsecret_proof" in graph.get("me").json()["error"]["message"]
    assert graph.get("me", appsecret_proof=proof(graph.app["app_secret"], graph.token)).status_code == 200


def test_a_page_token_opens_its_own_page_only(graph, sandbox):
    [other] = sandbox.add_accounts("facebook", 1)
    foreign = graph_client(sandbox, other)
    post = foreign.publish("ของเพจอื่น")
    assert code(graph.ask("POST", f"{foreign.page}/feed", data={"message": "บุกรุก"})) == 200
    assert code(graph.get(f"{foreign.page}/published_posts")) == 10
    assert code(graph.get(post)) == 100
    assert code(graph.ask("DELETE", post)) == 100


@pytest.mark.parametrize("lost", [{"scopes": ["pages_read_engagement"]}, {"tasks": ["ANALYZE"]}])
def test_publishing_needs_the_scope_and_the_task(graph, sandbox, lost):
    sandbox.wear_token("facebook", graph.page, **lost)
    response = graph.feed(message="ไม่มีสิทธิ์")
    assert (response.status_code, code(response)) == (403, 200)


def test_a_lacking_scope_refuses_the_whole_field_list_and_names_itself(graph, sandbox):
    post = graph.publish("อ่านไม่ได้")
    sandbox.wear_token("facebook", graph.page, scopes=["pages_manage_posts", "pages_read_engagement"])
    assert graph.get(post, fields="id,shares").status_code == 200
    response = graph.get(post, fields="id,shares,comments.limit(0).summary(true)")
    assert (response.status_code, code(response)) == (403, 10)
    assert "pages_read_user_content" in response.json()["error"]["message"]
    assert "read_insights" in graph.get(f"{post}/insights", metric="post_clicks").json()["error"]["message"]


def test_the_person_sees_every_page_with_its_token(graph, sandbox):
    sandbox.add_accounts("facebook", 2)
    token = sandbox.ask("GET", "/__control/credentials")["facebook_user_token"]
    headers = {"Authorization": f"Bearer {token}"}
    rows = graph.ask("GET", "me/accounts", params={"limit": 100}, headers=headers).json()["data"]
    assert len(rows) == 3
    assert rows[0]["access_token"] == graph.token
    assert "CREATE_CONTENT" in rows[0]["tasks"]


def test_debug_token_tells_what_a_token_is_worth(graph, sandbox):
    app = f"{graph.app['app_id']}|{graph.app['app_secret']}"

    def debugged(token):
        headers = {"Authorization": f"Bearer {app}"}
        return graph.ask("GET", "debug_token", params={"input_token": token}, headers=headers).json()["data"]

    alive = debugged(graph.token)
    assert (alive["is_valid"], alive["type"], alive["profile_id"], alive["expires_at"]) == (
        True,
        "PAGE",
        graph.page,
        0,
    )
    assert "pages_manage_posts" in alive["scopes"]
    sandbox.wear_token("facebook", graph.page, dead=460, data_access_expires_at="2026-12-01T00:00:00Z")
    dead = debugged(graph.token)
    assert (dead["is_valid"], dead["error"]["subcode"]) == (False, 460)
    assert dead["data_access_expires_at"] == 1_796_083_200
    assert debugged("nonsense")["is_valid"] is False
