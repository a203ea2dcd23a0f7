"""X's tokens are renewed by one worker, kept before use; what is lost on the way is told, never guessed."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.base import OutcomeUnknown, RetryLater
from core.clock import SetClock
from core.vocab import AlertKind, Channel, Health, Role
from models import Account, Alert, AuditEvent
from services import accounts, renewing, troubles
from services.gates import account_open
from services.runtime import Runtime, build_runtime
from tests.builders import START, make_person
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.services import platforms

TOKEN_CALL = "/2/oauth2/token"
DUE = START + timedelta(minutes=90)
WORKERS = 8


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[SandboxHandle]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def rt(request, data_dir, sandbox) -> Iterator[Runtime]:
    database = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with platforms.online(data_dir, sandbox, database_url=database) as runtime:
        platforms.keep_apps(runtime, sandbox)
        yield runtime


@pytest.fixture
def account(rt) -> Account:
    with rt.sessions.begin() as session:
        person = make_person(session, "admin", Role.ADMINISTRATOR)
    return platforms.connect(rt, Channel.X, person)


def now_of(rt: Runtime, account: Account) -> Account:
    with rt.sessions.begin() as session:
        return session.get_one(Account, account.id)


def refreshes(sandbox: SandboxHandle) -> int:
    return len([one for one in sandbox.log("x") if one["path"].endswith(TOKEN_CALL)])


def workers_of(rt: Runtime, count: int) -> list[Runtime]:
    """Return runtimes with their own connections to the same database, as other processes have."""
    return [build_runtime(rt.settings, SetClock(rt.clock.now())) for _ in range(count)]


def test_many_workers_at_once_ask_once_and_the_session_lives(rt, account, sandbox):
    platforms.advance(rt, sandbox, DUE)
    sandbox.clear_log()
    sandbox.fault("x", "login", "latency", times=None, ms=300)
    start = threading.Barrier(WORKERS)
    several = workers_of(rt, WORKERS)

    def work(one: Runtime) -> int:
        start.wait(10)
        return renewing.renew_due(one)

    with ThreadPoolExecutor(WORKERS) as pool:
        asked = list(pool.map(work, several))
    sandbox.clear_faults()
    for one in several:
        one.engine.dispose()
    assert (sum(asked), refreshes(sandbox)) == (1, 1)
    check = accounts.check_account(rt, account.id)
    assert (check.account.health, check.account.refreshing_until) == (Health.OK, None)
    assert check.account.access_until == DUE + timedelta(hours=2)


def test_the_session_lives_on_renewal_after_renewal(rt, account, sandbox):
    for turn in range(1, 6):
        platforms.advance(rt, sandbox, START + turn * timedelta(minutes=91))
        assert renewing.renew_due(rt) == 1
        assert renewing.renew_due(rt) == 0
    assert accounts.check_account(rt, account.id).account.health is Health.OK
    with rt.sessions.begin() as session:
        assert (
            len(session.scalars(select(AuditEvent).where(AuditEvent.action == "account.refresh")).all()) == 5
        )


def test_nothing_is_published_with_a_token_that_has_ended_and_the_next_look_renews_it(rt, account, sandbox):
    platforms.advance(rt, sandbox, START + timedelta(hours=3))
    with rt.sessions.begin() as session:
        can = select(Account.id).where(account_open(rt.clock.now()))
        assert session.scalars(can).all() == []
    renewing.renew_due(rt)
    with rt.sessions.begin() as session:
        assert session.scalars(can).all() == [account.id]


def test_a_check_renews_first_what_is_due(rt, account, sandbox):
    platforms.advance(rt, sandbox, START + timedelta(hours=3))
    assert accounts.check_account(rt, account.id).account.health is Health.OK
    assert refreshes(sandbox) == 2  # the sign-in's own, and one renewal


class Dying:
    """A connector whose process dies when the platform's answer is in, before anything is kept."""

    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def renew(self, access):
        self.inner.renew(access)
        raise KeyboardInterrupt

    def check(self, access):
        return self.inner.check(access)


def test_dying_between_the_answer_and_the_commit_ends_in_an_alert_that_says_so(rt, account, sandbox):
    platforms.advance(rt, sandbox, DUE)
    dying = replace(rt, connectors={Channel.X: Dying(rt.connectors[Channel.X])})
    with pytest.raises(KeyboardInterrupt):
        renewing.renew_due(dying)
    assert renewing.renew_due(rt) == 0, "its turn has not run out: somebody else may still be at it"
    platforms.advance(rt, sandbox, DUE + timedelta(minutes=1))
    assert renewing.renew_due(rt) == 1
    row = now_of(rt, account)
    assert (row.health, row.health_reason, row.refresh_at) == (Health.REAUTH, "refresh_lost", None)
    with rt.sessions.begin() as session:
        (alert,) = session.scalars(select(Alert).where(Alert.kind == AlertKind.ACCOUNT)).all()
        assert (alert.subject_id, alert.code) == (account.id, "refresh_lost")
    assert renewing.renew_due(rt) == 0


class Failing(Dying):
    """A connector that does not reach the platform."""

    def __init__(self, inner, trouble):
        super().__init__(inner)
        self.trouble = trouble

    def renew(self, _access):
        raise self.trouble


