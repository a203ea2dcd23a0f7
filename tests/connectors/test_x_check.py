"""What a check of an X account tells: each thing that can be wrong has its own reason, and its sentence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import Access, Message, Rejected, RetryLater
from connectors.x.connector import XConnector
from core.clock import SetClock
from core.config import Settings
from core.i18n import text
from core.vocab import Channel, Health
from tests.connectors.conftest import NOON
from tests.connectors.stand_in import Reply


@pytest.fixture
def x(sandbox, clock) -> XConnector:
    sandbox.set_clock(NOON.isoformat())
    return XConnector(Settings(x_url=sandbox.base_url, read_timeout_s=10), clock)


@pytest.fixture
def me(sandbox) -> Access:
    told = sandbox.credentials("x")
    return Access(Channel.X, told["external_id"], told["secrets"])


@pytest.fixture
def by_sign_in(sandbox, me) -> Access:
    bearer = sandbox.ask("GET", "/__control/credentials")["x_bearer"][me.external_id]
    ends = str(int((NOON + timedelta(hours=2)).timestamp()))
    return replace(me, secrets={"bearer_token": bearer, "expires_at": ends})


def revoked(sandbox, me):
    sandbox.wear_token("x", me.external_id, dead=89)


def read_only(sandbox, me):
    sandbox.wear_token("x", me.external_id, read_only=True)


def out_of_credits(sandbox, _):
    sandbox.fault("x", "account", "error", name="credits_depleted")


def out_of_credits_in_older_words(sandbox, _):
    sandbox.fault("x", "account", "error", name="credits_depleted_old")


def skewed(sandbox, _):
    sandbox.settings(x_clock_off_s=400)


def behind(sandbox, _):
    sandbox.settings(x_clock_off_s=-400)


def suspended(sandbox, _):
    sandbox.fault("x", "account", "error", name="suspended")


def capped(sandbox, _):
    sandbox.fault("x", "account", "error", name="usage_capped")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (revoked, (Health.REAUTH, "token_dead", "เชื่อมต่อบัญชีใหม่")),
        (read_only, (Health.REAUTH, "read_only_token", "Read and write")),
        (out_of_credits, (Health.BILLING, "credits_exhausted", "โปรดเติมวงเงิน")),
        (out_of_credits_in_older_words, (Health.BILLING, "credits_exhausted", "โปรดเติมวงเงิน")),
        (skewed, (Health.BLOCKED, "clock_skewed", "NTP")),
        (behind, (Health.BLOCKED, "clock_skewed", "NTP")),
        (suspended, (Health.BLOCKED, "account_suspended", "ยื่นอุทธรณ์")),
        (capped, (Health.BILLING, "usage_capped", "โปรดเพิ่มเพดาน")),
    ],
)
def test_each_trouble_has_its_own_reason_and_says_what_to_do(x, me, sandbox, spoil, told):
    health, reason, todo = told
    assert x.check(me).health is Health.OK
    spoil(sandbox, me)
    report = x.check(me)
    assert (report.health, report.problems) == (health, (reason,))
    assert todo in text(f"reason.{reason}")


def test_a_token_whose_time_is_up_has_expired_and_one_refused_before_was_revoked(
    x, by_sign_in, sandbox, clock
):
    assert x.check(by_sign_in).health is Health.OK
    sandbox.wear_token("x", by_sign_in.external_id, dead=89)
    assert x.check(by_sign_in).problems == ("token_dead",)
    clock.advance(timedelta(hours=2))
    assert x.check(by_sign_in).problems == ("token_expired",)


def test_a_post_refused_for_the_clock_waits_and_was_not_made(x, me, sandbox):
    sandbox.settings(x_clock_off_s=400)
    with x.open(me) as line, pytest.raises(RetryLater) as trouble:
        line.publish(Message("เวลาคลาด"))
    assert (trouble.value.code, trouble.value.health) == ("clock_skewed", Health.BLOCKED)
    assert sandbox.ledger("x") == []


def test_credits_that_run_out_stop_every_billed_call_until_they_are_back(x, me, sandbox):
    with x.open(me) as line:
        line.publish(Message("โพสต์แรก"))
    sandbox.settings(x_credit_usd=0.01)
    assert x.check(me).problems == ("credits_exhausted",)
    sandbox.settings(x_credit_usd=5)
    assert x.check(me).health is Health.OK


@pytest.mark.parametrize("date", [{}, {"Date": "yesterday"}])
def test_an_answer_that_tells_no_time_is_taken_for_a_dead_token(stand_in, user, date):
    stand_in.say(Reply({"title": "Unauthorized"}, 401, date))
    report = XConnector(Settings(x_url=stand_in.url), SetClock(NOON)).check(user)
    assert report.problems == ("token_dead",)


def test_the_app_s_own_token_tells_what_x_counted_as_read(x, me, sandbox):
    with x.open(me) as line:
        line.publish(Message("อ่านฉัน"))
    x.find(me, NOON - timedelta(hours=1))
    bearer = sandbox.ask("GET", "/__control/credentials")["x_bearer"]["app"]
    assert x.read_usage(bearer) == 1
    with pytest.raises(RetryLater) as missing:
        x.read_usage(" ")
    assert missing.value.code == "credentials_missing"
    users = sandbox.ask("GET", "/__control/credentials")["x_bearer"][me.external_id]
    with pytest.raises(Rejected) as wrong:
        x.read_usage(users)
    assert wrong.value.code == "wrong_token_kind"
