"""Comments over the sandbox: first comment, citizens' words, our answers, hiding, changing, taking away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import Access, Message, OutcomeUnknown, Poll, Rejected, RetryLater
from connectors.facebook.connector import FacebookConnector
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, MediaKind, MessageKind
from tests.connectors.conftest import NOON
from tests.sandbox_server import SandboxHandle

TEXT = "ลงทะเบียนที่ https://www.bangkok.go.th/trees"


class Page:
    """The demo Page with one post, seen by us and by citizens."""

    def __init__(self, sandbox: SandboxHandle, clock: SetClock) -> None:
        told = sandbox.credentials("facebook")
        self.sandbox, self.clock = sandbox, clock
        self.access = Access(Channel.FACEBOOK, told["external_id"], told["secrets"])
        self.connector = FacebookConnector(Settings(facebook_url=sandbox.graph_url, read_timeout_s=10), clock)
        self.later(timedelta(0))
        self.post = self.publish(Message("ขอเชิญร่วมงาน"))

    def publish(self, message: Message) -> str:
        with self.connector.open(self.access) as line:
            return line.publish(message).remote_id

    def comment(self, text: str, above: str = "") -> str:
        return self.publish(Message(text, kind=MessageKind.COMMENT, reply_to=above or self.post))

    def citizen(self, text: str, parent: str = "") -> str:
        said = {"post": self.post, "text": text, "parent": parent, "name": "สมชาย"}
        return self.sandbox.ask("POST", "/__control/comments", said)["comment"]["id"]

    def later(self, delta: timedelta = timedelta(minutes=1)) -> None:
        self.clock.advance(delta)
        self.sandbox.set_clock(self.clock.now().isoformat())

    def stands(self) -> list[dict]:
        return self.sandbox.ask("GET", f"/__control/comments?post={self.post}")["comments"]


@pytest.fixture
def page(sandbox: SandboxHandle, clock: SetClock) -> Page:
    return Page(sandbox, clock)


def test_a_first_comment_stands_under_its_post_and_is_found_as_ours(page):
    made = page.comment(TEXT)
    page.citizen("ไปแน่นอนครับ")
    listing = page.connector.find_replies(page.access, page.post)
    (found,) = listing.posts
    assert (found.remote_id, found.text, found.reply_to, listing.complete) == (made, TEXT, page.post, True)
    assert (found.created_at, bool(found.permalink)) == (NOON, True)
    assert len(page.sandbox.ledger("facebook", kind="comment")) == 1


@pytest.mark.parametrize("kind", ["accept_then_drop", "accept_then_500", "broken_json"])
def test_a_comment_whose_answer_was_lost_is_unknown_and_found_again(page, kind):
    page.sandbox.fault("facebook", "publish", kind)
    with pytest.raises(OutcomeUnknown):
        page.comment(TEXT)
    assert [post.text for post in page.connector.find_replies(page.access, page.post).posts] == [TEXT]


def test_an_answer_to_an_answer_lands_above_both_and_is_looked_for_there(page):
    question = page.citizen("งานเริ่มกี่โมงคะ")
    second = page.citizen("อยากรู้ด้วย", parent=question)
    made = page.comment("เริ่ม 08.00 น. ค่ะ", above=second)
    assert page.stands()[-1]["parent"] == question
    (found,) = page.connector.find_replies(page.access, second).posts
    assert (found.remote_id, found.reply_to) == (made, second)
    assert page.connector.find_replies(page.access, question).posts[0].remote_id == made


def test_under_what_is_gone_there_is_nothing_of_ours(page):
    page.connector.delete(page.access, page.post)
    for gone in (page.post, "77_88"):
        listing = page.connector.find_replies(page.access, gone)
        assert (listing.posts, listing.complete) == ((), True)


def test_a_page_that_may_not_read_comments_is_not_told_that_there_are_none(page):
    page.comment(TEXT)
    page.sandbox.wear_token("facebook", page.access.external_id, scopes=["pages_read_engagement"])
    for read in (page.connector.find_replies, page.connector.read_comments):
        with pytest.raises(Rejected) as trouble:
            read(page.access, page.post)
        assert trouble.value.code == "permission_missing"
        assert "pages_read_user_content" in trouble.value.detail


def test_comments_are_read_newest_first_with_answers_and_without_citizens_names(page):
    first = page.citizen("งานเริ่มกี่โมงคะ")
    page.later()
    page.comment("เริ่ม 08.00 น. ค่ะ", above=first)
    told = page.connector.read_comments(page.access, page.post)
    ours, theirs = told.rows
    assert told.complete
    assert (theirs.text, theirs.author, theirs.ours, theirs.parent_id) == ("งานเริ่มกี่โมงคะ", "", False, "")
    assert (ours.ours, ours.parent_id, ours.post_id) == (True, first, page.post)
    assert ours.created_at - theirs.created_at == timedelta(minutes=1)


def test_only_comments_since_a_moment_are_read_when_asked(page):
    page.citizen("เก่า")
    page.later(timedelta(hours=1))
    page.citizen("ใหม่")
    since = page.clock.now() - timedelta(minutes=5)
    assert [row.text for row in page.connector.read_comments(page.access, page.post, since).rows] == ["ใหม่"]


def test_more_comments_than_one_page_holds_are_all_read(page):
    for number in range(105):
        page.citizen(f"ความเห็น {number}")
        page.later(timedelta(seconds=1))
    told = page.connector.read_comments(page.access, page.post)
    assert (len(told.rows), told.rows[0].text, told.complete) == (105, "ความเห็น 104", True)


def test_a_comment_is_hidden_and_shown_again_as_often_as_asked(page):
    rude = page.citizen("คำหยาบ")
    for hidden in (True, True, False):
        page.connector.hide_comment(page.access, rude, hidden=hidden)
        assert page.connector.read_comments(page.access, page.post).rows[0].hidden is hidden


def test_a_comment_on_a_post_that_is_not_there_is_refused_for_good(page):
    page.connector.delete(page.access, page.post)
    with pytest.raises(Rejected) as trouble:
        page.comment(TEXT)
    assert trouble.value.code == "not_found"
    with pytest.raises(Rejected):
        page.connector.read_comments(page.access, page.post)


@pytest.mark.parametrize(
    ("worn", "words"),
    [
        ({"scopes": ["pages_manage_posts"]}, "pages_manage_engagement"),
        ({"tasks": ["CREATE_CONTENT"]}, "MODERATE"),
    ],
)
def test_commenting_needs_its_own_permission_and_task(page, worn, words):
    page.sandbox.wear_token("facebook", page.access.external_id, **worn)
    with pytest.raises(RetryLater) as trouble:
        page.comment(TEXT)
    assert (trouble.value.code, words in trouble.value.detail) == ("permission_missing", True)


def test_a_post_and_a_comment_are_put_right_and_keep_their_ids(page):
    made = page.comment("เริ่ม 8 โมง")
    page.connector.edit(page.access, page.post, "ขอเชิญร่วมงานปลูกต้นไม้")
    page.connector.edit(page.access, made, "เริ่ม 08.00 น.")
    assert page.connector.read(page.access, page.post).text == "ขอเชิญร่วมงานปลูกต้นไม้"
    (found,) = page.connector.find_replies(page.access, page.post).posts
    assert (found.remote_id, found.text) == (made, "เริ่ม 08.00 น.")


def test_an_edit_whose_answer_was_lost_may_be_repeated(page):
    page.sandbox.fault("facebook", "edit", "accept_then_drop")
    with pytest.raises(RetryLater):
        page.connector.edit(page.access, page.post, "ขอเชิญ")
    page.connector.edit(page.access, page.post, "ขอเชิญ")
    assert page.connector.read(page.access, page.post).text == "ขอเชิญ"


def test_taking_away_a_comment_twice_is_taking_it_away(page):
    made = page.comment(TEXT)
    for _ in range(2):
        page.connector.delete(page.access, made)
    assert page.stands() == []


@pytest.mark.parametrize(
    "message",
    [
        Message("ถาม", poll=Poll(("ก", "ข"), 60)),
        Message("ต่อ", reply_to="1_2"),
        Message("ตอบ", kind=MessageKind.COMMENT),
        Message("ตอบ", kind=MessageKind.COMMENT, reply_to="1_2", media_ids=("5",)),
        Message("สอง", media_ids=("5:6", "7:8"), media_kind=MediaKind.VIDEO),
    ],
)
def test_what_facebook_has_no_words_for_is_refused_before_anything_is_sent(page, message):
    page.sandbox.clear_log()
    with pytest.raises(Rejected) as trouble:
        page.publish(message)
    assert trouble.value.code == "unsupported_here"
    assert page.sandbox.log("facebook") == []


def test_drafts_are_for_posts_alone(page):
    film = Message("วิดีโอ", media_ids=("5:6",), media_kind=MediaKind.VIDEO)
    comment = Message("ตอบ", kind=MessageKind.COMMENT, reply_to=page.post)
    for message in (film, comment, replace(comment, reply_to="")):
        with page.connector.open(page.access) as line, pytest.raises(Rejected):
            line.draft(message)
