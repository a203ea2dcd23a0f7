"""Signing in at the sandbox's own dialog page: Pages with their secrets, what is missing, taking it back."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from connectors.base import Access, Message, Rejected, RetryLater
from connectors.facebook.connector import FacebookConnector
from connectors.login import App, Grant, SignIn, TokenLogin
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, Health
from tests.connectors.conftest import NOON
from tests.connectors.graph_replies import element, error
from tests.connectors.stand_in import Reply
from tests.sandbox_server import SandboxHandle

BACK = "http://127.0.0.1:8640/accounts/connected?channel=facebook"
SIGN_IN = SignIn(state="s3cr3t-state", redirect_uri=BACK, verifier="v" * 43)


class Person:
    """Somebody in a browser who signs in for the office."""

    def __init__(self, sandbox: SandboxHandle, clock: SetClock) -> None:
        sandbox.set_clock(NOON.isoformat())
        told = sandbox.credentials("facebook")
        self.sandbox, self.clock, self.page_id = sandbox, clock, told["external_id"]
        self.app = App(told["secrets"]["app_id"], told["secrets"]["app_secret"])
        self.connector = FacebookConnector(Settings(facebook_url=sandbox.graph_url, read_timeout_s=10), clock)

    @property
    def address(self) -> str:
        return self.connector.authorize_url(self.app, SIGN_IN)

    def answers(self, **form) -> dict[str, str]:
        """Send the dialog's form; return what the browser brings back."""
        scopes = dict(parse_qsl(urlsplit(self.address).query))["scope"].split(",")
        ticked = {"answer": "allow", "page": [self.page_id], "scope": scopes} | form
        answer = httpx.post(self.address, data=ticked, trust_env=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(BACK + "&")
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    def signs_in(self, **form) -> Grant:
        return self.connector.redeem(self.app, SIGN_IN, self.answers(**form)["code"])

    def access(self, grant: Grant) -> Access:
        (account,) = grant.accounts
        return Access(Channel.FACEBOOK, account.external_id, account.secrets)


@pytest.fixture
def person(sandbox: SandboxHandle, clock: SetClock) -> Person:
    return Person(sandbox, clock)


def test_the_dialog_is_asked_for_every_permission_and_gets_no_secret_but_state(person):
    query = dict(parse_qsl(urlsplit(person.address).query))
    assert (query["client_id"], query["redirect_uri"]) == (person.app.client_id, BACK)
    assert (query["state"], query["response_type"]) == (SIGN_IN.state, "code")
    assert {"pages_manage_posts", "pages_read_user_content", "read_insights"} <= set(
        query["scope"].split(",")
    )
    assert person.app.client_secret not in person.address
    assert SIGN_IN.verifier not in person.address
    shown = httpx.get(person.address, trust_env=False)
    assert (shown.status_code, "pages_manage_posts" in shown.text) == (200, True)


def test_at_the_real_platform_the_dialog_has_its_own_host(clock):
    address = FacebookConnector(Settings(), clock).authorize_url(App("77"), SIGN_IN)
    assert address.startswith("https://www.facebook.com/v26.0/dialog/oauth?client_id=77&")


def test_a_sign_in_brings_pages_that_can_publish_with_tokens_that_do_not_end(person):
    assert isinstance(person.connector, TokenLogin)
    back = person.answers()
    assert back["state"] == SIGN_IN.state
    grant = person.connector.redeem(person.app, SIGN_IN, back["code"])
    (account,) = grant.accounts
    assert (account.external_id, account.problems) == (person.page_id, ())
    assert set(account.secrets) == {"page_token", "app_id", "app_secret"}
    assert (grant.expires_at, grant.data_access_until) == (None, NOON + timedelta(days=90))
    assert "pages_manage_posts" in grant.scopes
    with person.connector.open(person.access(grant)) as line:
        line.publish(Message("สวัสดีชาวกรุงเทพฯ"))
    assert len(person.sandbox.ledger("facebook")) == 1


def test_the_page_token_outlives_the_hour_of_the_first_token(person):
    grant = person.signs_in()
    person.clock.advance(timedelta(days=70))
    person.sandbox.set_clock(person.clock.now().isoformat())
    report = person.connector.check(person.access(grant))
    assert (report.health, report.problems) == (Health.OK, ())
    (ending,) = report.endings
    assert (ending.code, ending.at) == ("data_access_expiring", NOON + timedelta(days=90))


def test_no_code_and_no_token_travels_in_an_address(person):
    grant = person.signs_in()
    person.connector.revoke(person.access(grant))
    requests = person.sandbox.log("facebook")
    assert requests
    for one in requests:
        assert not {"code", "access_token", "client_secret", "input_token"} & set(one["params"]) - {"batch"}
        assert "EAA" not in one["path"]
    assert {one["method"] for one in requests if one["path"].endswith("oauth/access_token")} == {"POST"}


@pytest.mark.parametrize(
    ("form", "problems"),
    [
        (
            {"scope": ["pages_show_list", "pages_read_engagement"]},
            {"scope_publish_missing", "scope_insights_missing"},
        ),
        ({"role": "analyst"}, {"task_publish_missing", "task_comments_missing"}),
        ({"role": "moderator"}, {"task_publish_missing"}),
    ],
)
def test_what_a_person_did_not_allow_is_told_at_once_and_by_the_check(person, form, problems):
    if "role" in form:
        form = {f"role_{person.page_id}": form["role"]}
    grant = person.signs_in(**form)
    assert problems <= set(grant.accounts[0].problems)
    report = person.connector.check(person.access(grant))
    assert problems <= set(report.problems)
    assert report.health is Health.REAUTH


def test_without_pages_there_is_a_grant_without_accounts(person):
    assert person.signs_in(page=[]).accounts == ()
    everything_but_the_list = ["pages_manage_posts", "pages_read_engagement"]
    assert person.signs_in(scope=everything_but_the_list).accounts == ()


def test_a_person_who_says_no_comes_back_with_the_words_of_it(person):
    back = person.answers(answer="deny")
    assert (back["error"], back["state"]) == ("access_denied", SIGN_IN.state)
    assert "code" not in back


def test_a_code_works_once_soon_and_for_its_address_only(person):
    code = person.answers()["code"]
    other = SignIn(SIGN_IN.state, "http://127.0.0.1:8640/elsewhere", SIGN_IN.verifier)
    refusals = []
    for sign_in, given in ((other, code), (SIGN_IN, "nonsense")):
        with pytest.raises(Rejected) as trouble:
            person.connector.redeem(person.app, sign_in, given)
        refusals.append(trouble.value.code)
    person.connector.redeem(person.app, SIGN_IN, code)
    late = person.answers()["code"]
    person.clock.advance(timedelta(minutes=10))
    person.sandbox.set_clock(person.clock.now().isoformat())
    for given in (code, late):
        with pytest.raises(Rejected) as trouble:
            person.connector.redeem(person.app, SIGN_IN, given)
        refusals.append(trouble.value.code)
    assert refusals == ["login_code_refused"] * 4


@pytest.mark.parametrize("wrong", [{"client_secret": "wrong"}, {"client_id": "12"}])
def test_a_wrong_app_is_told_as_such(person, wrong):
    code = person.answers()["code"]
    app = App(**{"client_id": person.app.client_id, "client_secret": person.app.client_secret} | wrong)
    with pytest.raises(Rejected) as trouble:
        person.connector.redeem(app, SIGN_IN, code)
    assert trouble.value.code == "app_credentials_wrong"


def test_a_system_users_token_is_taken_as_it_is(person):
    token = person.sandbox.ask("GET", "/__control/credentials")["facebook_system_token"]
    grant = person.connector.adopt(person.app, token)
    assert [account.external_id for account in grant.accounts] == [person.page_id]
    assert (grant.expires_at, grant.data_access_until) == (None, None)


def test_a_short_lived_token_made_by_hand_is_exchanged_first(person, sandbox):
    form = {"client_id": person.app.client_id, "client_secret": person.app.client_secret}
    form |= {"redirect_uri": BACK, "code": person.answers()["code"]}
    short = sandbox.control.post("/graph/v26.0/oauth/access_token", data=form).json()["access_token"]
    assert person.connector.adopt(person.app, short).expires_at is None


def test_a_dead_token_made_by_hand_opens_nothing(person):
    with pytest.raises(Rejected) as trouble:
        person.connector.adopt(person.app, "EAAnonsense")
    assert trouble.value.code == "token_dead"


def test_revoking_ends_every_token_of_the_person_and_may_be_repeated(person):
    access = person.access(person.signs_in())
    person.connector.revoke(access)
    report = person.connector.check(access)
    assert (report.health, report.problems) == (Health.REAUTH, ("app_removed",))
    person.connector.revoke(access)
    system = person.sandbox.ask("GET", "/__control/credentials")["facebook_system_token"]
    assert person.connector.adopt(person.app, system).accounts
    again = person.access(person.signs_in())
    assert person.connector.check(again).health is Health.OK


def test_an_unreachable_platform_leaves_everything_as_it_is(person):
    access = person.access(person.signs_in())
    code = person.answers()["code"]
    person.sandbox.fault("facebook", "login", "drop_before")
    with pytest.raises(RetryLater):
        person.connector.redeem(person.app, SIGN_IN, code)
    person.sandbox.fault("facebook", "login", "drop_before")
    with pytest.raises(RetryLater):
        person.connector.revoke(access)
    assert person.connector.check(access).health is Health.OK


def test_pages_of_a_business_are_found_in_its_portfolio(facebook, stand_in):
    token = Reply([element({"data": {"is_valid": True, "app_id": "77", "scopes": []}})])
    page = {"id": "9", "name": "เพจในพอร์ตโฟลิโอ", "access_token": "EAApage", "tasks": ["CREATE_CONTENT"]}
    portfolio = {"data": [{"owned_pages": {"data": [page]}, "client_pages": {"data": [page | {"id": "8"}]}}]}
    stand_in.say(token, token, Reply({"data": [page | {"id": "8"}]}), Reply(portfolio), token)
    grant = facebook.adopt(App("77", "secret"), "EAAtoken")
    assert [account.external_id for account in grant.accounts] == ["8", "9"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Reply([element(error(190, "Invalid OAuth access token"), 400)]), "app_credentials_wrong"),
        (Reply([element({"data": {"is_valid": True, "app_id": "78"}})]), "token_dead"),
    ],
)
def test_a_token_of_another_app_or_a_wrong_secret_opens_nothing(facebook, stand_in, told, code):
    stand_in.say(told)
    with pytest.raises(Rejected) as trouble:
        facebook.adopt(App("77", "secret"), "EAAtoken")
    assert trouble.value.code == code


def test_an_exchange_without_a_token_is_unfinished(facebook, stand_in):
    stand_in.say(Reply({"token_type": "bearer"}))
    with pytest.raises(Rejected) as trouble:
        facebook.redeem(App("77", "secret"), SIGN_IN, "code")
    assert trouble.value.code == "login_unfinished"
