"""No change from anywhere but our own pages: every unsafe route is walked."""

import re
import warnings
from collections.abc import Iterator

import pytest

from core.vocab import Role
from tests.web.site import Site, running_site, words
from web.app import create_app

UNSAFE = {"post", "put", "patch", "delete"}
OPEN = ("/sign-in", "/healthz", "/public", "/verify", "/webhooks/facebook", "/robots.txt", "/sitemap.xml")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("forgery")) as running:
        yield running


def routes(site: Site) -> Iterator[tuple[str, str]]:
    with warnings.catch_warnings():  # a page that answers GET and HEAD has one name for both
        warnings.simplefilter("ignore", UserWarning)
        paths = create_app(site.rt).openapi()["paths"]
    for path, methods in paths.items():
        for method in methods.keys() - {"head"}:
            yield method, path


def address(path: str) -> str:
    return re.sub(r"\{month\}", "2020-10", re.sub(r"\{[a-z]+_id\}", "1", path)).replace("{name}", "x.csv")


def test_the_walk_sees_the_application(site):
    paths = {path for _, path in routes(site)}
    assert {"/posts/{post_id}/submit", "/queue/stop", "/evidence", "/people/{person_id}/roles"} <= paths
    assert len([path for method, path in routes(site) if method in UNSAFE]) > 35


@pytest.mark.parametrize("forged", ["no token", "wrong token", "no origin", "foreign origin", "null origin"])
def test_every_unsafe_route_refuses_what_does_not_come_from_our_pages(site, forged):
    member = site.member(Role.ADMINISTRATOR)
    here = str(member.http.base_url).rstrip("/")
    data = {"csrf": member.csrf}
    headers = {"Origin": here}
    if forged == "no token":
        data = {}
    elif forged == "wrong token":
        data = {"csrf": "x" * len(member.csrf)}
    elif forged == "no origin":
        headers = {}
    else:
        headers = {"Origin": "https://evil.example" if forged == "foreign origin" else "null"}
    for method, path in routes(site):
        if method in UNSAFE:
            answer = member.http.request(method.upper(), address(path), data=data, headers=headers)
            assert answer.status_code == 403, f"{method} {path}: {answer.status_code}"
            assert "คำขอนี้ไม่ได้มาจากหน้าของระบบ" in words(answer), path


def test_a_token_of_another_session_is_refused(site):
    first, second = site.member(Role.OFFICER), site.member(Role.OFFICER)
    first.csrf = second.csrf
    assert first.post("/queue/stop", {"why": "x"}).status_code == 403


def test_every_page_but_the_open_ones_asks_to_sign_in(site):
    stranger = site.stranger()
    for method, path in routes(site):
        if path.startswith(OPEN) or path == "/":
            continue
        answer = stranger.http.request(method.upper(), address(path), headers={"Origin": site.url})
        assert answer.status_code == 303, f"{method} {path}: {answer.status_code}"
        assert answer.headers["location"].startswith("/sign-in")


def test_a_referer_of_ours_serves_where_a_browser_sends_no_origin(site):
    member = site.member(Role.ADMINISTRATOR)
    answer = member.http.post(
        "/queue/stop", data={"csrf": member.csrf, "why": "ซ้อม"}, headers={"Referer": f"{site.url}/queue"}
    )
    assert answer.status_code == 303
