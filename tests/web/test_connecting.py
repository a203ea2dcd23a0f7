"""Connecting on the pages: the password again, out to the platform and back, each wrong way told in Thai."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from core.vocab import Channel, Health, Role
from models import Account
from services import apps, queue
from services.endings import tell_all_endings
from tests.builders import PASSWORD, START, make_approved
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.services import platforms
from tests.web.site import running_site, words


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[SandboxHandle]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


@pytest.fixture
def site(data_dir, sandbox):
    sandbox.reset()
    sandbox.set_clock(START.isoformat())
    with running_site(data_dir, facebook_url=sandbox.graph_url, x_url=sandbox.base_url,
                      public_url=platforms.PUBLIC) as running:  # fmt: skip
        platforms.keep_apps(running.rt, sandbox)
        yield running


@pytest.fixture
def admin(site):
    return site.member(Role.ADMINISTRATOR)


def ask(admin, channel):
    """Begin on the page and return the platform's address."""
    admin.get(f"/accounts/connect/{channel}")
    page = admin.post(f"/accounts/connect/{channel}")
    assert page.status_code == 200, words(page)
    return page.text.split('btn-main" href="')[1].split('"')[0].replace("&amp;", "&")


def back(admin, channel, returned):
    told = {"state": returned.state, "code": returned.code, "error": returned.error}
    return admin.get(f"/accounts/connect/{channel}/back?{urlencode({k: v for k, v in told.items() if v})}")


@pytest.mark.parametrize("channel", list(Channel))
def test_an_administrator_connects_an_account_without_any_file(site, admin, channel):
    answer = back(admin, channel, platforms.allow(ask(admin, channel)))
    assert answer.status_code == 303
    assert "code" not in answer.headers["location"]
    offer = admin.follow(answer)
    assert "สิทธิ์ครบ" in words(offer)
    external_id = platforms.PAGE if channel is Channel.FACEBOOK else platforms.USER
    done = admin.follow(admin.post(answer.headers["location"], {"account": external_id}))
    assert "เชื่อมต่อบัญชีแล้ว 1 บัญชี" in words(done)
    with site.rt.sessions.begin() as session:
        account = session.scalars(select(Account)).one()
        assert (account.external_id, account.health) == (external_id, Health.OK)


@pytest.mark.parametrize("channel", list(Channel))
def test_each_wrong_way_back_is_told_in_thai_and_connects_nothing(site, admin, channel):
    denied = back(admin, channel, platforms.allow(ask(admin, channel), answer="deny"))
    assert (denied.status_code, "ไม่ได้รับอนุญาต" in words(denied)) == (409, True)
    returned = platforms.allow(ask(admin, channel))
    site.clock.advance(timedelta(minutes=4))
    other = site.member(Role.ADMINISTRATOR)
    foreign = back(other, channel, returned)
    assert (foreign.status_code, "ที่ท่านเริ่มในเบราว์เซอร์นี้" in words(foreign)) == (403, True)
    site.clock.advance(timedelta(minutes=7))
    late = back(admin, channel, returned)
    assert (late.status_code, "เกิน 10 นาทีแล้ว" in words(late)) == (409, True)
    again = back(admin, channel, returned)
    assert (again.status_code, "ใช้ได้ครั้งเดียว" in words(again)) == (409, True)
    with site.rt.sessions.begin() as session:
        assert session.scalars(select(Account)).all() == []


def test_nothing_is_chosen_by_accident(admin):
    answer = back(admin, Channel.X, platforms.allow(ask(admin, Channel.X)))
    refused = admin.post(answer.headers["location"], {})
    assert (refused.status_code, "โปรดเลือกอย่างน้อยหนึ่งบัญชี" in words(refused)) == (422, True)


@pytest.mark.parametrize("path", ["/accounts/connect/x", "/accounts/apps/x"])
def test_after_five_minutes_the_password_is_asked_again_and_what_was_typed_stays(site, admin, path):
    assert 'name="confirm"' not in admin.get(path).text
    site.clock.advance(timedelta(minutes=5, seconds=1))
    assert 'name="confirm"' in admin.get(path).text
    form = {"public_id": "another-id", "secret": "s"}
    without = admin.post(path, form)
    assert (without.status_code, "โปรดพิมพ์รหัสผ่านอีกครั้ง" in words(without)) == (422, True)
    wrong = admin.post(path, form | {"confirm": "ไม่ใช่รหัสนี้"})
    assert wrong.status_code == 401
    if "apps" in path:
        assert 'value="another-id"' in wrong.text
    assert admin.post(path, form | {"confirm": PASSWORD}).status_code in (200, 303)
    assert 'name="confirm"' not in admin.get(path).text


