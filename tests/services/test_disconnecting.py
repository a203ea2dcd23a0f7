"""Letting an account go: permission taken back, tokens erased, what waited held and told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.base import RetryLater
from core.errors import Conflict, Forbidden, Unavailable
from core.vocab import Channel, DeliveryState, Health
from models import Account, Delivery, Move
from services import accounts, disconnecting
from services.disconnecting import Parted
from services.gates import account_open
from tests.builders import START, make_approved
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.services import platforms


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[SandboxHandle]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


@pytest.fixture
def rt(data_dir, sandbox):
    with platforms.online(data_dir, sandbox) as runtime:
        platforms.keep_apps(runtime, sandbox)
        yield runtime


def account_now(rt, account_id):
    with rt.sessions.begin() as session:
        return session.get_one(Account, account_id)


@pytest.mark.parametrize("channel", list(Channel))
def test_the_permission_is_taken_back_the_keys_are_erased_and_what_waits_is_held(rt, team, channel):
    account = platforms.connect(rt, channel, team.administrator)
    before = accounts.access_of(rt, account)
    (delivery,) = make_approved(rt, team.officer, team.approver, bodies={channel: "ข้อความ"})
    with rt.sessions.begin() as session:
        assert disconnecting.waiting_for(session, account.id) == 1
    assert disconnecting.disconnect(rt, account.id, team.administrator) == Parted(1, 0, "revoked")
    row = account_now(rt, account.id)
    assert (row.active, row.health_reason, row.disconnected_at) == (False, "disconnected", START)
    assert accounts.access_of(rt, row).secrets == {}
    assert rt.connectors[channel].check(before).health is Health.REAUTH
    with rt.sessions.begin() as session:
        held = session.get_one(Delivery, delivery.id)
        assert (held.state, held.reason) == (DeliveryState.HELD, "account_disconnected")
        move = session.scalars(
            select(Move).where(Move.subject == "delivery").order_by(Move.id.desc())
        ).first()
        assert move.why == "account_disconnected"
        assert session.scalars(select(Account.id).where(account_open(START))).all() == []
    assert accounts.check_account(rt, account.id).problems == ("disconnected",)
    with pytest.raises(Conflict, match="already_disconnected"):
        disconnecting.disconnect(rt, account.id, team.administrator)


def test_connected_again_it_is_the_same_account_and_what_was_held_stays_held(rt, team):
    account = platforms.connect(rt, Channel.X, team.administrator)
    (delivery,) = make_approved(rt, team.officer, team.approver, bodies={Channel.X: "ข้อความ"})
    disconnecting.disconnect(rt, account.id, team.administrator)
    again = platforms.connect(rt, Channel.X, team.administrator)
    assert (again.id, again.active, again.disconnected_at) == (account.id, True, None)
    assert accounts.check_account(rt, again.id).account.health is Health.OK
    with rt.sessions.begin() as session:
        assert session.get_one(Delivery, delivery.id).state is DeliveryState.HELD


def test_keys_that_only_their_own_page_can_take_back_are_erased_all_the_same(rt, team, sandbox):
    account = accounts.add_account(rt, sandbox.credentials(Channel.X), None)
    assert disconnecting.disconnect(rt, account.id, None).at_platform == "by_hand"
    assert accounts.access_of(rt, account_now(rt, account.id)).secrets == {}


def test_keys_that_are_dead_already_count_as_taken_back(rt, team):
    account = platforms.connect(rt, Channel.X, team.administrator)
    rt.connectors[Channel.X].revoke(accounts.access_of(rt, account))
    assert disconnecting.disconnect(rt, account.id, team.administrator).at_platform == "revoked"


class Away:
    """A platform that cannot be reached."""

    def __init__(self, inner):
        self.inner = inner

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def revoke(self, _access):
        raise RetryLater("unreachable")

    def authorize_url(self, app, sign_in):
        return self.inner.authorize_url(app, sign_in)

    def redeem(self, app, sign_in, code):
        return self.inner.redeem(app, sign_in, code)


def test_while_the_platform_cannot_be_reached_nothing_changes_unless_one_insists(rt, team):
    account = platforms.connect(rt, Channel.X, team.administrator)
    away = replace(rt, connectors={Channel.X: Away(rt.connectors[Channel.X])})
    with pytest.raises(Unavailable, match="revoke_unreachable"):
        disconnecting.disconnect(away, account.id, team.administrator)
    assert account_now(rt, account.id).active
    parted = disconnecting.disconnect(away, account.id, team.administrator, anyway=True)
    assert parted.at_platform == "not_revoked"
    assert accounts.access_of(rt, account_now(rt, account.id)).secrets == {}


def test_only_administrators_let_an_account_go(rt, team):
    account = platforms.connect(rt, Channel.X, team.administrator)
    with pytest.raises(Forbidden):
        disconnecting.disconnect(rt, account.id, team.approver)
    rt.clock.advance(timedelta(seconds=1))
    assert account_now(rt, account.id).active


def test_a_channel_without_sign_in_is_left_by_hand(rt, team, sandbox):
    account = accounts.add_account(rt, sandbox.credentials(Channel.FACEBOOK), None)
    bare = replace(rt, connectors={Channel.FACEBOOK: object()})
    assert disconnecting.disconnect(bare, account.id, team.administrator).at_platform == "by_hand"
