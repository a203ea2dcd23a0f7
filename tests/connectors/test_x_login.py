"""Signing in at X by OAuth 2.0 with PKCE, renewing, giving back: over the sandbox's own dialog."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from connectors.base import Access, Message, Rejected, RetryLater
from connectors.comments import Commenting
from connectors.login import App, Login, Renewing, SignIn
from connectors.x.connector import XConnector
from connectors.x.login import SCOPES
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, Health
from tests.connectors.conftest import NOON
from tests.connectors.stand_in import Reply

BACK = "http://127.0.0.1:8640/accounts/back"
SIGN_IN = SignIn("state-of-this-browser", BACK, "v" * 64)


@pytest.fixture
def x(sandbox, clock) -> XConnector:
    sandbox.set_clock(NOON.isoformat())
    return XConnector(Settings(x_url=sandbox.base_url, read_timeout_s=10), clock)


@pytest.fixture
def app(sandbox) -> App:
    told = sandbox.ask("GET", "/__control/credentials")["x_client"]
    return App(told["client_id"], told["client_secret"])


def allow(sandbox, x, app, sign_in=SIGN_IN, **asked: str) -> dict[str, str]:
    """Do what a person does in the dialog; return what the browser brings back."""
    address = urlsplit(x.authorize_url(app, sign_in))
    query = dict(parse_qsl(address.query)) | asked
    form = {"answer": "allow", "account": sandbox.credentials("x")["external_id"]}
    answer = sandbox.control.post(address.path, params=query, data=form)
    assert answer.status_code == 303, answer.text
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    return {name: values[0] for name, values in parse_qs(back.query).items()}


@pytest.fixture
def signed_in(sandbox, x, app) -> Access:
    grant = x.redeem(app, SIGN_IN, allow(sandbox, x, app)["code"])
    (account,) = grant.accounts
    return Access(Channel.X, account.external_id, account.secrets)


def test_the_connector_is_all_that_x_can_be(x):
    assert isinstance(x, Login)
    assert isinstance(x, Renewing)
    assert isinstance(x, Commenting)


def test_the_dialog_is_asked_for_all_scopes_and_gets_only_the_hash_of_the_verifier(x, app):
    address = x.authorize_url(app, SIGN_IN)
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked["scope"].split() == list(SCOPES)
    assert (asked["state"], asked["redirect_uri"]) == (SIGN_IN.state, BACK)
    assert asked["code_challenge_method"] == "S256"
    assert SIGN_IN.verifier not in address
    assert app.client_secret not in address
    real = XConnector(Settings(), SetClock(NOON)).authorize_url(app, SIGN_IN)
    assert real.startswith("https://x.com/i/oauth2/authorize?")


def test_a_sign_in_opens_one_account_that_publishes(sandbox, x, app):
    brought = allow(sandbox, x, app)
    assert brought["state"] == SIGN_IN.state
    grant = x.redeem(app, SIGN_IN, brought["code"])
    (account,) = grant.accounts
    assert account.external_id == sandbox.credentials("x")["external_id"]
    assert account.username == "pr_sandbox_demo"
    assert (account.problems, grant.expires_at) == ((), None)
    assert set(grant.scopes) == set(SCOPES)
    access = Access(Channel.X, account.external_id, account.secrets)
    assert x.check(access).health is Health.OK
    with x.open(access) as line:
        line.publish(Message("ลงชื่อเข้าใช้แล้ว"))
    assert len(sandbox.ledger("x")) == 1


def test_what_the_person_did_not_allow_is_told(sandbox, x, app):
    code = allow(sandbox, x, app, scope="tweet.read users.read")["code"]
    grant = x.redeem(app, SIGN_IN, code)
    assert grant.accounts[0].problems == ("x_scope_missing", "x_not_lasting")
    assert grant.expires_at == NOON + timedelta(hours=2)
    access = Access(Channel.X, grant.accounts[0].external_id, grant.accounts[0].secrets)
    assert x.check(access).problems == ("x_scope_missing",)


def test_a_code_works_once_for_thirty_seconds_with_its_own_verifier_and_address(sandbox, x, app):
    used = allow(sandbox, x, app)["code"]
    x.redeem(app, SIGN_IN, used)
    old = allow(sandbox, x, app)["code"]
    others = [allow(sandbox, x, app)["code"] for _ in range(2)]
    wrong = [
        (SIGN_IN, used),
        (SIGN_IN, "made up"),
        (replace(SIGN_IN, verifier="w" * 64), others[0]),
        (replace(SIGN_IN, redirect_uri=f"{BACK}/"), others[1]),
    ]
    for sign_in, code in wrong:
        with pytest.raises(Rejected) as trouble:
            x.redeem(app, sign_in, code)
        assert trouble.value.code == "login_code_refused"
    sandbox.set_clock((NOON + timedelta(seconds=30)).isoformat())
    with pytest.raises(Rejected):
        x.redeem(app, SIGN_IN, old)


def test_an_app_with_another_secret_is_told_so(sandbox, x, app):
    code = allow(sandbox, x, app)["code"]
    for wrong in (App(app.client_id, "nonsense"), App(app.client_id), App("1", app.client_secret)):
        with pytest.raises(Rejected) as trouble:
            x.redeem(wrong, SIGN_IN, code)
        assert trouble.value.code == "app_credentials_wrong"


def test_tokens_end_after_two_hours_and_are_renewed_once_each(sandbox, x, signed_in, clock):
    clock.advance(timedelta(hours=2))
    sandbox.set_clock(clock.now().isoformat())
    assert x.check(signed_in).problems == ("token_expired",)
    renewed = x.renew(signed_in)
    assert renewed.expires_at == clock.now() + timedelta(hours=2)
    fresh = replace(signed_in, secrets=renewed.secrets)
    assert x.check(fresh).health is Health.OK
    assert fresh.secrets["refresh_token"] != signed_in.secrets["refresh_token"]
    assert x.check(replace(fresh, secrets=x.renew(fresh).secrets)).health is Health.OK


def test_a_refresh_token_used_twice_ends_the_whole_session(x, signed_in):
    fresh = replace(signed_in, secrets=x.renew(signed_in).secrets)
    for dead in (signed_in, fresh):
        with pytest.raises(Rejected) as trouble:
            x.renew(dead)
        assert trouble.value.code == "sign_in_over"
    assert x.check(fresh).problems == ("token_dead",)


def test_keys_without_a_refresh_token_cannot_be_renewed(x, sandbox):
    told = sandbox.credentials("x")
    with pytest.raises(RetryLater) as trouble:
        x.renew(Access(Channel.X, told["external_id"], told["secrets"]))
    assert trouble.value.code == "credentials_missing"


def test_a_renewal_whose_answer_is_lost_may_be_tried_again(x, signed_in, sandbox):
    sandbox.fault("x", "login", "drop_before")
    with pytest.raises(RetryLater) as trouble:
        x.renew(signed_in)
    assert trouble.value.health is None
    assert x.renew(signed_in).secrets["refresh_token"]


def test_giving_back_ends_both_tokens_and_may_be_repeated(x, signed_in):
    x.revoke(signed_in)
    x.revoke(signed_in)
    assert x.check(signed_in).problems == ("token_dead",)
    with pytest.raises(Rejected):
        x.renew(signed_in)


def test_the_keys_of_oauth1_are_given_back_by_hand(x, sandbox):
    told = sandbox.credentials("x")
    with pytest.raises(Rejected) as trouble:
        x.revoke(Access(Channel.X, told["external_id"], told["secrets"]))
    assert trouble.value.code == "revoke_by_hand"


def test_giving_back_with_a_wrong_app_is_not_taken_for_done(x, signed_in):
    wrong = replace(signed_in, secrets={**signed_in.secrets, "client_secret": "nonsense"})
    with pytest.raises(Rejected):
        x.revoke(wrong)
    assert x.check(signed_in).health is Health.OK


@pytest.mark.parametrize("body", [{}, {"access_token": ""}, {"access_token": 7}])
def test_an_answer_without_a_token_finishes_nothing(stand_in, app, body):
    stand_in.say(Reply(body or {"token_type": "bearer"}))
    with pytest.raises(Rejected) as trouble:
        XConnector(Settings(x_url=stand_in.url), SetClock(NOON)).redeem(app, SIGN_IN, "code")
    assert trouble.value.code == "login_unfinished"


def test_a_public_client_names_itself_in_the_form(stand_in):
    stand_in.say(Reply({"access_token": "t", "expires_in": 7200}), Reply({"data": {"id": "4401"}}))
    grant = XConnector(Settings(x_url=stand_in.url), SetClock(NOON)).redeem(App("77"), SIGN_IN, "code")
    token, me = stand_in.seen
    assert token.form["client_id"] == "77"
    assert "Authorization" not in token.headers
    assert me.headers["Authorization"] == "Bearer t"
    assert (grant.accounts[0].external_id, grant.accounts[0].name) == ("4401", "")


def test_secrets_stay_out_of_addresses_and_reprs(sandbox, x, app, signed_in):
    x.renew(signed_in)
    shown = repr(signed_in) + repr(app) + repr(SIGN_IN)
    for one in sandbox.log("x", "login"):
        shown += one["path"] + str(one["params"])
    for secret in (*signed_in.secrets.values(), app.client_secret, SIGN_IN.verifier):
        assert secret not in shown or secret in (app.client_id, signed_in.secrets["scope"])
