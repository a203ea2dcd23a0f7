"""The contract's part on signing in: addresses without secrets, codes that work once, giving back."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from connectors.base import Rejected, RetryLater
from connectors.login import App, Login, Renewing, SignIn, TokenLogin
from connectors.registry import build_connectors
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, Health
from tests.connectors.conftest import NOON
from tests.connectors.offices import Office, office_of

SIGN_IN = SignIn("state-of-this-browser", "http://127.0.0.1:8640/accounts/back", "v" * 64)
KINDS = {Channel.FACEBOOK: {Login, TokenLogin}, Channel.X: {Login, Renewing}}


@pytest.fixture(params=list(Channel))
def office(request, sandbox) -> Office:
    return office_of(request.param, sandbox, read_s=10, clock=SetClock(NOON))


@pytest.fixture
def app(office) -> App:
    if office.channel is Channel.FACEBOOK:
        return App(office.access.secrets["app_id"], office.access.secrets["app_secret"])
    client = office.sandbox.ask("GET", "/__control/credentials")["x_client"]
    return App(client["client_id"], client["client_secret"])


def code_of(office, app, **form):
    """Do what a person does in the platform's dialog; return what the browser brings back."""
    address = office.connector.authorize_url(app, SIGN_IN)
    query = dict(parse_qsl(urlsplit(address).query))
    if office.channel is Channel.FACEBOOK:
        ticked = {"answer": "allow", "page": [office.access.external_id], "scope": query["scope"].split(",")}
    else:
        ticked = {"answer": "allow", "account": office.access.external_id}
    answer = office.sandbox.control.post(address, data=ticked | form)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(SIGN_IN.redirect_uri)
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def signed_in(office, app):
    grant = office.connector.redeem(app, SIGN_IN, code_of(office, app)["code"])
    (account,) = grant.accounts
    return replace(office.access, external_id=account.external_id, secrets=account.secrets)


def test_each_channel_signs_in_as_it_says(office):
    found = {one for one in (Login, TokenLogin, Renewing) if isinstance(office.connector, one)}
    assert found == KINDS[office.channel]


def test_the_address_of_the_dialog_holds_state_and_return_and_no_other_secret(office, app):
    office.sandbox.clear_log()
    address = office.connector.authorize_url(app, SIGN_IN)
    query = dict(parse_qsl(urlsplit(address).query))
    assert (query["state"], query["redirect_uri"]) == (SIGN_IN.state, SIGN_IN.redirect_uri)
    assert app.client_secret not in address
    assert SIGN_IN.verifier not in address
    assert office.sandbox.log(office.channel) == []


def test_a_sign_in_opens_the_account_so_that_it_publishes(office, app):
    back = code_of(office, app)
    assert back["state"] == SIGN_IN.state
    grant = office.connector.redeem(app, SIGN_IN, back["code"])
    (account,) = grant.accounts
    assert (account.external_id, account.problems) == (office.access.external_id, ())
    assert account.name
    access = replace(office.access, secrets=account.secrets)
    assert office.connector.check(access).health is Health.OK
    office.access = access
    assert office.publish("เชิญร่วมงาน").remote_id
    assert all(secret not in repr(grant) for secret in account.secrets.values())


def test_a_person_who_says_no_comes_back_with_the_words_of_it(office, app):
    back = code_of(office, app, answer="deny")
    assert back["state"] == SIGN_IN.state
    assert "code" not in back
    assert back["error"] == "access_denied"


def test_a_code_works_once(office, app):
    code = code_of(office, app)["code"]
    office.connector.redeem(app, SIGN_IN, code)
    for used in (code, "nobody gave this"):
        with pytest.raises(Rejected) as trouble:
            office.connector.redeem(app, SIGN_IN, used)
        assert trouble.value.code == "login_code_refused"


def test_a_code_is_of_no_use_at_another_address(office, app):
    code = code_of(office, app)["code"]
    with pytest.raises(Rejected):
        office.connector.redeem(app, replace(SIGN_IN, redirect_uri="http://127.0.0.1:8640/other"), code)


def test_an_app_with_a_wrong_secret_is_told_so(office, app):
    code = code_of(office, app)["code"]
    with pytest.raises(Rejected) as trouble:
        office.connector.redeem(App(app.client_id, "wrong"), SIGN_IN, code)
    assert trouble.value.code == "app_credentials_wrong"


def test_an_unreachable_platform_leaves_everything_as_it_is(office, app):
    nowhere = Settings(facebook_url="http://127.0.0.1:9/graph", x_url="http://127.0.0.1:9")
    connector = build_connectors(nowhere, office.clock)[office.channel]
    with pytest.raises(RetryLater):
        connector.redeem(app, SIGN_IN, "any")


def test_what_is_given_back_opens_nothing_and_may_be_given_back_again(office, app):
    access = signed_in(office, app)
    for _ in range(2):
        office.connector.revoke(access)
    assert office.connector.check(access).health is Health.REAUTH


def test_where_tokens_are_renewed_the_new_ones_work_and_the_old_are_dead(office, app):
    if not isinstance(office.connector, Renewing):
        assert office.channel is Channel.FACEBOOK
        return
    old = signed_in(office, app)
    renewed = office.connector.renew(old)
    assert renewed.expires_at > NOON
    assert office.connector.check(replace(old, secrets=renewed.secrets)).health is Health.OK
    with pytest.raises(Rejected):
        office.connector.renew(old)


def test_where_a_token_made_by_hand_is_taken_it_opens_its_accounts(office, app):
    if not isinstance(office.connector, TokenLogin):
        assert office.channel is Channel.X
        return
    token = office.sandbox.ask("GET", "/__control/credentials")["facebook_system_token"]
    grant = office.connector.adopt(app, token)
    assert office.access.external_id in {account.external_id for account in grant.accounts}
    with pytest.raises(Rejected) as trouble:
        office.connector.adopt(app, "EAAnobody")
    assert trouble.value.code in ("token_dead", "token_expired")
