"""X's own count of what was read: asked with the app's own token, beside our books."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import Message
from core.errors import BadInput, Conflict, Unavailable
from core.vocab import Channel
from models import AppKeys
from services import accounts, apps
from services.usage import Usage, ask_usage
from tests.builders import START
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.services import platforms


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


@pytest.fixture
def rt(data_dir, sandbox):
    with platforms.online(data_dir, sandbox) as runtime:
        platforms.keep_apps(runtime, sandbox)
        yield runtime


def client(sandbox: SandboxHandle) -> tuple[str, str, str]:
    """Return the app's id, its secret and its own token."""
    told = sandbox.ask("GET", "/__control/credentials")
    return told["x_client"]["client_id"], told["x_client"]["client_secret"], told["x_bearer"]["app"]


def stored(rt) -> str:
    with rt.sessions.begin() as session:
        return apps.app_bearer(rt, session, Channel.X)


def test_both_counts_stand_side_by_side(rt, sandbox):
    public_id, secret, bearer = client(sandbox)
    apps.keep_app(rt, Channel.X, public_id, secret, None, bearer)
    account = accounts.add_account(rt, sandbox.credentials(Channel.X), None)
    access, x = accounts.access_of(rt, account), rt.connectors[Channel.X]
    with x.open(access) as line:
        line.publish(Message("ประกาศ"))
    x.find(access, START - timedelta(hours=1))
    assert ask_usage(rt) == Usage(counted=1, ours=1)


def test_without_the_token_the_office_is_told_where_to_store_it(rt):
    with pytest.raises(Conflict, match="app_bearer_missing"):
        ask_usage(rt)


def test_an_office_without_x_is_told_the_same(rt, sandbox):
    apps.keep_app(rt, Channel.X, *client(sandbox)[:2], None, client(sandbox)[2])
    with pytest.raises(Conflict, match="app_bearer_missing"):
        ask_usage(replace(rt, connectors={}))


def test_a_token_that_x_refuses_is_told(rt, sandbox):
    public_id, secret, _ = client(sandbox)
    apps.keep_app(rt, Channel.X, public_id, secret, None, "AAAAsomethingelse")
    with pytest.raises(Unavailable, match="usage_refused"):
        ask_usage(rt)


def test_the_token_is_sealed_kept_when_left_empty_and_goes_with_its_app(rt, sandbox):
    public_id, secret, bearer = client(sandbox)
    apps.keep_app(rt, Channel.X, public_id, secret, None, f" {bearer} ")
    apps.keep_app(rt, Channel.X, public_id, "", None)
    assert stored(rt) == bearer
    with rt.sessions.begin() as session:
        assert bearer.encode() not in session.get_one(AppKeys, Channel.X).sealed
    apps.keep_app(rt, Channel.X, "another", "s", None)
    assert stored(rt) == ""


@pytest.mark.parametrize("typed", ["two words", "ลับ", "s" * 501])
def test_a_token_that_cannot_be_changes_nothing(rt, sandbox, typed):
    public_id, secret, bearer = client(sandbox)
    apps.keep_app(rt, Channel.X, public_id, secret, None, bearer)
    with pytest.raises(BadInput, match="app_bearer_bad"):
        apps.keep_app(rt, Channel.X, public_id, secret, None, typed)
    assert stored(rt) == bearer
