import json

import pytest

from tests.sandbox.clients import jpeg


def test_health_tells_that_it_runs(sandbox, graph):
    graph.publish("หนึ่ง")
    assert sandbox.ask("GET", "/__control/health")["posts"] == 1


def test_the_log_keeps_requests_and_no_credentials(sandbox, graph, x):
    secrets = [*graph.app.values(), *x.secrets.values()]
    graph.ask("GET", "me", params={"access_token": graph.token, "appsecret_proof": "0" * 64}, headers={})
    elements = [{"method": "GET", "relative_url": f"me?access_token={graph.token}"}]
    graph.ask("POST", "", data={"access_token": graph.token, "batch": json.dumps(elements)}, headers={})
    graph.photo(jpeg(), published="false")
    x.post("บันทึก")
    app = f"{graph.app['app_id']}|{graph.app['app_secret']}"
    graph.ask("GET", "debug_token", params={"input_token": graph.token, "access_token": app}, headers={})
    log = sandbox.log()
    assert [(entry["channel"], entry["operation"]) for entry in log] == [
        ("facebook", "account"),
        ("facebook", "batch"),
        ("facebook", "media"),
        ("x", "publish"),
        ("facebook", "account"),
    ]
    assert log[2]["params"]["source"].endswith("bytes image/jpeg>")
    assert log[3]["params"] == {"text": "บันทึก"}
    told = json.dumps(log)
    assert not [secret for secret in secrets if secret in told and secret != graph.app["app_id"]]
    sandbox.clear_log()
    assert sandbox.log() == []


def test_the_ledger_and_the_data_folder_hold_no_credentials(sandbox, graph, x):
    graph.publish("หนึ่ง")
    x.publish("หนึ่ง", media={"media_ids": [x.media(jpeg())]})
    kept = [line for path in sandbox.data.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    assert [line for line in kept if "SANDBOX" in line] == []


@pytest.mark.parametrize("said", [{}, {"now": "tomorrow"}, {"offset_s": "much"}, {"real": False}])
def test_a_clock_that_makes_no_sense_is_refused(sandbox, said):
    assert sandbox.control.post("/__control/clock", json=said).status_code == 400


def test_the_clock_stands_still_shifts_and_returns(sandbox, graph):
    sandbox.set_clock("2020-10-24T09:00:00+07:00")
    post = graph.publish("ลอยกระทง 2563")
    assert graph.get(post, fields="created_time").json()["created_time"] == "2020-10-24T02:00:00+0000"
    assert sandbox.set_clock(offset_s=-3600)["mode"] == "offset"
    assert sandbox.set_clock()["mode"] == "real"


@pytest.mark.parametrize("said", [{"nonsense": 1}, {"app_usage": "much"}, {"require_proof": 1}])
def test_settings_that_make_no_sense_change_nothing(sandbox, said):
    before = sandbox.settings()
    assert sandbox.control.post("/__control/settings", json=said | {"page_usage": 50}).status_code == 400
    assert sandbox.settings() == before


def test_credentials_have_the_shape_of_a_token_file(sandbox):
    for channel, names in (
        ("facebook", {"page_token", "app_id", "app_secret"}),
        ("x", {"consumer_key", "consumer_secret", "access_token", "access_token_secret"}),
    ):
        file = sandbox.credentials(channel)
        assert file["secrets"].keys() == names
        assert file["name"] == "กรุงเทพมหานคร โดยสำนักงานประชาสัมพันธ์"
    assert file["secrets"]["access_token"].startswith(f"{file['external_id']}-")


def test_many_accounts_can_be_made_for_load(sandbox):
    made = sandbox.add_accounts("x", 30)
    assert len({account["external_id"] for account in made}) == 30
    assert sandbox.control.post("/__control/accounts", json={"channel": "line"}).status_code == 400
    assert sandbox.control.post("/__control/tokens", json={"channel": "x", "id": "1"}).status_code == 400


def test_what_is_no_json_object_is_refused(sandbox):
    for body in (b"{oops", b"[1]"):
        assert sandbox.control.post("/__control/clock", content=body).status_code == 400
