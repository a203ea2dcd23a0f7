"""Citizens' questions: read, answered once by two people, counted by their times, forgotten in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.base import Access, Message
from core.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable
from core.vocab import Channel, CommentState, DeliveryState, MessageKind, ReplyState
from models import AuditEvent, Comment, CommentLook, Delivery, Reply
from services import comments, moderating, office_facts, queue_list, replies
from services.claiming import access_of
from services.periods import Period
from services.queue_list import QueueFilter
from tests.builders import START

QUESTION = "รถเมล์สายใดไปถึงงานบ้างคะ"
ANSWER = "สาย 3 และ 30 ลงป้ายสะพานพระราม 8 ค่ะ"


@pytest.fixture
def post(office):
    delivery_id = office.approved(Channel.FACEBOOK)
    office.round()
    assert office.state(delivery_id) in (DeliveryState.PUBLISHED, DeliveryState.VERIFIED)
    return office.delivery(delivery_id)


def say(office, post, text=QUESTION, **more):
    body = {"post": post.remote_id, "text": text, "name": "สมชาย ใจดี", **more}
    return office.sandbox.ask("POST", "/__control/comments", body)["comment"]


def under(office, post):
    return office.sandbox.ask("GET", f"/__control/comments?post={post.remote_id}")["comments"]


def ours(office, post):
    return [one for one in under(office, post) if one["author"] == post_page(office)]


def post_page(office):
    return office.account(Channel.FACEBOOK).external_id


def collect(office):
    office.advance(timedelta(minutes=31))
    comments.collect_comments(office.rt)
    replies.settle_answered(office.rt)


def all_of(office, kind):
    with office.rt.sessions.begin() as session:
        return session.scalars(select(kind).order_by(kind.id)).all()


def asked(office, post, text=QUESTION):
    say(office, post, text)
    collect(office)
    return all_of(office, Comment)[-1]


def answered(office, comment, text=ANSWER):
    rt, team = office.rt, office.team
    with rt.sessions.begin() as session:
        reply = replies.write_reply(session, comment.id, text, team.officer, rt.clock.now())
        session.flush()
    with rt.sessions.begin() as session:
        return replies.approve_reply(session, reply.id, reply.body, team.approver, rt.clock.now())


def test_a_question_is_read_with_no_name_and_once(office, post):
    comment = asked(office, post)
    collect(office)
    assert len(all_of(office, Comment)) == 1
    assert (comment.body, comment.state, comment.delivery_id) == (QUESTION, CommentState.WAITING, post.id)
    assert "สมชาย" not in str(vars(comment))
    assert comment.author_hash == "", "Facebook keeps citizens' names to itself"


def test_an_answer_goes_out_once_under_its_comment_and_settles_it(office, post):
    comment = asked(office, post)
    delivery = answered(office, comment)
    office.round()
    collect(office)
    office.round()
    (sent,) = ours(office, post)
    assert (sent["text"], sent["parent"]) == (ANSWER, comment.remote_id)
    (settled,) = all_of(office, Comment)
    assert (settled.state, settled.body) == (CommentState.ANSWERED, None)
    assert settled.answered_at - settled.written_at < timedelta(hours=1)
    assert office.state(delivery.id) is DeliveryState.VERIFIED


@pytest.mark.parametrize("kind", ["accept_then_500", "accept_then_drop"])
def test_a_lost_answer_of_the_platform_is_looked_for_and_never_said_twice(office, post, kind):
    comment = asked(office, post)
    office.sandbox.fault("facebook", "publish", kind)
    delivery = answered(office, comment)
    office.round()
    assert office.state(delivery.id) is DeliveryState.UNCERTAIN
    office.settle()
    collect(office)
    assert len(ours(office, post)) == 1
    assert office.state(delivery.id) is DeliveryState.VERIFIED
    assert all_of(office, Comment)[0].state is CommentState.ANSWERED


def test_nobody_lets_out_their_own_answer_nor_other_words_than_they_read(office, post):
    comment = asked(office, post)
    rt, team, now = office.rt, office.team, office.clock.now()
    with rt.sessions.begin() as session:
        reply = replies.write_reply(session, comment.id, ANSWER, team.approver, now)
        session.flush()
    with rt.sessions.begin() as session, pytest.raises(Forbidden, match="own_reply"):
        replies.approve_reply(session, reply.id, ANSWER, team.approver, now)
    with rt.sessions.begin() as session, pytest.raises(Forbidden, match="role_needed"):
        replies.approve_reply(session, reply.id, ANSWER, team.officer, now)
    with rt.sessions.begin() as session:
        replies.write_reply(session, comment.id, "อีกข้อความ", team.officer, now)
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="reply_changed"):
        replies.approve_reply(session, reply.id, ANSWER, team.approver, now)
    with rt.sessions.begin() as session:
        replies.approve_reply(session, reply.id, "อีกข้อความ", team.approver, now)
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="reply_decided"):
        replies.approve_reply(session, reply.id, "อีกข้อความ", team.approver, now)
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="reply_on_its_way"):
        replies.write_reply(session, comment.id, "ซ้ำ", team.officer, now)
    assert len(all_of(office, Reply)) == 1


def test_an_answer_given_back_is_written_anew(office, post):
    comment = asked(office, post)
    rt, team, now = office.rt, office.team, office.clock.now()
    with rt.sessions.begin() as session:
        reply = replies.write_reply(session, comment.id, ANSWER, team.officer, now)
        session.flush()
        with pytest.raises(BadInput, match="reason_empty"):
            replies.return_reply(session, reply.id, " ", team.approver, now)
        replies.return_reply(session, reply.id, "ระบุเวลาด้วย", team.approver, now)
    with rt.sessions.begin() as session:
        again = replies.write_reply(session, comment.id, ANSWER + " 05.00 น.", team.officer, now)
        assert (again.id, again.state, again.reason) == (reply.id, ReplyState.WAITING, "")
        with pytest.raises(NotFound):
            replies.return_reply(session, 999, "ไม่มี", team.approver, now)


@pytest.mark.parametrize(("text", "code"), [(" \n ", "reply_empty"), ("ก" * 8001, "too_long")])
def test_what_cannot_be_an_answer_is_refused(office, post, text, code):
    comment = asked(office, post)
    with office.rt.sessions.begin() as session, pytest.raises(BadInput, match=code):
        replies.write_reply(session, comment.id, text, office.team.officer, office.clock.now())


def test_an_answer_given_by_hand_on_the_platform_counts(office, post):
    comment = asked(office, post)
    office.advance(timedelta(minutes=5))
    connector = office.rt.connectors[Channel.FACEBOOK]
    from_the_phone = office.clock.now()
    access = _access(office)
    with connector.open(access) as line:
        line.publish(_message(comment))
    collect(office)
    (settled,) = all_of(office, Comment)
    assert (settled.state, settled.answered_at) == (CommentState.ANSWERED, from_the_phone)


def _access(office):
    return access_of(office.rt, office.account(Channel.FACEBOOK))


def _message(comment):
    return Message(ANSWER, reply_to=comment.remote_id, kind=MessageKind.COMMENT)


def test_a_comment_its_writer_took_away_is_forgotten_here(office, post):
    comment = asked(office, post)
    connector = office.rt.connectors[Channel.FACEBOOK]
    connector.delete(_access(office), comment.remote_id)
    collect(office)
    (gone,) = all_of(office, Comment)
    assert (gone.state, gone.body) == (CommentState.GONE, None)


def test_a_comment_is_hidden_by_an_approver_with_a_reason(office, post):
    comment = asked(office, post, "คำหยาบ")
    with pytest.raises(Forbidden):
        moderating.hide(office.rt, comment.id, "หยาบคาย", office.team.officer)
    with pytest.raises(BadInput, match="reason_empty"):
        moderating.hide(office.rt, comment.id, "", office.team.approver)
    office.sandbox.fault("facebook", "*", "drop_before")
    with pytest.raises(Unavailable, match="comment_not_hidden"):
        moderating.hide(office.rt, comment.id, "หยาบคาย", office.team.approver)
    assert (
        moderating.hide(office.rt, comment.id, "หยาบคาย", office.team.approver).state is CommentState.HIDDEN
    )
    assert [one["hidden"] for one in under(office, post)] == [True]
    with office.rt.sessions.begin() as session:
        deed = session.scalars(select(AuditEvent).where(AuditEvent.action == "comment.hide")).one()
        assert deed.detail == {"reason": "หยาบคาย"}
    with pytest.raises(Conflict, match="comment_settled"):
        moderating.hide(office.rt, comment.id, "หยาบคาย", office.team.approver)


def test_what_needs_no_answer_is_closed_with_a_reason_and_no_question(office, post):
    comment = asked(office, post, "สวยมาก")
    question = asked(office, post)
    with office.rt.sessions.begin() as session:
        moderating.dismiss(session, comment.id, "คำชม", office.team.officer, office.clock.now())
        with pytest.raises(NotFound):
            moderating.dismiss(session, 999, "คำชม", office.team.officer, office.clock.now())
    with office.rt.sessions.begin() as session:
        period = Period(2564, START, START + timedelta(days=30), office.clock.now())
        found = office_facts.responses(session, period)
        assert [(one.id, one.answered_at) for one in found] == [(question.id, None)]


def test_after_90_days_neither_words_nor_author_nor_number_are_left(office, post):
    comment = asked(office, post)
    office.advance(timedelta(days=91))
    with office.rt.sessions.begin() as session:
        assert comments.forget_old(session, office.clock.now()) == 1
        assert comments.forget_old(session, office.clock.now()) == 0
    (left,) = all_of(office, Comment)
    assert (left.body, left.author_hash) == (None, "-")
    assert left.remote_id != comment.remote_id
    assert left.written_at == comment.written_at


def test_comments_are_read_often_at_first_then_rarely_then_no_more(office, post):
    with office.rt.sessions.begin() as session:
        assert session.get(CommentLook, post.id) is None
    paces = []
    for age in (timedelta(hours=1), timedelta(days=2), timedelta(days=20), timedelta(days=29)):
        office.advance(post.published_at + age - office.clock.now())
        comments.collect_comments(office.rt)
        with office.rt.sessions.begin() as session:
            next_at = session.get_one(CommentLook, post.id).next_at
        paces.append(next_at and next_at - office.clock.now())
    assert paces == [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=12), None]


def test_a_platform_that_does_not_answer_costs_nothing_but_the_look(office, post):
    say(office, post)
    office.sandbox.fault("facebook", "*", "drop_before", times=None)
    collect(office)
    assert all_of(office, Comment) == []
    office.sandbox.clear_faults()
    collect(office)
    assert len(all_of(office, Comment)) == 1


def test_an_answer_is_no_post_no_list_and_no_figure_knows_it(office, post):
    answered(office, asked(office, post))
    office.round()
    with office.rt.sessions.begin() as session:
        assert [row.id for row in queue_list.list_queue(session, QueueFilter())] == [post.id]
        reply = session.scalars(select(Delivery).where(Delivery.id != post.id)).one()
        assert (reply.part >= replies.FIRST_REPLY, reply.follows_id, reply.metrics_next_at) == (
            True,
            None,
            None,
        )


def test_on_x_a_mention_is_answered_in_280_letters(office):
    citizen = office.sandbox.add_accounts("x", 1)[0]  # may answer us because we speak of them
    delivery_id = office.approved(Channel.X, f"ลอยกระทง 31 ต.ค. 63 @{citizen['username']}")
    office.round()
    post = office.delivery(delivery_id)
    access = Access(Channel.X, citizen["external_id"], citizen["secrets"])
    username = office.sandbox.credentials("x")["username"]
    with office.rt.connectors[Channel.X].open(access) as line:
        line.publish(Message(f"@{username} {QUESTION}", reply_to=post.remote_id))
    collect(office)
    (comment,) = all_of(office, Comment)
    assert len(comment.author_hash) == 64
    assert citizen["external_id"] not in str(vars(comment))
    with office.rt.sessions.begin() as session, pytest.raises(BadInput, match="too_long"):
        replies.write_reply(session, comment.id, "ก" * 281, office.team.officer, office.clock.now())
    delivery = answered(office, comment)
    office.round()
    collect(office)
    assert office.state(delivery.id) in (DeliveryState.PUBLISHED, DeliveryState.VERIFIED)
    assert all_of(office, Comment)[0].state is CommentState.ANSWERED
