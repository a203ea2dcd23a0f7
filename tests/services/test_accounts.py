"""Accounts: tokens sealed and never repeated; checks of platforms that answer, refuse or are gone."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.clock import SetClock
from core.config import Settings
from core.errors import BadInput, Forbidden, NotFound
from core.vocab import Channel, Health
from models import Account, AuditEvent, Base
from services import accounts
from services.runtime import Runtime, build_runtime
from tests.builders import EXTERNAL_IDS, START, TOKENS, make_account
from tests.sandbox_server import SandboxHandle, running_sandbox

SECRET = "EAA-canary-0123456789"
WRONG_CHANNEL = ", ".join(
    f"secrets.{name}" for channel in (Channel.X, Channel.FACEBOOK) for name in sorted(TOKENS[channel])
)


def token(channel=Channel.FACEBOOK, **change):
    return {
        "channel": channel.value, "name": "เพจทดสอบ", "external_id": EXTERNAL_IDS[channel],
        "secrets": dict(TOKENS[channel]), **change,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({}, "channel, external_id, name, secrets"),
        (token() | {"channel": "myspace"}, "channel"),
        (token() | {"name": "  "}, "name"),
        (token() | {"external_id": "12a"}, "external_id"),
        (token() | {"external_id": "๑๒"}, "external_id"),
        (token() | {"secrets": SECRET}, "secrets"),
        (token() | {"secrets": {}}, "secrets.app_id, secrets.app_secret, secrets.page_token"),
        (token() | {"secrets": {**TOKENS[Channel.FACEBOOK], "page_token": ""}}, "secrets.page_token"),
        (token() | {"secrets": {**TOKENS[Channel.FACEBOOK], "page_token": 7}}, "secrets.page_token"),
        (token() | {"secrets": {**TOKENS[Channel.FACEBOOK], "more": SECRET}}, "secrets.more"),
        (token() | {"password": SECRET}, "password"),
        (token(Channel.X) | {"secrets": dict(TOKENS[Channel.FACEBOOK])}, WRONG_CHANNEL),
    ],
)  # fmt: skip
def test_a_token_file_that_cannot_be_used_names_the_key_and_never_a_value(rt, wrong, key):
    with pytest.raises(BadInput, match="token_file_invalid") as refused:
        accounts.add_account(rt, wrong, None)
    assert refused.value.params["key"] == key
    assert SECRET not in str(refused.value)
    with rt.sessions.begin() as session:
        assert session.scalars(select(Account)).all() == []


def test_tokens_are_sealed_in_the_database_and_opened_for_one_use(rt, team):
    secrets = {**TOKENS[Channel.FACEBOOK], "page_token": SECRET}
    account = accounts.add_account(rt, token(secrets=secrets, username="pr"), team.administrator)
    assert account.health is Health.UNCHECKED
    opened = accounts.access_of(rt, account)
    assert (opened.secrets, opened.external_id) == (secrets, EXTERNAL_IDS[Channel.FACEBOOK])
    assert SECRET not in repr(opened)
    rt.engine.dispose()
    for path in rt.settings.data_dir.glob("rukon.db*"):
        assert SECRET.encode() not in path.read_bytes()
    with sqlite3.connect(rt.settings.data_dir / "rukon.db") as raw:
        assert not any(SECRET in line for line in raw.iterdump())
    raw.close()


def test_new_tokens_for_a_known_account_replace_the_old_and_ask_for_a_new_check(rt, team):
    first = make_account(rt, Channel.FACEBOOK)
    secrets = {**TOKENS[Channel.FACEBOOK], "page_token": "EAAnew"}
    again = accounts.add_account(rt, token(secrets=secrets), team.administrator)
    assert (again.id, again.health) == (first.id, Health.UNCHECKED)
    assert accounts.access_of(rt, again).secrets["page_token"] == "EAAnew"
    with rt.sessions.begin() as session:
        deeds = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == "account")).all()
    assert deeds == ["account.add", "account.renew"]


def test_only_administrators_touch_accounts(rt, team):
    account = make_account(rt, Channel.X)
    with pytest.raises(Forbidden):
        accounts.add_account(rt, token(), team.officer)
    with pytest.raises(Forbidden):
        accounts.set_active(rt, account.id, team.approver, active=False)


def test_an_account_left_out_is_no_longer_listed_as_active(rt, team):
    account = make_account(rt, Channel.X)
    make_account(rt, Channel.FACEBOOK)
    accounts.set_active(rt, account.id, team.administrator, active=False)
    accounts.set_active(rt, account.id, None, active=False)
    with rt.sessions.begin() as session:
        assert [row.channel for row in accounts.list_accounts(session)] == [Channel.FACEBOOK, Channel.X]
        assert [row.channel for row in accounts.list_accounts(session, active_only=True)] == [
            Channel.FACEBOOK
        ]
        with pytest.raises(NotFound):
            accounts.find_account(session, 999)


@pytest.fixture(scope="module")
def platforms(tmp_path_factory) -> Iterator[SandboxHandle]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


@pytest.fixture
def online(data_dir, platforms) -> Iterator[Runtime]:
    """Build a runtime that speaks to the sandbox, with both accounts added."""
    platforms.reset()
    platforms.set_clock(START.isoformat())
    settings = Settings(
        data_dir=data_dir, facebook_url=platforms.graph_url, x_url=platforms.base_url,
        connect_timeout_s=2, read_timeout_s=2,
    )  # fmt: skip
    runtime = build_runtime(settings, SetClock(START))
    Base.metadata.create_all(runtime.engine)
    for channel in Channel:
        accounts.add_account(runtime, platforms.credentials(channel), None)
    yield runtime
    runtime.engine.dispose()


def test_accounts_that_work_are_ready_after_a_check(online):
    checks = accounts.check_all(online)
    assert [(one.account.channel, one.reached, one.account.health) for one in checks] == [
        (Channel.FACEBOOK, True, Health.OK), (Channel.X, True, Health.OK),
    ]  # fmt: skip
    assert {one.account.checked_at for one in checks} == {START}


def test_an_expired_token_is_named_and_stored_until_it_is_replaced(online, platforms):
    facebook, _ = accounts.check_all(online)
    platforms.wear_token("facebook", facebook.account.external_id, dead=463)
    check = accounts.check_account(online, facebook.account.id)
    assert (check.reached, check.account.health) == (True, Health.REAUTH)
    assert check.problems == (check.account.health_reason,) == ("token_expired",)
    platforms.reset()
    assert accounts.check_account(online, facebook.account.id).account.health is Health.OK


@pytest.mark.usefixtures("platforms")
def test_a_platform_that_cannot_be_reached_changes_nothing(online):
    accounts.check_all(online)
    gone = Settings(
        data_dir=online.settings.data_dir, facebook_url="http://127.0.0.1:9", x_url="http://127.0.0.1:9",
        connect_timeout_s=1, read_timeout_s=1,
    )  # fmt: skip
    offline = build_runtime(gone, SetClock(START))
    for check in accounts.check_all(offline):
        assert (check.reached, check.problems) == (False, ("platform_unreachable",))
        assert check.account.health is Health.OK
    offline.engine.dispose()


def test_no_transaction_is_open_while_the_platform_is_asked(online):
    seen = []
    connector = online.connectors[Channel.FACEBOOK]

    class Watching:
        """Looks at the pool in the middle of a check."""

        def check(self, access):
            seen.append(online.engine.pool.checkedout())
            return connector.check(access)

    watched = Runtime(**{**vars(online), "connectors": {Channel.FACEBOOK: Watching()}})
    with online.sessions.begin() as session:
        account = session.scalars(select(Account).where(Account.channel == Channel.FACEBOOK)).one()
    accounts.check_account(watched, account.id)
    assert seen == [0]
