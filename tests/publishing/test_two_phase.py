"""Draft, then public: no answer that is lost anywhere on the way makes a second post, or loses the first."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.crashpoints import Rehearsal, rehearse
from core.errors import Conflict
from core.vocab import AttemptOutcome, AttemptPhase, Channel, DeliveryState
from models import Account, AuditEvent, Delivery, ProbeRecord
from services import rescue, two_phase
from services.claiming import access_of
from services.probing import STEPS, probe_account
from tests.builders import make_picture
from tests.publishing.conftest import QUIET
from tests.publishing.test_crashes import killed_at

FACEBOOK = Channel.FACEBOOK


@pytest.fixture
def two(office):
    """The office whose Page was found to hold drafts back."""
    set_two_phase(office, on=True)
    return office


def set_two_phase(office, *, on):
    with office.rt.sessions.begin() as session:
        account = session.scalars(select(Account).where(Account.channel == FACEBOOK)).one()
        account.two_phase = on
        return account.id


@pytest.fixture
def flip_fault(two):
    """Let something go wrong with the next flip only: to the stand-in, draft and flip are one operation."""

    def ready(kind, **more):
        rehearse(
            Rehearsal(
                {"after_draft_kept": 1}, lambda _: two.sandbox.fault("facebook", "publish", kind, **more)
            )
        )

    yield ready
    rehearse(Rehearsal({}))


def phases(office, delivery_id):
    return [(one.phase, one.outcome) for one in office.attempts(delivery_id)]


def the_one_post(office, delivery_id):
    """Find exactly one live post, and our books in agreement with it."""
    (line,) = office.sandbox.ledger(FACEBOOK)
    row = office.delivery(delivery_id)
    assert (row.state, row.remote_id, row.draft_id) == (DeliveryState.VERIFIED, line["id"], line["id"])
    assert row.reason == ""
    return line


def test_a_post_is_drafted_then_made_public_and_both_calls_are_written_down(two):
    delivery_id = two.approved(FACEBOOK)
    two.round()
    assert phases(two, delivery_id) == [
        (AttemptPhase.DRAFT, AttemptOutcome.OK), (AttemptPhase.FLIP, AttemptOutcome.OK)
    ]  # fmt: skip
    two.settle()
    the_one_post(two, delivery_id)
    assert two.delivery(delivery_id).permalink


def test_pictures_go_with_the_draft(two):
    delivery_id = two.approved(
        FACEBOOK, asset_id=make_picture(two.rt, two.team.officer), alt_text="กระทงใบตอง"
    )
    two.settle()
    assert the_one_post(two, delivery_id)["alt"] == ["กระทงใบตอง"]


def test_an_account_that_was_not_probed_is_sent_in_one_call(office):
    delivery_id = office.approved(FACEBOOK)
    office.settle()
    assert phases(office, delivery_id) == [(AttemptPhase.POST, AttemptOutcome.OK)]
    assert office.delivery(delivery_id).draft_id is None


LOST = ("accept_then_500", "accept_then_drop", "accept_then_hang", "broken_json", "drop_before")


@pytest.mark.parametrize("kind", LOST)
def test_a_draft_whose_answer_is_lost_is_made_again_and_the_orphan_is_noted(two, kind):
    two.sandbox.fault("facebook", "publish", kind)
    delivery_id = two.approved(FACEBOOK)
    two.round()
    assert two.state(delivery_id) is DeliveryState.SCHEDULED
    assert two.delivery(delivery_id).reason == "draft_unclear"
    assert two.sandbox.ledger(FACEBOOK) == []
    two.settle()
    the_one_post(two, delivery_id)
    with two.rt.sessions.begin() as session:
        (orphan,) = two_phase.orphans(session, two.account(FACEBOOK).id)
    assert (orphan.attempt.delivery_id, orphan.remote_id) == (delivery_id, None)


def test_pictures_that_an_orphan_may_hold_are_uploaded_anew(two):
    two.sandbox.fault("facebook", "publish", "accept_then_drop")
    delivery_id = two.approved(FACEBOOK, asset_id=make_picture(two.rt, two.team.officer), alt_text="กระทง")
    two.settle()
    assert the_one_post(two, delivery_id)["alt"] == ["กระทง"]


@pytest.mark.parametrize("kind", LOST)
def test_a_flip_whose_answer_is_lost_is_read_on_the_draft_itself(two, kind, flip_fault):
    flip_fault(kind)
    delivery_id = two.approved(FACEBOOK)
    two.round()
    assert two.state(delivery_id) is DeliveryState.UNCERTAIN
    two.settle()
    the_one_post(two, delivery_id)
    assert two.delivery(delivery_id).resends == (1 if kind == "drop_before" else 0)
    assert not two.sandbox.log("facebook", "timeline"), "the draft answers exactly: no list is searched"


def test_a_flip_that_lands_after_it_was_made_again_is_still_one_post(two, flip_fault):
    flip_fault("drop_before")
    delivery_id = two.approved(FACEBOOK)
    two.settle()
    draft = two.delivery(delivery_id).draft_id
    connector = two.rt.connectors[FACEBOOK]
    with connector.open(access(two)) as line:
        line.flip(draft)
    assert len(two.sandbox.ledger(FACEBOOK)) == 1


def test_two_looks_a_quiescence_apart_come_before_a_second_flip(two, flip_fault):
    flip_fault("drop_before")
    delivery_id = two.approved(FACEBOOK)
    two.round()
    two.advance(timedelta(seconds=11))
    two.round()
    assert (two.state(delivery_id), two.delivery(delivery_id).absent_reads) == (DeliveryState.UNCERTAIN, 1)
    two.round()
    assert two.delivery(delivery_id).absent_reads == 1
    two.advance(QUIET)
    two.round()
    assert two.state(delivery_id) is DeliveryState.SCHEDULED


def test_a_draft_that_somebody_took_away_is_a_persons_question(two, flip_fault):
    flip_fault("drop_before")
    delivery_id = two.approved(FACEBOOK)
    two.round()
    two.rt.connectors[FACEBOOK].delete(access(two), two.delivery(delivery_id).draft_id)
    two.settle()
    row = two.delivery(delivery_id)
    assert (row.state, row.reason, row.draft_id) == (DeliveryState.NEEDS_HUMAN, "draft_gone", None)
    assert two.sandbox.ledger(FACEBOOK) == []


def test_a_draft_once_made_is_made_public_even_if_the_account_went_back_to_one_phase(two, flip_fault):
    flip_fault("error", name="rate_limited", regain_minutes=1)
    delivery_id = two.approved(FACEBOOK)
    two.round()
    assert two.state(delivery_id) is DeliveryState.SCHEDULED
    set_two_phase(two, on=False)
    two.settle()
    the_one_post(two, delivery_id)
    assert AttemptPhase.POST not in [phase for phase, _ in phases(two, delivery_id)]


def test_only_the_draft_in_the_books_is_made_public(two):
    """A worker whose fence has passed while it made a draft neither writes it down nor makes it public."""

    def passed(_name):
        with two.rt.sessions.begin() as session:
            session.get_one(Delivery, delivery_id).fence += 1

    delivery_id = two.approved(FACEBOOK)
    rehearse(Rehearsal({"after_draft": 1}, passed))
    try:
        two.round()
    finally:
        rehearse(Rehearsal({}))
    assert two.sandbox.ledger(FACEBOOK) == []
    assert two.delivery(delivery_id).draft_id is None
    two.life.busy.clear()
    rescue.rescue(two.rt, two.life)
    two.settle()
    the_one_post(two, delivery_id)
    with two.rt.sessions.begin() as session:
        (orphan,) = two_phase.orphans(session, two.account(FACEBOOK).id)
    assert orphan.remote_id is not None


@pytest.mark.parametrize("point", ["after_claim", "before_attempt", "after_draft_attempt", "after_draft"])
def test_killed_before_the_draft_is_in_the_books_nothing_is_public_and_another_is_made(two, point):
    delivery_id = two.approved(FACEBOOK)
    killed_at(two, point)
    rescue.rescue(two.rt)
    assert two.state(delivery_id) is DeliveryState.SCHEDULED
    assert two.sandbox.ledger(FACEBOOK) == []
    two.settle()
    the_one_post(two, delivery_id)


@pytest.mark.parametrize("point", ["after_draft_kept", "after_open"])
def test_killed_between_the_calls_the_same_draft_is_made_public(two, point):
    delivery_id = two.approved(FACEBOOK)
    killed_at(two, point)
    rescue.rescue(two.rt)
    assert two.state(delivery_id) is DeliveryState.SCHEDULED
    draft = two.delivery(delivery_id).draft_id
    assert draft
    two.settle()
    assert the_one_post(two, delivery_id)["id"] == draft


@pytest.mark.parametrize("point", ["after_attempt", "before_send", "after_send", "before_record"])
def test_killed_around_the_flip_the_draft_is_asked_and_there_is_one_post(two, point):
    delivery_id = two.approved(FACEBOOK)
    killed_at(two, point)
    rescue.rescue(two.rt)
    assert two.state(delivery_id) is DeliveryState.UNCERTAIN
    draft = two.delivery(delivery_id).draft_id
    two.settle()
    assert the_one_post(two, delivery_id)["id"] == draft


def access(office):
    return access_of(office.rt, office.account(FACEBOOK))


def probe(office, account_id, pause=None):
    return probe_account(
        office.rt, account_id, office.team.administrator,
        pause or (lambda: office.advance(timedelta(seconds=5))),
    )  # fmt: skip


def test_the_probe_tries_every_step_cleans_up_and_switches_two_phase_on(office):
    account_id = office.account(FACEBOOK).id
    record = probe(office, account_id)
    assert [one["step"] for one in record.findings if one["held"]] == list(STEPS)
    assert (record.held, record.api_version) == (True, "v26.0")
    assert office.account(FACEBOOK).two_phase
    assert len(office.sandbox.ledger(FACEBOOK)) == 1
    assert len(office.sandbox.ledger(FACEBOOK, kind="delete")) == 1
    with office.rt.sessions.begin() as session:
        assert session.scalars(select(ProbeRecord)).one().id == record.id
        (deed,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "account.probe"))
    assert (deed.person_id, deed.detail["held"]) == (office.team.administrator.id, True)


@pytest.mark.parametrize(
    ("operation", "kind", "more", "failed"),
    [
        ("publish", "error", {"name": "duplicate"}, "draft"),
        ("flip", "drop_before", {}, "flip"),
        ("flip", "error", {"name": "success_false"}, "flip"),
        ("timeline", "error", {"name": "rate_limited"}, "unlisted"),
        ("timeline", "visibility_delay", {"seconds": 3600, "times": None}, "listed"),
    ],
)
def test_whatever_does_not_hold_keeps_or_takes_two_phase_off_and_the_post_is_taken_away(
    two, operation, kind, more, failed
):
    def pause():
        """Before the flip the probe waits."""
        two.advance(timedelta(seconds=5))
        if operation == "flip":
            two.sandbox.fault("facebook", "publish", kind, **more)

    if operation != "flip":
        two.sandbox.fault("facebook", operation, kind, **more)
    record = probe(two, two.account(FACEBOOK).id, pause)
    assert not record.held
    assert [one["step"] for one in record.findings if not one["held"]] == [failed]
    assert not two.account(FACEBOOK).two_phase
    assert len(two.sandbox.ledger(FACEBOOK)) == len(two.sandbox.ledger(FACEBOOK, kind="delete"))


def test_a_time_that_is_not_the_flips_does_not_hold(office):
    """The platform's clock stands still: draft and flip cannot be told apart from a time of the draft."""
    record = probe(office, office.account(FACEBOOK).id, lambda: office.clock.advance(timedelta(seconds=5)))
    assert [one["step"] for one in record.findings if not one["held"]] == ["created"]
    assert not office.account(FACEBOOK).two_phase


def test_a_channel_without_drafts_is_refused(office):
    with pytest.raises(Conflict, match="two_phase_unsupported"):
        probe(office, office.account(Channel.X).id)
