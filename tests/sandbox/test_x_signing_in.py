"""The fake X's sign-in: what it refuses in the dialog and at the token calls; the page in a browser."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from sandbox.accounts import mark_of
from sandbox.xapi.sessions import challenge

BACK = "http://127.0.0.1:9/back"
VERIFIER = "v" * 43
ASKED = {
    "response_type": "code", "client_id": "25640001", "redirect_uri": BACK, "state": "s" * 40,
    "scope": "tweet.read tweet.write users.read media.write offline.access",
    "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256",
}  # fmt: skip
PATH = "/i/oauth2/authorize"


def client(sandbox) -> tuple[str, str]:
    told = sandbox.ask("GET", "/__control/credentials")["x_client"]
    return told["client_id"], told["client_secret"]


def code_of(sandbox, **asked: str) -> str:
    form = {"answer": "allow", "account": sandbox.credentials("x")["external_id"]}
    answer = sandbox.control.post(PATH, params=ASKED | asked, data=form)
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def token(sandbox, **form: str):
    return sandbox.control.post("/2/oauth2/token", data=form, auth=client(sandbox))


def redeemed(sandbox, **changed: str):
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER}
    return token(sandbox, code=code_of(sandbox), **form | changed)


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "1"},
        {"response_type": "token"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": f"{BACK}#part"},
        {"code_challenge_method": "plain"},
        {"code_challenge": VERIFIER[:20]},
        {"scope": "tweet.read everything"},
        {"state": "s" * 501},
        {"state": ""},
        {"code_challenge": ""},
    ],
)
def test_a_dialog_asked_wrongly_shows_a_page_that_leads_nowhere(sandbox, wrong):
    for method in ("GET", "POST"):
        answer = sandbox.control.request(method, PATH, params=ASKED | wrong)
        assert answer.status_code == 400
        assert "location" not in answer.headers


def test_a_return_address_must_be_registered_to_the_letter(sandbox):
    sandbox.settings(x_redirects=[BACK])
    assert sandbox.control.get(PATH, params=ASKED).status_code == 200
    for near in (f"{BACK}/", f"{BACK}?x=1", "http://127.0.0.1:10/back"):
        assert sandbox.control.get(PATH, params=ASKED | {"redirect_uri": near}).status_code == 400


def test_a_person_who_does_not_allow_is_sent_back_with_the_words_of_a_refusal(sandbox):
    answer = sandbox.control.post(PATH, params=ASKED, data={"answer": "deny"})
    assert parse_qs(urlsplit(answer.headers["location"]).query) == {
        "error": ["access_denied"],
        "state": [ASKED["state"]],
    }


def test_an_answer_from_another_site_is_not_taken(sandbox):
    answer = sandbox.control.post(PATH, params=ASKED, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_tokens_come_in_pairs_and_only_with_the_right_to_stay(sandbox):
    whole = redeemed(sandbox).json()
    assert whole.keys() == {"token_type", "expires_in", "access_token", "refresh_token", "scope"}
    assert (whole["token_type"], whole["expires_in"]) == ("bearer", 7200)
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER}
    short = token(sandbox, code=code_of(sandbox, scope="tweet.read users.read"), **form).json()
    assert "refresh_token" not in short


@pytest.mark.parametrize(
    "wrong",
    [
        {"grant_type": "password"},
        {"redirect_uri": "http://127.0.0.1:9/"},
        {"code_verifier": "short"},
        {"code": "x"},
    ],
)
def test_token_calls_that_do_not_fit_are_refused_in_oauths_own_shape(sandbox, wrong):
    form = {
        "grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER,
        "code": code_of(sandbox),
    }  # fmt: skip
    answer = token(sandbox, **form | wrong)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert answer.json().keys() == {"error", "error_description"}


def test_the_client_must_say_who_it_is_in_the_header(sandbox):
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    for auth in (None, ("25640001", "wrong"), ("1", client(sandbox)[1])):
        answer = sandbox.control.post("/2/oauth2/token", data=form, auth=auth)
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")
    assert sandbox.control.post("/2/oauth2/token", json=form, auth=client(sandbox)).status_code == 400


def test_a_scope_that_was_not_allowed_is_missed_by_the_call_that_needs_it(sandbox, x):
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER}
    code = code_of(sandbox, scope="tweet.read users.read")
    bearer = token(sandbox, code=code, **form).json()["access_token"]
    assert x.bearer("GET", "/2/users/me", bearer).status_code == 200
    assert x.bearer("POST", "/2/tweets", bearer, json={"text": "ไม่ได้"}).status_code == 403
    begin = {"media_type": "video/mp4", "total_bytes": 9, "media_category": "tweet_video"}
    assert x.bearer("POST", "/2/media/upload/initialize", bearer, json=begin).status_code == 403
    assert sandbox.ledger("x") == []


def test_sign_ins_outlive_a_restart_and_their_words_are_in_no_log(sandbox):
    whole = redeemed(sandbox).json()
    told = str(sandbox.log("x", "login"))
    assert not any(secret in told for secret in (whole["access_token"], whole["refresh_token"], VERIFIER))
    kept = (sandbox.data / "backstage.jsonl").read_text("utf-8")
    assert mark_of(whole["refresh_token"]) in kept  # replayed at the next start
    assert whole["refresh_token"] not in kept


@pytest.mark.browser
def test_a_person_chooses_the_account_and_allows_in_a_browser(browser: Browser, sandbox):
    sandbox.add_accounts("x", 1)
    page = browser.new_page(base_url=sandbox.base_url)
    page.set_default_timeout(10_000)
    gone_to: list[str] = []
    page.on("request", lambda request: gone_to.append(request.url))
    page.route(f"{BACK}**", lambda route: route.fulfill(body="back again"))
    query = "&".join(f"{name}={value.replace(' ', '%20')}" for name, value in ASKED.items())
    page.goto(f"{PATH}?{query}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ใช้บัญชี X")
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="อนุญาต", exact=True).click()
    expect(page.locator("body")).to_contain_text("back again")
    assert "code=" in gone_to[-1]
    assert f"state={ASKED['state']}" in gone_to[-1]
    page.close()
