"""The contract's part on what stands under a post: our own words, citizens' words, changing, taking away."""

from datetime import timedelta

import pytest

from connectors.base import Message, OutcomeUnknown, Rejected, RetryLater
from connectors.changes import Deleting, Editing
from connectors.comments import Commenting, Telling
from connectors.drafts import Drafting
from connectors.replies import Replying
from core.clock import SetClock
from core.vocab import Channel
from tests.connectors.conftest import NOON
from tests.connectors.offices import Office, office_of

ABILITIES = {
    Channel.FACEBOOK: {Commenting, Deleting, Drafting, Editing, Replying, Telling},
    Channel.X: {Commenting, Deleting},
}
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=list(Channel))
def office(request, sandbox) -> Office:
    return office_of(request.param, sandbox, read_s=1, clock=SetClock(NOON))


def gone(office: Office) -> str:
    return f"{office.access.external_id}_1" if office.channel is Channel.FACEBOOK else "17"


def test_each_channel_is_what_it_says_and_nothing_more(office):
    every = set().union(*ABILITIES.values())
    assert {one for one in every if isinstance(office.connector, one)} == ABILITIES[office.channel]


def test_what_we_say_under_a_post_is_found_with_what_it_answers(office):
    post = office.publish("เชิญร่วมงาน").remote_id
    office.later(MINUTE)
    made = office.answer("ลงทะเบียนได้ที่สำนักงานเขต", post)
    listing = office.answers_under(post, NOON - MINUTE)
    assert listing.complete
    (found,) = listing.posts
    assert (found.remote_id, found.reply_to) == (made.remote_id, post)
    assert found.text.startswith("ลงทะเบียนได้ที่สำนักงานเขต")


@pytest.mark.parametrize("kind", ["accept_then_drop", "accept_then_500", "broken_json"])
def test_an_answer_of_ours_that_was_lost_is_unknown_and_found_once(office, kind):
    post = office.publish("เชิญร่วมงาน").remote_id
    office.later(MINUTE)
    office.fault("publish", kind)
    with pytest.raises(OutcomeUnknown):
        office.answer("ลงทะเบียนได้ที่สำนักงานเขต", post)
    assert len(office.answers_under(post, NOON - MINUTE).posts) == 1


def test_five_answers_in_a_chain_stand_in_their_order(office):
    above = root = office.publish("ตอนที่ 1").remote_id
    for number in range(2, 6):
        office.later(MINUTE)
        receipt = office.answer(f"ตอนที่ {number}", above if office.channel is Channel.X else root)
        above = receipt.remote_id
    found = office.answers_under(root, NOON - MINUTE).posts
    assert [one.text for one in found] == [f"ตอนที่ {number}" for number in (5, 4, 3, 2)]


def test_citizens_words_are_read_and_told_apart_from_ours(office):
    post = office.publish("เชิญร่วมงาน").remote_id
    office.later(MINUTE)
    asked = office.citizen("เริ่มกี่โมงคะ", post)
    rows = {one.remote_id: one for one in office.connector.read_comments(office.access, post).rows}
    assert rows[asked].text.endswith("เริ่มกี่โมงคะ")
    assert (rows[asked].ours, rows[asked].post_id, rows[asked].parent_id) == (False, post, "")
    assert rows[asked].created_at == NOON + MINUTE


def test_a_citizen_can_be_answered(office):
    post = office.publish("เชิญร่วมงาน").remote_id
    office.later(MINUTE)
    asked = office.citizen("เริ่มกี่โมงคะ", post)
    office.later(MINUTE)
    assert office.answer("เริ่ม 9 โมงค่ะ", asked).remote_id


def test_only_comments_since_a_moment_are_read_when_asked(office):
    post = office.publish("เชิญร่วมงาน").remote_id
    office.later(MINUTE)
    office.citizen("ก่อนหน้า", post)
    office.later(timedelta(hours=2))
    later = office.citizen("ทีหลัง", post)
    told = office.connector.read_comments(office.access, post, office.clock.now() - timedelta(hours=1))
    assert [one.remote_id for one in told.rows] == [later]


def test_a_citizens_comment_is_hidden_or_the_person_is_told_to_do_it_by_hand(office):
    post = office.publish("เชิญร่วมงาน").remote_id
    asked = office.citizen("ฝากร้านด้วยนะคะ", post)
    if office.channel is Channel.X:
        with pytest.raises(Rejected) as trouble:
            office.connector.hide_comment(office.access, asked, hidden=True)
        assert trouble.value.code == "hide_by_hand"
        return
    for hidden in (True, True, False):
        office.connector.hide_comment(office.access, asked, hidden=hidden)
        (row,) = office.connector.read_comments(office.access, post).rows
        assert row.hidden is hidden


def test_reading_comments_that_fails_may_be_repeated(office):
    post = office.publish("เชิญร่วมงาน").remote_id
    for kind in ("drop_before", "broken_json", "accept_then_500"):
        office.fault("comments", kind)
        with pytest.raises(RetryLater) as trouble:
            office.connector.read_comments(office.access, post)
        assert trouble.value.health is None
    assert office.connector.read_comments(office.access, post).complete


def test_a_post_taken_away_is_gone_and_taking_it_away_again_is_no_mistake(office):
    post = office.publish("เชิญร่วมงาน").remote_id
    for _ in range(2):
        office.connector.delete(office.access, post)
    office.connector.delete(office.access, gone(office))
    assert office.connector.read(office.access, post) is None
    assert office.connector.find(office.access, NOON - MINUTE).posts == ()


def test_taking_away_with_a_dead_token_takes_nothing_away(office):
    post = office.publish("เชิญร่วมงาน").remote_id
    office.sandbox.wear_token(office.channel, office.access.external_id, dead=463)
    with pytest.raises(RetryLater) as trouble:
        office.connector.delete(office.access, post)
    assert trouble.value.health is not None
    assert [line["id"] for line in office.public()] == [post]


def test_where_words_can_be_put_right_the_post_keeps_its_id(office):
    if not isinstance(office.connector, Editing):
        assert office.channel is Channel.X
        return
    post = office.publish("เชิญร่วมงานน").remote_id
    for _ in range(2):
        office.connector.edit(office.access, post, "เชิญร่วมงาน")
    assert office.connector.read(office.access, post).text == "เชิญร่วมงาน"
    with pytest.raises(Rejected):
        office.connector.edit(office.access, gone(office), "เชิญร่วมงาน")


def test_where_a_channel_tells_by_itself_asking_twice_is_no_mistake(office):
    if not isinstance(office.connector, Telling):
        assert office.channel is Channel.X
        return
    for _ in range(2):
        office.connector.subscribe(office.access)
    assert any(one["path"].endswith("/subscribed_apps") for one in office.sandbox.log("facebook"))


def test_where_drafts_can_be_made_nobody_sees_them_until_they_are_made_public(office):
    if not isinstance(office.connector, Drafting):
        assert office.channel is Channel.X
        return
    with office.connector.open(office.access) as line:
        draft = line.draft(Message("ร่าง")).remote_id
    assert office.public() == []
    assert office.connector.read_draft(office.access, draft).public is False
    with office.connector.open(office.access) as line:
        line.flip(draft)
    assert office.connector.read_draft(office.access, draft).public is True
    assert office.connector.read_draft(office.access, gone(office)) is None