def test_a_platform_that_cannot_be_reached_is_asked_again_with_the_same_token(rt, account, sandbox):
    platforms.advance(rt, sandbox, DUE)
    away = replace(rt, connectors={Channel.X: Failing(rt.connectors[Channel.X], RetryLater("unreachable"))})
    assert renewing.renew_due(away) == 1
    row = now_of(rt, account)
    assert (row.refresh_at, row.refreshing_until) == (DUE + timedelta(seconds=15), None)
    platforms.advance(rt, sandbox, DUE + timedelta(seconds=15))
    assert renewing.renew_due(rt) == 1
    assert accounts.check_account(rt, account.id).account.health is Health.OK


def test_an_answer_that_never_came_is_tried_once_more_when_its_turn_is_over(rt, account, sandbox):
    platforms.advance(rt, sandbox, DUE)
    lost = replace(
        rt, connectors={Channel.X: Failing(rt.connectors[Channel.X], OutcomeUnknown("answer_lost"))}
    )
    assert renewing.renew_due(lost) == 1
    assert renewing.renew_due(rt) == 0
    platforms.advance(rt, sandbox, DUE + timedelta(minutes=1))
    assert renewing.renew_due(rt) == 1
    assert now_of(rt, account).health is Health.UNCHECKED


def test_a_turn_that_a_wrong_clock_took_keeps_nobody_off(rt, account, sandbox):
    platforms.advance(rt, sandbox, DUE)
    with rt.sessions.begin() as session:
        session.get_one(Account, account.id).refreshing_until = DUE + timedelta(days=1)
    assert renewing.renew_due(rt) == 1
    assert now_of(rt, account).refreshing_until is None


def test_a_token_given_back_at_the_platform_needs_a_person(rt, account, sandbox):
    rt.connectors[Channel.X].revoke(accounts.access_of(rt, account))
    platforms.advance(rt, sandbox, DUE)
    assert renewing.renew_due(rt) == 1
    row = now_of(rt, account)
    assert (row.health, row.health_reason, row.refresh_at) == (Health.REAUTH, "refresh_refused", None)


def test_a_late_answer_of_a_worker_never_overwrites_newer_keys(rt, account, sandbox):
    platforms.advance(rt, sandbox, DUE)
    turn = renewing._take_turn(rt, account.id)
    with rt.sessions.begin() as session:
        person = make_person(session, "second", Role.ADMINISTRATOR)
    platforms.connect(rt, Channel.X, person)
    newest = accounts.access_of(rt, now_of(rt, account)).secrets
    renewing._keep(rt, turn, rt.connectors[Channel.X].renew(turn.access))
    renewing._note_trouble(rt, turn, RetryLater("unreachable"))
    assert accounts.access_of(rt, now_of(rt, account)).secrets == newest


def test_a_late_answer_is_kept_if_nobody_has_newer_keys(rt, account, sandbox):
    platforms.advance(rt, sandbox, DUE)
    turn = renewing._take_turn(rt, account.id)
    platforms.advance(rt, sandbox, DUE + timedelta(hours=1))
    renewing._keep(rt, turn, rt.connectors[Channel.X].renew(turn.access))
    assert accounts.check_account(rt, account.id).account.health is Health.OK


def test_a_refused_token_that_can_be_renewed_is_renewed_before_anybody_is_told(rt, account):
    dead = RetryLater("token_dead", health=Health.REAUTH)
    with rt.sessions.begin() as session:
        row = session.get_one(Account, account.id)
        troubles.note_trouble(session, row, dead, rt.clock.now())
        assert (row.health, row.refresh_at) == (Health.UNCHECKED, START)
    assert renewing.renew_due(rt) == 1
    for after, health in ((timedelta(seconds=20), Health.UNCHECKED), (timedelta(minutes=2), Health.REAUTH)):
        with rt.sessions.begin() as session:
            row = session.get_one(Account, account.id)
            troubles.note_trouble(session, row, dead, START + after)
            assert row.health is health


def test_a_check_of_a_refused_token_renews_it_and_asks_again(rt, account, sandbox):
    held = accounts.access_of(rt, account).secrets
    bearer_only = {"bearer_token": "SANDBOXnobody"}
    with rt.sessions.begin() as session:
        row = session.get_one(Account, account.id)
        accounts.keep_account(
            rt, session, (Channel.X, row.external_id, row.name),
            accounts.Keys({**held, **bearer_only}, START + timedelta(hours=2)), None,
        )  # fmt: skip
    sandbox.clear_log()
    assert accounts.check_account(rt, account.id).account.health is Health.OK
    assert refreshes(sandbox) == 1


def test_only_what_can_be_renewed_is_asked_to(rt):
    with rt.sessions.begin() as session:
        keys = accounts.Keys({"refresh_token": "r", "page_token": "p"}, START + timedelta(hours=1))
        row = accounts.keep_account(rt, session, (Channel.FACEBOOK, "7", "เพจ"), keys, None)
    rt.clock.set(DUE)
    with pytest.raises(TypeError):
        renewing.renew_account(rt, row.id)
