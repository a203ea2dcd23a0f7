"""What a check says of an account: a case per trouble, its Thai sentence, and when each account is asked."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.i18n import LANGUAGES, text
from core.vocab import AlertKind, Channel, Health
from models import Account, Alert
from services import accounts, alerts, renewing
from services.accounts import Keys, keep_account
from services.endings import tell_all_endings
from tests.builders import START, make_account, make_approved
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.services import platforms

FACEBOOK, X = Channel.FACEBOOK, Channel.X
ALL_SCOPES = [
    "pages_show_list", "pages_manage_posts", "pages_read_engagement", "pages_read_user_content",
    "pages_manage_engagement", "read_insights", "pages_manage_metadata",
]  # fmt: skip


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[SandboxHandle]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


@pytest.fixture
def rt(data_dir, sandbox):
    with platforms.online(data_dir, sandbox) as runtime:
        yield runtime


def expired(sandbox):
    sandbox.wear_token("facebook", platforms.PAGE, expires_at=(START - timedelta(hours=1)).isoformat())


def revoked(sandbox):
    sandbox.wear_token("facebook", platforms.PAGE, dead=458)


def revoked_at_x(sandbox):
    sandbox.wear_token("x", platforms.USER, dead=89)


def read_only(sandbox):
    sandbox.wear_token("x", platforms.USER, read_only=True)


def wrong_task(sandbox):
    sandbox.wear_token("facebook", platforms.PAGE, tasks=["ANALYZE"])


def missing_scope(sandbox):
    scopes = [scope for scope in ALL_SCOPES if scope != "pages_manage_posts"]
    sandbox.wear_token("facebook", platforms.PAGE, scopes=scopes)


def out_of_credits(sandbox):
    sandbox.fault("x", "account", "error", name="credits_depleted")


def clock_skew(sandbox):
    sandbox.settings(x_clock_off_s=600.0)


@dataclass(frozen=True)
class Case:
    """A trouble, how the account stands then, and how its sentence begins."""

    channel: Channel
    wear: Callable[[SandboxHandle], None]
    health: Health
    code: str
    words: str


CASES = [
    Case(FACEBOOK, expired, Health.REAUTH, "token_expired",
         "กุญแจของบัญชีนี้หมดอายุแล้ว โปรดให้ผู้ดูแลระบบเชื่อมต่อบัญชีใหม่"),
    Case(FACEBOOK, revoked, Health.REAUTH, "app_removed",
         "แอปของหน่วยงานถูกนำออกจากบัญชีแล้ว โปรดให้ผู้ดูแลระบบอนุญาตแอป"),
    Case(X, revoked_at_x, Health.REAUTH, "token_dead",
         "แพลตฟอร์มไม่รับกุญแจของบัญชีนี้แล้ว โปรดให้ผู้ดูแลระบบเชื่อมต่อบัญชีใหม่"),
    Case(X, read_only, Health.REAUTH, "read_only_token",
         "กุญแจของบัญชีนี้อ่านได้อย่างเดียว โปรดตั้งแอปเป็น “Read and write”"),
    Case(FACEBOOK, wrong_task, Health.REAUTH, "task_publish_missing",
         "ผู้ที่เชื่อมต่อบัญชีไม่มีสิทธิ์สร้างเนื้อหาในเพจนี้ โปรดให้ผู้ดูแลเพจเพิ่มสิทธิ์"),
    Case(FACEBOOK, missing_scope, Health.REAUTH, "scope_publish_missing",
         "ยังไม่ได้อนุญาตสิทธิ์เผยแพร่โพสต์ (pages_manage_posts) จึงเผยแพร่ไม่ได้ โปรด"),
    Case(X, out_of_credits, Health.BILLING, "credits_exhausted",
         "วงเงิน API ของ X หมด รายการนี้ยังไม่ถูกส่ง โปรดเติมวงเงิน"),
    Case(X, clock_skew, Health.BLOCKED, "clock_skewed",
         "เวลาของเครื่องแม่ข่ายคลาดจากเวลาของ X เกิน 4 นาที"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.wear.__name__ for case in CASES])
def test_each_trouble_is_named_with_what_to_do(rt, sandbox, case):
    account = accounts.add_account(rt, sandbox.credentials(case.channel), None)
    case.wear(sandbox)
    check = accounts.check_account(rt, account.id)
    assert (check.reached, check.account.health) == (True, case.health)
    assert check.problems[0] == case.code
    assert text(f"reason.{case.code}").startswith(case.words)
    assert all(text(f"reason.{case.code}", language) != f"reason.{case.code}" for language in LANGUAGES)
    with rt.sessions.begin() as session:
        (alert,) = session.scalars(select(Alert).where(Alert.closed_at.is_(None))).all()
        assert (alert.kind, alert.code) == (AlertKind.ACCOUNT, case.code)


def test_x_signed_in_without_leave_to_write_lacks_a_scope(rt, sandbox, team):
    platforms.keep_apps(rt, sandbox)
    account = platforms.connect(rt, X, team.administrator)
    held = dict(accounts.access_of(rt, account).secrets)
    assert "tweet.write" in held["scope"].split()
    with rt.sessions.begin() as session:
        narrowed = held | {"scope": "tweet.read users.read offline.access"}
        keep_account(rt, session, (X, platforms.USER, "X"), Keys(narrowed, START + timedelta(hours=2)), None)
    check = accounts.check_account(rt, account.id)
    assert (check.account.health, check.problems) == (Health.REAUTH, ("x_scope_missing",))
    assert text("reason.x_scope_missing") != "reason.x_scope_missing"


def asked(sandbox, channel="facebook"):
    return len([one for one in sandbox.log(channel) if one["path"].endswith(("/me", "users/me"))])


def test_posts_ahead_have_their_account_asked_once_a_look_not_once_a_post(rt, sandbox, team):
    account = accounts.add_account(rt, sandbox.credentials(FACEBOOK), None)
    due = START + timedelta(days=10)
    for minutes in range(20):
        make_approved(rt, team.officer, team.approver, due_at=due + timedelta(minutes=minutes),
                      bodies={FACEBOOK: f"ข้อความ {minutes}"})  # fmt: skip
    looks = []
    moment = START
    while moment < due + timedelta(minutes=5):
        platforms.advance(rt, sandbox, moment)
        with rt.sessions.begin() as session:
            session.get_one(Account, account.id).probe_at = moment + timedelta(days=30)  # no daily look now
        looks += [moment for _ in accounts.probe_due(rt)]
        moment += timedelta(minutes=30)
    before = [due - one for one in looks]
    assert before[:3] == [timedelta(hours=72), timedelta(hours=24), timedelta(hours=1)]
    assert len(looks) == len(set(looks))
    assert asked(sandbox) == len(looks)


def test_an_account_no_post_waits_for_is_asked_once_a_day(rt, sandbox):
    accounts.add_account(rt, sandbox.credentials(FACEBOOK), None)
    for hour in range(49):
        platforms.advance(rt, sandbox, START + timedelta(hours=hour))
        accounts.probe_due(rt)
    assert asked(sandbox) == 3


def test_a_platform_that_is_silent_before_a_post_is_asked_every_quarter_of_an_hour(rt, sandbox, team):
    account = accounts.add_account(rt, sandbox.credentials(FACEBOOK), None)
    make_approved(
        rt, team.officer, team.approver, due_at=START + timedelta(hours=80), bodies={FACEBOOK: "ข้อความ"}
    )
    sandbox.fault("facebook", "account", "drop_before", times=None)
    sandbox.clear_log()
    for minute in range(0, 46, 5):
        platforms.advance(rt, sandbox, START + timedelta(hours=8, minutes=minute))
        accounts.probe_due(rt)
    sandbox.clear_faults()
    with rt.sessions.begin() as session:
        assert session.get_one(Account, account.id).checked_at is None
    assert asked(sandbox) == 4


@pytest.mark.parametrize("code", ["token_expiring", "data_access_expiring"])
def test_what_ends_is_told_14_7_and_1_days_ahead_once_each(rt, team, code):
    account = make_account(rt, FACEBOOK)
    ends = START + timedelta(days=20)
    with rt.sessions.begin() as session:
        row = session.get_one(Account, account.id)
        row.token_ends_at = ends if code == "token_expiring" else None
        row.data_access_ends_at = ends + timedelta(days=1) if code == "token_expiring" else ends
    told = []
    for day, hour in itertools.product(range(21), (0, 6, 12, 18)):
        rt.clock.set(START + timedelta(days=day, hours=hour))
        with rt.sessions.begin() as session:
            tell_all_endings(session, rt.clock.now())
            for one in alerts.shown_to(session, team.officer):
                told.append((one.alert.code, one.name, ends - rt.clock.now()))
                alerts.see_alert(session, one.alert.id, team.officer, rt.clock.now())
    name = account.name
    assert told == [(f"{code}_{days}", name, timedelta(days=days)) for days in (14, 7, 1)]
    for days, language in itertools.product((14, 7, 1), LANGUAGES):
        assert str(days) in text(f"reason.{code}_{days}", language)


def test_an_alert_nobody_put_away_speaks_of_the_nearest_threshold_and_ends_with_new_keys(rt, team):
    account = make_account(rt, FACEBOOK)
    with rt.sessions.begin() as session:
        session.get_one(Account, account.id).token_ends_at = START + timedelta(days=14)
    for day in (0, 3, 7, 13):
        rt.clock.set(START + timedelta(days=day))
        with rt.sessions.begin() as session:
            tell_all_endings(session, rt.clock.now())
            (one,) = alerts.shown_to(session, team.administrator)
    assert one.alert.code == "token_expiring_1"
    make_account(rt, FACEBOOK)
    with rt.sessions.begin() as session:
        tell_all_endings(session, rt.clock.now())
        assert alerts.shown_to(session, team.administrator) == []


def test_a_token_a_program_renews_ends_for_nobody(rt, sandbox, team):
    platforms.keep_apps(rt, sandbox)
    account = platforms.connect(rt, X, team.administrator)
    assert (account.token_ends_at, account.ending_told) == (None, None)
    platforms.advance(rt, sandbox, START + timedelta(minutes=100))
    renewing.renew_due(rt)
    with rt.sessions.begin() as session:
        tell_all_endings(session, rt.clock.now())
        assert alerts.shown_to(session, team.administrator) == []


def test_what_facebook_says_of_the_end_of_its_leave_is_kept_and_told(rt, sandbox, team):
    ends = START + timedelta(days=6)
    account = accounts.add_account(rt, sandbox.credentials(FACEBOOK), None)
    sandbox.wear_token("facebook", platforms.PAGE, data_access_expires_at=ends.isoformat())
    check = accounts.check_account(rt, account.id)
    assert (check.account.health, check.account.data_access_ends_at) == (Health.OK, ends)
    with rt.sessions.begin() as session:
        (one,) = alerts.shown_to(session, team.officer)
        assert (one.alert.kind, one.alert.code) == (AlertKind.ENDING, "data_access_expiring_7")