def test_guessing_the_password_there_counts_like_guessing_at_the_door(site, admin):
    site.clock.advance(timedelta(minutes=6))
    admin.get("/accounts/connect/x")
    codes = [admin.post("/accounts/connect/x", {"confirm": f"เดา {n}"}).status_code for n in range(11)]
    assert codes == [401] * 10 + [429]


def test_to_resume_after_a_stop_the_password_is_asked_again(site):
    with site.rt.sessions.begin() as session:
        queue.stop_all(session, "ซ้อม", site.team.officer, site.clock.now())
    approver = site.member(Role.APPROVER)
    site.clock.advance(timedelta(minutes=6))
    approver.get("/queue")
    refused = approver.post("/queue/resume")
    assert (refused.status_code, "โปรดพิมพ์รหัสผ่านอีกครั้ง" in words(refused)) == (422, True)
    assert approver.post("/queue/resume", {"confirm": PASSWORD}).status_code == 303


def test_an_account_is_let_go_with_what_that_means(site, admin, sandbox):
    account = platforms.connect(site.rt, Channel.X, site.team.administrator)
    make_approved(site.rt, site.team.officer, site.team.approver, bodies={Channel.X: "ข้อความ"})
    assert "1 รายการจะถูกพักไว้" in words(admin.get(f"/accounts/{account.id}/disconnect"))
    sandbox.fault("x", "login", "drop_before")
    away = admin.post(f"/accounts/{account.id}/disconnect")
    assert (away.status_code, 'name="anyway"' in away.text) == (503, True)
    done = admin.follow(admin.post(f"/accounts/{account.id}/disconnect"))
    assert "พักโพสต์ไว้ 1 รายการ" in words(done)
    assert "เลิกเชื่อมต่อแล้ว" in words(admin.get("/accounts"))


def test_what_ends_soon_stands_on_the_first_page_and_beside_its_account_with_what_to_do(site, admin):
    account = platforms.connect(site.rt, Channel.FACEBOOK, site.team.administrator)
    with site.rt.sessions.begin() as session:
        session.get_one(Account, account.id).data_access_ends_at = START + timedelta(days=6)
        tell_all_endings(session, START)
    for path in ("/today", "/accounts"):
        assert "สิทธิ์อ่านข้อมูลจะหมดภายใน 7 วัน" in words(admin.get(path)), path
        assert "โปรดให้ผู้ดูแลระบบกดเชื่อมต่อบัญชีนี้อีกครั้งในสัปดาห์นี้" in words(admin.get(path)), path


def test_an_apps_secret_is_never_shown_again(site, admin):
    secret = "canary-app-secret-0123456789"
    done = admin.follow(admin.post("/accounts/apps/x", {"public_id": "client", "secret": secret}))
    assert "บันทึกแอปแล้ว" in words(done)
    for path in ("/accounts", "/accounts/apps/x", "/accounts/connect/x"):
        assert secret not in admin.get(path).text
    with site.rt.sessions.begin() as session:
        assert apps.app_of(site.rt, session, Channel.X).client_secret == secret
    bad = admin.post("/accounts/apps/facebook", {"public_id": "two words", "secret": secret})
    assert (bad.status_code, 'value="two words"' in bad.text, secret in bad.text) == (422, True, False)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.REVIEWER])
def test_only_administrators_come_that_far(site, role):
    member = site.member(role)
    for path in ("connect/x", "apps/x", "1/disconnect", "connect/offers/1"):
        assert member.get(f"/accounts/{path}").status_code == 403, path
    assert member.get("/accounts/connect/x/back?state=a&code=b").status_code == 403


def test_the_app_s_own_token_of_x_is_stored_never_shown_and_lets_x_be_asked(site, admin, sandbox):
    told = sandbox.ask("GET", "/__control/credentials")
    bearer = told["x_bearer"]["app"]
    assert "Bearer Token" in words(admin.post("/costs"))
    admin.get("/accounts/apps/x")
    form = {"public_id": told["x_client"]["client_id"], "secret": "", "app_bearer": bearer}
    assert admin.post("/accounts/apps/x", form).status_code == 303
    assert bearer not in admin.get("/accounts/apps/x").text
    admin.get("/costs")
    page = admin.post("/costs")
    assert "X นับว่าอ่านโพสต์แล้ว 0 รายการ" in words(page)
    assert bearer not in page.text
