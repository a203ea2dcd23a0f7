"""What holds an account, or stays half way, is told once, to whom it concerns, until it is over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.vocab import AlertKind, Channel, DeliveryState, Health
from models import Account, Alert, Delivery, Incarnation
from services import alerts, rescue, watching
from services.accounts import check_account, probe_due
from services.incarnations import be_born
from tests.publishing.test_pace import tick_for, waiting

QUARTER = timedelta(minutes=15)


def open_alerts(office, kind):
    with office.rt.sessions.begin() as session:
        return list(session.scalars(select(Alert).where(Alert.kind == kind, Alert.closed_at.is_(None))))


def watch(office, delta=timedelta(0)):
    office.advance(delta)
    watching.watch(office.rt, office.life)


@pytest.mark.parametrize(
    ("channel", "error", "health"),
    [
        (Channel.FACEBOOK, "token_expired", Health.REAUTH),
        (Channel.X, "unauthorized", Health.REAUTH),
        (Channel.X, "credits_depleted", Health.BILLING),
    ],
)
def test_a_refused_account_holds_its_queue_and_alerts_once(office, channel, error, health):
    office.round()
    ids = waiting(office, 1, 1.1, 1.2, channel=channel)
    office.sandbox.fault(channel, "*", "error", name=error, times=None)
    tick_for(office, 5)
    assert office.account(channel).health is health
    assert len(office.sandbox.log(channel, "publish")) == 1
    assert {office.state(one) for one in ids} == {DeliveryState.SCHEDULED}
    (alert,) = open_alerts(office, AlertKind.ACCOUNT)
    assert (alert.subject_id, alert.count) == (office.account(channel).id, 1)


def test_a_refusal_right_after_a_good_check_is_asked_about_again_at_once(office):
    office.round()
    (first, *_) = waiting(office, 1, channel=Channel.FACEBOOK)
    office.advance(timedelta(seconds=50))
    # its keys were just put right, and one call is on its way with the old ones
    check_account(office.rt, office.account(Channel.FACEBOOK).id)
    office.sandbox.fault("facebook", "publish", "error", name="token_expired")
    tick_for(office, 1)
    assert office.account(Channel.FACEBOOK).health is Health.REAUTH
    probe_due(office.rt)
    assert open_alerts(office, AlertKind.ACCOUNT) == []
    tick_for(office, 1)
    assert office.state(first) in (DeliveryState.PUBLISHED, DeliveryState.VERIFIED)


def test_a_good_check_ends_the_alert_and_the_queue_goes_on(office):
    office.round()
    (first, *_) = waiting(office, 1, channel=Channel.FACEBOOK)
    office.sandbox.fault("facebook", "publish", "error", name="token_expired")
    tick_for(office, 3)
    account = office.account(Channel.FACEBOOK)
    with office.rt.sessions.begin() as session:
        (shown,) = alerts.shown_to(session, office.team.officer)
        assert (shown.alert.kind, shown.name) == (AlertKind.ACCOUNT, account.name)
    check_account(office.rt, account.id)
    assert open_alerts(office, AlertKind.ACCOUNT) == []
    tick_for(office, 1)
    assert office.state(first) in (DeliveryState.PUBLISHED, DeliveryState.VERIFIED)


def test_an_account_without_credit_is_asked_again_every_quarter_of_an_hour_not_more_often(office):
    office.round()
    (delivery_id,) = waiting(office, 1)
    office.sandbox.fault("x", "*", "error", name="credits_depleted", times=None)
    tick_for(office, 2)
    office.sandbox.clear_log()
    for _ in range(13):
        watch(office, timedelta(minutes=1))
    assert office.sandbox.log("x") == []
    watch(office, timedelta(minutes=2))
    assert len(office.sandbox.log("x")) == 1
    office.sandbox.clear_faults()
    watch(office, QUARTER)
    assert office.account(Channel.X).health is Health.OK
    assert open_alerts(office, AlertKind.ACCOUNT) == []
    tick_for(office, 1)
    assert office.state(delivery_id) in (DeliveryState.PUBLISHED, DeliveryState.VERIFIED)


def test_a_new_account_is_checked_without_being_asked(office):
    with office.rt.sessions.begin() as session:
        for account in session.scalars(select(Account)):
            account.health = Health.UNCHECKED
    watch(office)
    assert {office.account(channel).health for channel in Channel} == {Health.OK}


def test_a_rate_limit_spares_the_platform_the_account_s_other_posts(office):
    office.round()
    ids = waiting(office, 1, 1, 1)
    office.sandbox.fault("x", "publish", "error", name="rate_limited", times=None)
    tick_for(office, 2)
    assert len(office.sandbox.log("x", "publish")) == 1
    assert office.account(Channel.X).blocked_until > office.clock.now()
    assert open_alerts(office, AlertKind.ACCOUNT) == []
    office.sandbox.clear_faults()
    office.clock.set(office.account(Channel.X).blocked_until)
    tick_for(office, 6)
    assert {office.state(one) for one in ids} <= {DeliveryState.PUBLISHED, DeliveryState.VERIFIED}


def test_an_unclear_post_that_cannot_be_looked_for_raises_an_alert_then_goes_to_a_person(office):
    office.sandbox.fault("x", "publish", "accept_then_drop")
    office.sandbox.fault("x", "timeline", "error", name="unavailable", times=None)
    delivery_id = office.approved()
    office.round()
    for _ in range(14):
        office.advance(timedelta(minutes=1))
        office.round()
    watch(office)
    assert open_alerts(office, AlertKind.UNSETTLED) == []
    for _ in range(3):
        watch(office, timedelta(minutes=1))
    (alert,) = open_alerts(office, AlertKind.UNSETTLED)
    assert alert.subject_id == delivery_id
    watch(office, timedelta(minutes=40))
    assert office.state(delivery_id) is DeliveryState.UNCERTAIN
    watch(office, timedelta(minutes=5))
    row = office.delivery(delivery_id)
    assert (row.state, row.reason) == (DeliveryState.NEEDS_HUMAN, "unreadable")
    watch(office)
    assert open_alerts(office, AlertKind.UNSETTLED) == []


def test_an_alert_ends_when_the_post_is_found_after_all(office):
    office.sandbox.fault("x", "publish", "accept_then_drop")
    office.sandbox.fault("x", "timeline", "error", name="unavailable", times=None)
    delivery_id = office.approved()
    office.round()
    watch(office, timedelta(minutes=16))
    assert len(open_alerts(office, AlertKind.UNSETTLED)) == 1
    office.sandbox.clear_faults()
    office.settle()
    watch(office)
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert open_alerts(office, AlertKind.UNSETTLED) == []


def test_a_send_beyond_twice_its_lease_raises_an_alert_even_where_nobody_can_be_ended(office):
    delivery_id = office.approved()
    other = be_born(office.rt, "worker")
    lease = timedelta(seconds=office.rt.settings.lease_s)
    with office.rt.sessions.begin() as session:
        row = session.get_one(Delivery, delivery_id)
        row.move(DeliveryState.SENDING, office.clock.now())
        row.owner, row.fence, row.lease_until = other.uuid, 1, office.clock.now() + lease
        session.get_one(Incarnation, other.uuid).host = "another-kernel"
    watch(office, 2 * lease)
    assert open_alerts(office, AlertKind.UNSETTLED) == []
    watch(office, timedelta(seconds=1))
    (alert,) = open_alerts(office, AlertKind.UNSETTLED)
    assert (alert.subject_id, alert.code) == (delivery_id, "sending_too_long")
    assert rescue.rescue(office.rt) == 0
    other.lock.close()
