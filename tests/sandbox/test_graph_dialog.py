"""The sign-in page of the fake Facebook, in a real browser and by hand."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.accounts import DEMO_APP_ID, mark_of

BACK = "http://127.0.0.1:9/back"
SCOPES = ("pages_show_list", "pages_manage_posts", "read_insights")
QUERY = {
    "client_id": DEMO_APP_ID,
    "redirect_uri": BACK,
    "state": "our-state",
    "response_type": "code",
    "scope": ",".join(SCOPES),
}


def address(**changes: str) -> str:
    return f"/dialog/v26.0/dialog/oauth?{urlencode(QUERY | changes)}"


@pytest.fixture
def page(browser: Browser, sandbox) -> Iterator[Page]:
    page = browser.new_page(base_url=sandbox.base_url)
    page.set_default_timeout(10_000)
    page.route(f"{BACK}**", lambda route: route.fulfill(body="กลับมาแล้ว"))
    yield page
    page.close()


def came_back(page: Page) -> dict[str, list[str]]:
    page.wait_for_url(f"{BACK}?**")
    return parse_qs(urlsplit(page.url).query)


def token(graph, code: str, **changes: str):
    form = {
        "client_id": DEMO_APP_ID,
        "client_secret": graph.app["app_secret"],
        "redirect_uri": BACK,
        "code": code,
    }
    return graph.http.post("/graph/v26.0/oauth/access_token", data=form | changes)


def as_person(graph, secret: str, path: str, **params):
    return graph.ask("GET", path, params=params, headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.browser
def test_a_person_allows_chosen_pages_tasks_and_permissions(page, graph, sandbox):
    [other] = sandbox.add_accounts("facebook", 1)
    page.goto(address())
    expect(page.get_by_role("heading", level=1)).to_contain_text("อนุญาต")
    page.get_by_label(other["name"]).uncheck()
    page.get_by_label("read_insights").uncheck()
    page.locator(f"select[name=role_{graph.page}]").select_option("analyst")
    page.get_by_role("button", name="อนุญาต", exact=True).click()
    back = came_back(page)
    assert back["state"] == ["our-state"]
    secret = token(graph, back["code"][0]).json()["access_token"]
    (row,) = as_person(graph, secret, "me/accounts", fields="id,access_token,tasks").json()["data"]
    assert (row["id"], row["tasks"]) == (graph.page, ["ANALYZE"])
    granted = as_person(graph, secret, "me/permissions").json()["data"]
    assert {one["permission"] for one in granted} == {"pages_show_list", "pages_manage_posts"}


@pytest.mark.browser
def test_a_person_says_no(page):
    page.goto(address())
    page.get_by_role("button", name="ไม่อนุญาต").click()
    back = came_back(page)
    assert (back["error"], back["error_reason"], back["state"]) == (
        ["access_denied"],
        ["user_denied"],
        ["our-state"],
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "12"}, "Invalid App ID"),
        ({"redirect_uri": "javascript:alert(1)"}, "redirect_uri"),
        ({"redirect_uri": "/back"}, "redirect_uri"),
        ({"redirect_uri": f"{BACK}#part"}, "redirect_uri"),
        ({"response_type": "token"}, "response_type"),
        ({"scope": "pages_show_list,pages_rule_the_world"}, "pages_rule_the_world"),
        ({"client_secret": "x"}, "client_secret"),
    ],
)
def test_a_wrong_question_is_told_and_leads_nowhere(sandbox, changes, words):
    response = sandbox.control.get(address(**changes))
    assert (response.status_code, words in response.text) == (400, True)


def test_an_answer_from_another_site_is_not_taken(sandbox):
    told = sandbox.control.post(address(), data={"answer": "allow"}, headers={"sec-fetch-site": "cross-site"})
    assert told.status_code == 403


def allowed(sandbox, graph) -> str:
    form = {"answer": "allow", "page": [graph.page], "scope": list(SCOPES)}
    told = sandbox.control.post(address(), data=form)
    return parse_qs(urlsplit(told.headers["location"]).query)["code"][0]


def test_a_short_token_lives_an_hour_and_a_long_one_sixty_days(sandbox, graph):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    short = token(graph, allowed(sandbox, graph)).json()
    assert (short["token_type"], short["expires_in"]) == ("bearer", 3600)
    exchange = {"grant_type": "fb_exchange_token", "fb_exchange_token": short["access_token"]}
    long = token(graph, "", **exchange).json()
    assert long["expires_in"] == 60 * 86_400
    sandbox.set_clock("2026-11-23T06:00:00Z")
    assert as_person(graph, short["access_token"], "me").json()["error"]["error_subcode"] == 463
    assert token(graph, "", **exchange).json()["error"]["code"] == 190
    assert as_person(graph, long["access_token"], "me").status_code == 200


def test_tokens_handed_out_live_on_after_a_restart_of_the_books(sandbox, graph):
    secret = token(graph, allowed(sandbox, graph)).json()["access_token"]
    row = as_person(graph, secret, "me/accounts").json()["data"][0]
    again = as_person(graph, secret, "me/accounts").json()["data"][0]
    assert row["access_token"] == again["access_token"]
    records = (sandbox.data / "backstage.jsonl").read_text("utf-8")
    assert mark_of(row["access_token"]) in records  # replayed at the next start
    assert row["access_token"] not in records


def test_a_wrong_kind_of_grant_is_refused(graph):
    assert token(graph, "x", grant_type="password").json()["error"]["code"] == 100
