import json

import pytest

from cli import probe as probe_command
from core.vocab import Channel


@pytest.fixture
def connected(rukon, rt, sandbox, monkeypatch, tmp_path):
    """Add the stand-in Page as a person would: from its token file."""
    monkeypatch.setenv("RUKON_FACEBOOK_URL", sandbox.graph_url)
    monkeypatch.setenv("RUKON_X_URL", sandbox.base_url)
    file = tmp_path / "page.json"
    file.write_text(json.dumps(sandbox.credentials(Channel.FACEBOOK)), "utf-8")
    return rukon.json("accounts", "add", "--token-file", file)


def test_an_account_comes_from_its_token_file_and_its_secrets_are_never_shown(rukon, connected, sandbox):
    listed = rukon("accounts", "list", "--json").stdout
    assert json.loads(listed)["accounts"][0]["external_id"] == connected["external_id"]
    for secret in sandbox.credentials(Channel.FACEBOOK)["secrets"].values():
        assert secret not in listed


def test_a_check_asks_the_platform_and_fails_when_it_cannot_publish(rukon, connected, sandbox):
    assert rukon.json("check-account", connected["id"])["accounts"][0]["health"] == "ok"
    sandbox.wear_token("facebook", connected["external_id"], dead=463)
    try:
        found = rukon.json("check-account", code=1)["accounts"][0]
    finally:
        sandbox.wear_token("facebook", connected["external_id"], dead=None)
    assert found["health"] == "reauth"
    assert found["problems"]


def test_a_paused_account_is_left_out(rukon, connected):
    assert rukon.json("accounts", "pause", connected["id"])["active"] is False
    assert rukon.json("check-account")["accounts"] == []
    assert rukon.json("accounts", "resume", connected["id"])["active"] is True


@pytest.mark.parametrize("content", ["not json", "[]", '{"channel": "facebook", "secrets": "hush"}'])
def test_a_bad_token_file_is_refused_without_repeating_it(rukon, rt, tmp_path, content):
    file = tmp_path / "token.json"
    file.write_text(content, "utf-8")
    refused = rukon("accounts", "add", "--token-file", file, code=3)
    assert "โทเคน" in refused.stderr
    assert "hush" not in refused.stderr


def test_a_page_is_probed_only_when_a_public_test_post_is_all_right(rukon, connected, sandbox, monkeypatch):
    monkeypatch.setattr(probe_command, "PAUSE_S", 0.01)
    rukon("probe", "facebook", code=2)
    assert sandbox.ledger("facebook") == []
    found = rukon.json("probe", "facebook", "--live")["findings"]
    assert all(one["held"] for one in found)
    assert len(sandbox.ledger("facebook", kind="delete")) == 1
    sandbox.fault("facebook", "publish", "error", name="duplicate")
    assert "ไม่ผ่าน" in rukon("probe", "facebook", "--live", code=1).stdout
    assert rukon.json("accounts", "drafts", connected["id"])["drafts"] == []
