"""The contract once more over answers in the platforms' own shapes, written down from the facts about them.

The sandbox is ours too: what it and a connector agree on could be wrong on both sides.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Access, Connector, Message, OutcomeUnknown, RetryLater
from connectors.registry import build_connectors
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, Health, Metric
from language.canonical import canonical_sent, same_text
from tests.connectors.conftest import NOON
from tests.connectors.stand_in import Reply, StandIn

HERE = Path(__file__).parent / "replies"
SAID = "งาน <ฟรี> & สนุก https://www.bangkok.go.th/trees"
IDS = {
    Channel.FACEBOOK: ("1025_122100000104729", "1025_122100000104730", "1025_17"),
    Channel.X: ("2124898544362979329", "2124898544362979330", "17"),
}


@dataclass
class Heard:
    """A channel's connector in front of a platform that says what is in its file."""

    channel: Channel
    connector: Connector
    access: Access
    stand_in: StandIn
    answers: dict
    clock: SetClock

    def says(self, case: str) -> None:
        told = self.answers[case]
        self.stand_in.say(
            *(
                Reply(one["body"], one["status"], one.get("headers", {}), one.get("how", "answer"))
                for one in told
            )
        )

    def publishes(self):
        with self.connector.open(self.access) as line:
            return line.publish(Message("เชิญร่วมงาน"))


@pytest.fixture(params=list(Channel))
def heard(request, stand_in, page, user) -> Heard:
    channel = request.param
    settings = Settings(facebook_url=f"{stand_in.url}/graph", x_url=stand_in.url, read_timeout_s=10)
    stand_in.aside["/videos"] = Reply({"data": []})
    answers = json.loads((HERE / f"contract_{channel}.json").read_text("utf-8"))
    access = page if channel is Channel.FACEBOOK else user
    clock = SetClock(NOON)
    return Heard(channel, build_connectors(settings, clock)[channel], access, stand_in, answers, clock)


def test_both_files_answer_the_same_questions():
    cases = [json.loads((HERE / f"contract_{channel}.json").read_text("utf-8")).keys() for channel in Channel]
    assert cases[0] == cases[1]


def test_a_receipt_holds_the_id_as_it_was_told(heard):
    heard.says("publish")
    receipt = heard.publishes()
    assert receipt.remote_id == heard.answers["publish"][0]["body"].get("id", "2124898544362979328")
    assert len(heard.stand_in.seen) == 1
    assert receipt.http_status in (200, 201)


def test_posts_are_read_newest_first_and_known_again_by_their_text(heard):
    heard.says("two posts")
    listing = heard.connector.find(heard.access, NOON - timedelta(hours=1))
    older, newer, _ = IDS[heard.channel]
    assert listing.complete
    assert [post.remote_id for post in listing.posts] == [newer, older]
    first = listing.posts[0]
    assert (first.created_at, first.media_count) == (datetime(2026, 11, 23, 4, 35, 6, tzinfo=UTC), 1)
    entities = None if first.entities is None else {"urls": first.entities}
    known = (
        same_text(SAID, first.text, entities)
        if entities
        else canonical_sent(SAID) == canonical_sent(first.text)
    )
    assert known


def test_no_posts_are_a_complete_answer(heard):
    heard.says("no posts")
    listing = heard.connector.find(heard.access, NOON - timedelta(hours=1))
    assert (listing.posts, listing.complete) == ((), True)


def test_a_post_that_is_gone_reads_as_none(heard):
    heard.says("a post that is gone")
    assert heard.connector.read(heard.access, IDS[heard.channel][2]) is None


def test_followers_are_a_value_with_its_source(heard):
    heard.says("followers")
    figure = heard.connector.read_account(heard.access)[Metric.FOLLOWERS]
    assert figure.value == 412_600
    assert figure.source


def test_a_picture_gets_an_id_and_carries_its_words(heard, picture):
    heard.says("picture")
    assert heard.connector.stage(heard.access, picture).remote_id == heard.answers["picture"][0]["body"].get(
        "id", "2124898544362979000"
    )
    sent = b"".join(seen.body for seen in heard.stand_in.seen)
    assert picture.alt.encode() in sent or json.dumps(picture.alt).strip('"').encode() in sent


@pytest.mark.parametrize("case", ["taken away", "taken away before"])
def test_what_is_taken_away_or_was_before_is_away(heard, case):
    heard.says(case)
    heard.connector.delete(heard.access, IDS[heard.channel][0])
    assert len(heard.stand_in.seen) == 1


def test_comments_tell_ours_from_others_and_who_answers_whom(heard):
    heard.says("comments")
    told = heard.connector.read_comments(heard.access, IDS[heard.channel][0], NOON - timedelta(hours=1))
    answer, question = told.rows
    assert (question.ours, question.parent_id, question.likes) == (False, "", 2)
    assert question.text.endswith("เริ่มกี่โมงคะ")
    assert (answer.ours, answer.parent_id) == (True, question.remote_id)
    assert question.created_at == datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
    assert told.complete


def test_a_limit_is_not_an_end_and_says_until_when(heard):
    heard.says("reaching a limit")
    with pytest.raises(RetryLater) as trouble:
        heard.publishes()
    assert trouble.value.code == "rate_limited"
    assert trouble.value.wait_s >= 600


@pytest.mark.parametrize(("case", "code"), [("the same again", "duplicate_refused"), ("out of order", None)])
def test_what_may_have_been_done_is_unknown(heard, case, code):
    heard.says(case)
    with pytest.raises(OutcomeUnknown) as trouble:
        heard.publishes()
    assert code in (None, trouble.value.code)


def test_a_read_of_a_platform_out_of_order_may_be_repeated(heard):
    heard.says("out of order")
    with pytest.raises(RetryLater):
        heard.connector.find(heard.access, NOON - timedelta(hours=1))


def test_a_dead_token_is_the_accounts_trouble(heard):
    heard.says("a dead token")
    with pytest.raises(RetryLater) as trouble:
        heard.publishes()
    assert trouble.value.health is Health.REAUTH
    assert heard.connector.check(heard.access).health is Health.REAUTH
