"""One suite for every channel, over the sandbox's HTTP: what services may rely on."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import Message, OutcomeUnknown, Rejected, RetryLater
from connectors.registry import build_connectors
from core.clock import SystemClock
from core.config import Settings
from core.vocab import Channel, Health, Metric, ReadingState
from tests.connectors.offices import TEXT, Office, office_of

CLOCK = SystemClock()
COMMON = (Metric.IMPRESSIONS, Metric.REACTIONS, Metric.COMMENTS, Metric.SHARES)


@pytest.fixture(params=list(Channel))
def office(request, sandbox) -> Office:
    return office_of(request.param, sandbox, read_s=10)


@pytest.fixture(params=list(Channel))
def impatient(request, sandbox) -> Office:
    """The same with a short wait, for platforms that do not answer."""
    return office_of(request.param, sandbox, read_s=0.5)


def test_a_receipt_names_the_one_post_that_became_public(office):
    receipt = office.publish()
    (post,) = office.public()
    assert (post["id"], post["text"]) == (receipt.remote_id, TEXT)
    assert TEXT[:20] in office.sandbox.control.get(receipt.permalink).text
    assert receipt.trace_id
    assert abs(receipt.published_at - CLOCK.now()) < timedelta(seconds=10)


def test_a_staged_picture_is_shown_with_its_alt_text(office, picture):
    staged = office.connector.stage(office.access, picture)
    assert office.public() == []
    office.publish(media_ids=(staged.remote_id,))
    (post,) = office.public()
    assert post["alt"] == [picture.alt]
    assert staged.expires_at > CLOCK.now() + timedelta(hours=1)


def test_a_picture_without_alt_text_can_be_staged(office, picture):
    staged = office.connector.stage(office.access, replace(picture, alt=""))
    office.publish(media_ids=(staged.remote_id,))
    assert len(office.public()) == 1


def test_one_line_carries_one_post(office):
    with office.connector.open(office.access) as line:
        line.publish(Message("หนึ่ง"))
        with pytest.raises(RetryLater):
            line.publish(Message("สอง"))
    assert len(office.public()) == 1


def test_opening_a_line_makes_no_request(office):
    office.sandbox.clear_log()
    with office.connector.open(office.access):
        pass
    assert office.sandbox.log(office.channel) == []


@pytest.mark.parametrize("kind", ["accept_then_drop", "accept_then_hang", "accept_then_500", "broken_json"])
def test_an_answer_lost_after_acceptance_is_unknown_and_the_post_is_found_again(impatient, kind):
    before = CLOCK.now()
    impatient.fault("publish", kind, seconds=5)
    started = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        impatient.publish()
    assert time.monotonic() - started < 3
    (post,) = impatient.public()
    listing = impatient.connector.find(impatient.access, before - timedelta(seconds=2))
    assert listing.complete
    assert [found.remote_id for found in listing.posts] == [post["id"]]


@pytest.mark.parametrize("kind", ["drop_before", "hang_before"])
def test_a_request_that_was_never_processed_is_unknown_too_and_nothing_is_found(impatient, kind):
    before = CLOCK.now()
    impatient.fault("publish", kind, seconds=5)
    with pytest.raises(OutcomeUnknown):
        impatient.publish()
    listing = impatient.connector.find(impatient.access, before - timedelta(seconds=2))
    assert (impatient.public(), listing.posts, listing.complete) == ([], (), True)


def test_a_refusal_for_now_says_how_long_to_wait(office):
    office.fault("publish", "error", name="rate_limited", regain_minutes=10, reset_s=600)
    with pytest.raises(RetryLater) as trouble:
        office.publish()
    assert trouble.value.code == "rate_limited"
    assert 590 <= trouble.value.wait_s <= 600
    assert office.public() == []


def test_the_same_text_twice_is_unknown_because_it_may_be_ours(office):
    office.publish()
    with pytest.raises(OutcomeUnknown) as trouble:
        office.publish()
    assert trouble.value.code == "duplicate_refused"
    assert len(office.public()) == 1


def test_a_dead_token_holds_the_account_and_sends_nothing(office):
    office.sandbox.wear_token(office.channel, office.access.external_id, dead=463)
    with pytest.raises(RetryLater) as trouble:
        office.publish()
    assert trouble.value.health is Health.REAUTH
    assert office.public() == []


@pytest.mark.parametrize("secrets", [{}, {"page_token": "ไทย", "bearer_token": "ไทย"}, {"page_token": " "}])
def test_missing_or_unusable_keys_hold_the_account_before_anything_is_sent(office, picture, secrets):
    office.sandbox.clear_log()
    bare = replace(office.access, secrets=secrets)
    calls = (
        lambda: office.connector.open(bare).__enter__(),
        lambda: office.connector.stage(bare, picture),
        lambda: office.connector.find(bare, CLOCK.now()),
    )
    for call in calls:
        with pytest.raises(RetryLater) as trouble:
            call()
        assert (trouble.value.code, trouble.value.health) == ("credentials_missing", Health.REAUTH)
    assert office.connector.check(bare).problems == ("credentials_missing",)
    assert office.sandbox.log(office.channel) == []


@pytest.mark.parametrize("kind", ["drop_before", "hang_before", "broken_json", "accept_then_500"])
def test_a_read_that_fails_may_be_repeated(impatient, kind):
    impatient.publish()
    impatient.fault("timeline", kind, seconds=5)
    with pytest.raises(RetryLater) as trouble:
        impatient.connector.find(impatient.access, CLOCK.now() - timedelta(hours=1))
    assert trouble.value.health is None


@pytest.mark.parametrize("kind", ["accept_then_drop", "accept_then_hang", "accept_then_500"])
def test_an_upload_that_fails_may_be_repeated(impatient, picture, kind):
    impatient.fault("media", kind, seconds=5)
    with pytest.raises(RetryLater):
        impatient.connector.stage(impatient.access, picture)
    assert impatient.connector.stage(impatient.access, picture).remote_id


def test_a_post_reads_back_with_its_text_picture_and_time(office, picture):
    staged = office.connector.stage(office.access, picture)
    receipt = office.publish("สวัสดีชาวกรุงเทพฯ", (staged.remote_id,))
    post = office.connector.read(office.access, receipt.remote_id)
    assert (post.remote_id, post.media_count) == (receipt.remote_id, 1)
    assert post.text.startswith("สวัสดีชาวกรุงเทพฯ")
    assert post.permalink == receipt.permalink
    assert abs(post.created_at - receipt.published_at) < timedelta(seconds=1)


def test_a_post_that_is_not_there_reads_as_none(office):
    gone = f"{office.access.external_id}_1" if office.channel is Channel.FACEBOOK else "17"
    assert office.connector.read(office.access, gone) is None


def test_finding_pages_through_everything_since_the_moment_newest_first(office):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for minute in range(103):
        office.sandbox.set_clock((start + timedelta(minutes=minute)).isoformat())
        office.publish(f"โพสต์ที่ {minute}")
    listing = office.connector.find(office.access, start + timedelta(minutes=1))
    moments = [post.created_at for post in listing.posts]
    assert listing.complete
    assert len(moments) == 102
    assert moments == sorted(moments, reverse=True)
    assert moments[-1] == start + timedelta(minutes=1)


def test_figures_are_values_zeros_and_missing_and_never_mixed_up(office):
    receipt = office.publish()
    office.sandbox.metrics(
        office.channel, receipt.remote_id, impressions=1200, reactions=40, comments=None, shares=0
    )
    wanted = {receipt.remote_id: receipt.published_at}
    figures = office.connector.read_metrics(office.access, wanted, CLOCK.now())[receipt.remote_id]
    told = {metric: (figures[metric].state, figures[metric].value) for metric in COMMON}
    assert told == {
        Metric.IMPRESSIONS: (ReadingState.VALUE, 1200),
        Metric.REACTIONS: (ReadingState.VALUE, 40),
        Metric.COMMENTS: (ReadingState.MISSING, None),
        Metric.SHARES: (ReadingState.VALUE, 0),
    }
    assert all(figure.source for figure in figures.values())


def test_a_post_that_is_gone_is_absent_from_the_figures(office):
    receipt = office.publish()
    gone = f"{office.access.external_id}_1" if office.channel is Channel.FACEBOOK else "17"
    now = CLOCK.now()
    figures = office.connector.read_metrics(office.access, {receipt.remote_id: now, gone: now}, now)
    assert set(figures) == {receipt.remote_id}


def test_no_posts_need_no_call(office):
    office.sandbox.clear_log()
    assert office.connector.read_metrics(office.access, {}, CLOCK.now()) == {}
    assert office.sandbox.log(office.channel) == []


def test_the_account_tells_its_followers(office):
    figures = office.connector.read_account(office.access)
    assert figures[Metric.FOLLOWERS].value > 1000


def test_a_sound_account_is_fit_to_publish(office):
    report = office.connector.check(office.access)
    assert (report.health, report.problems) == (Health.OK, ())
    assert report.name


def test_keys_of_another_account_are_noticed(office):
    (other,) = office.sandbox.add_accounts(office.channel, 1)
    report = office.connector.check(replace(office.access, external_id=other["external_id"]))
    assert (report.health, report.problems) == (Health.REAUTH, ("wrong_account",))


def test_a_dead_token_is_told_by_the_check(office):
    office.sandbox.wear_token(office.channel, office.access.external_id, dead=463)
    report = office.connector.check(office.access)
    assert report.health is Health.REAUTH
    assert report.problems[0] in ("token_expired", "token_dead")


def test_a_check_of_an_unreachable_platform_says_nothing_about_the_account(office):
    office.fault("account", "drop_before", times=None)
    with pytest.raises(RetryLater) as trouble:
        office.connector.check(office.access)
    assert trouble.value.health is None


def test_a_closed_port_means_nothing_was_sent(office, picture):
    nowhere = Settings(facebook_url="http://127.0.0.1:9/graph", x_url="http://127.0.0.1:9")
    connector = build_connectors(nowhere, CLOCK)[office.channel]
    calls = (
        lambda: connector.open(office.access).__enter__(),
        lambda: connector.stage(office.access, picture),
        lambda: connector.check(office.access),
    )
    for call in calls:
        with pytest.raises(RetryLater) as trouble:
            call()
        assert trouble.value.code == "unreachable"


def test_a_text_too_long_for_the_channel_is_refused_for_good(office):
    with pytest.raises(Rejected):
        office.publish("ก" * (office.connector.limits.text_length + 1))
    assert office.public() == []


def test_a_file_that_is_no_picture_is_refused_for_good(office, picture):
    with pytest.raises(Rejected):
        office.connector.stage(office.access, replace(picture, content=b"not a picture"))
