"""Writing posts: what is refused, and what an edit does to what waits."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.vocab import Category, Channel, DeliveryState, PostKind, PostState
from models import AuditEvent, Delivery, Post
from services import approval, media, posts
from services.content import Tag
from services.media import Upload
from services.posts import PostFilter
from tests.builders import (
    BODIES,
    LOY_KRATHONG,
    START,
    approve,
    deliveries_of,
    make_approved,
    make_event,
    make_picture,
    make_post,
    post_form,
)

DUE = START + timedelta(days=4)


def create(rt, team, **change):
    with rt.sessions.begin() as session:
        return posts.create_post(session, post_form(**change), team.officer, START)


def edit(rt, post, person, **change):
    with rt.sessions.begin() as session:
        return posts.edit_post(session, post.id, post.revision, post_form(**change), person, rt.clock.now())


def stored(rt, post):
    with rt.sessions.begin() as session:
        return session.get_one(Post, post.id)


def move_first(rt, post, *states):
    with rt.sessions.begin() as session:
        row = deliveries_of(session, post.id)[0]
        for state in states:
            row.move(state, START)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"title": " "}, "title_empty", "title"),
        ({"bodies": {}}, "channel_missing", "channels"),
        ({"bodies": {**BODIES, Channel.X: ""}}, "text_empty", "body_x"),
        ({"bodies": {Channel.X: "ก" * 291}}, "x_too_long", "body_x"),
        ({"bodies": {Channel.X: "ก" * 270}, "link": "https://bangkok.go.th"}, "x_too_long", "body_x"),
        ({"link": "bangkok.go.th"}, "link_bad", "link"),
        ({"due_at": START}, "due_in_past", "due_at"),
        ({"due_at": START - timedelta(days=1)}, "due_in_past", "due_at"),
        ({"not_after": DUE}, "window_empty", "not_after"),
        ({"tags": (Tag(Category.NEWS), Tag(Category.STATS))}, "tag_reason_empty", "categories"),
    ],
)
def test_what_is_wrong_with_a_post_is_named_and_nothing_is_stored(rt, team, change, code, field):
    with pytest.raises(BadInput) as refused:
        create(rt, team, **change)
    assert (refused.value.key, refused.value.params["field"]) == (code, field)
    with rt.sessions.begin() as session:
        assert session.scalar(select(func.count(Post.id))) == 0
        assert session.scalar(select(func.count(AuditEvent.id))) == 0


def test_a_picture_needs_a_description_and_must_be_a_picture(rt, team):
    asset_id = make_picture(rt, team.officer)
    with pytest.raises(BadInput, match="alt_text_missing"):
        create(rt, team, asset_id=asset_id)
    post = create(rt, team, asset_id=asset_id, alt_text="กระทงใบตองลอยอยู่ในแม่น้ำ")
    assert [(one.asset_id, one.alt_text) for one in post.media] == [(asset_id, "กระทงใบตองลอยอยู่ในแม่น้ำ")]
    with pytest.raises(BadInput, match="too_long"):
        create(rt, team, asset_id=asset_id, alt_text="ก" * 1001)
    document = media.store_file(rt, Upload("a.pdf", b"%PDF-1.7"), team.officer)
    with pytest.raises(BadInput, match="not_an_image"):
        create(rt, team, asset_id=document.id, alt_text="เอกสาร")
    with pytest.raises(BadInput, match="media_gone"):
        create(rt, team, asset_id=999, alt_text="ภาพ")
    with pytest.raises(NotFound):
        create(rt, team, event_id=999)


def test_only_officers_write(rt, team):
    with rt.sessions.begin() as session, pytest.raises(Forbidden):
        posts.create_post(session, post_form(), team.approver, START)


def test_a_draft_keeps_its_texts_as_typed_but_clean(rt, team):
    post = create(rt, team, bodies={Channel.X: " บรรทัดหนึ่ง \r\nบรรทัดสอง\n"}, tags=(Tag(Category.NEWS),))
    assert [(row.channel, row.body) for row in post.variants] == [(Channel.X, "บรรทัดหนึ่ง\nบรรทัดสอง")]
    assert (post.state, post.revision, post.not_after) == (PostState.DRAFT, 1, DUE + timedelta(hours=6))
    assert [row.category for row in post.categories] == [Category.NEWS]


@pytest.mark.parametrize(
    ("kind", "due", "last"),
    [
        (PostKind.ANNOUNCE, DUE, LOY_KRATHONG - timedelta(minutes=5)),
        (PostKind.INVITE, DUE, LOY_KRATHONG - timedelta(minutes=5)),
        (PostKind.REMINDER, LOY_KRATHONG - timedelta(minutes=6), LOY_KRATHONG - timedelta(minutes=5)),
        (PostKind.EVENT_DAY, LOY_KRATHONG - timedelta(hours=2), LOY_KRATHONG - timedelta(minutes=5)),
        (PostKind.EVENT_DAY, LOY_KRATHONG, LOY_KRATHONG + timedelta(hours=6)),
        (PostKind.EVENT_DAY, LOY_KRATHONG + timedelta(hours=5), LOY_KRATHONG + timedelta(hours=7)),
        (
            PostKind.EVENT_DAY,
            LOY_KRATHONG + timedelta(hours=7),
            LOY_KRATHONG + timedelta(hours=7, minutes=10),
        ),
        (PostKind.RECAP, LOY_KRATHONG + timedelta(days=2), LOY_KRATHONG + timedelta(days=2, hours=6)),
        (PostKind.GENERAL, DUE, DUE + timedelta(hours=6)),
    ],
)
def test_a_post_of_an_event_goes_out_in_time_or_not_at_all(rt, team, kind, due, last):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
    assert create(rt, team, event_id=event.id, kind=kind, due_at=due).not_after == last


@pytest.mark.parametrize("kind", [PostKind.ANNOUNCE, PostKind.INVITE, PostKind.REMINDER])
def test_nothing_is_announced_once_the_event_is_about_to_begin(rt, team, kind):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
    with pytest.raises(BadInput, match="due_after_event"):
        create(rt, team, event_id=event.id, kind=kind, due_at=LOY_KRATHONG - timedelta(minutes=5))


def test_an_edit_makes_a_new_revision_and_drops_a_channel_not_chosen(rt, team):
    post = create(rt, team)
    after = edit(rt, post, team.officer, bodies={Channel.FACEBOOK: "ใหม่"}, title="ใหม่")
    assert (after.revision, after.title) == (2, "ใหม่")
    assert [(row.channel, row.body) for row in stored(rt, post).variants] == [(Channel.FACEBOOK, "ใหม่")]
    with pytest.raises(Conflict, match="post_changed"):
        edit(rt, post, team.officer)


def test_an_old_draft_may_be_edited_but_not_submitted_without_a_new_time(rt, team, clock):
    post = create(rt, team)
    clock.set(DUE + timedelta(hours=1))
    after = edit(rt, post, team.officer, title="แก้คำ")
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="due_in_past"):
        posts.submit_post(session, post.id, after.revision, team.officer, clock.now())


def test_a_submission_needs_a_time_and_right_names(rt, team):
    timeless = create(rt, team, due_at=None)
    wrong = create(rt, team, bodies={Channel.FACEBOOK: "สำนักระบายน้ำ แจ้งว่า เฟสบุ๊กใช้ไม่ได้"})
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="due_missing"):
        posts.submit_post(session, timeless.id, 1, team.officer, START)
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="term_errors") as refused:
        posts.submit_post(session, wrong.id, 1, team.officer, START)
    finding = refused.value.params["findings"][0]
    assert (finding.found, finding.suggest, finding.blocks) == ("สำนักระบายน้ำ", "สำนักการระบายน้ำ", True)
    assert wrong.variants[0].body[finding.start : finding.end] == "สำนักระบายน้ำ"


def test_a_doubtful_word_warns_and_is_written_down(rt, team):
    post = create(rt, team, bodies={Channel.FACEBOOK: "ติดตามทางเฟสบุ๊ก"})
    with rt.sessions.begin() as session:
        posts.submit_post(session, post.id, 1, team.officer, START)
    with rt.sessions.begin() as session:
        deed = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (deed.action, deed.detail["warnings"]) == ("post.submit", ["เฟสบุ๊ก"])


def test_a_post_in_review_is_recalled_before_it_is_edited(rt, team):
    with rt.sessions.begin() as session:
        post = make_post(session, team.officer, PostState.IN_REVIEW)
    with pytest.raises(Conflict, match="in_review"):
        edit(rt, post, team.officer)
    with rt.sessions.begin() as session:
        posts.recall_post(session, post.id, 1, team.officer, START)
    assert edit(rt, post, team.officer).state is PostState.RETURNED


@pytest.mark.usefixtures("accounts")
def test_editing_an_approved_post_takes_the_approval_and_what_waits_back(rt, team):
    post = create(rt, team)
    approve(rt, post.id, team.approver)
    after = edit(rt, post, team.officer, title="แก้หลังอนุมัติ")
    assert (after.state, after.approved_revision, after.revision) == (PostState.DRAFT, None, 2)
    with rt.sessions.begin() as session:
        assert {row.state for row in deliveries_of(session, post.id)} == {DeliveryState.CANCELLED}
    again = approve(rt, post.id, team.approver)
    assert {(row.approved_revision, row.occurrence) for row in again} == {(2, 2)}


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ([DeliveryState.SENDING], "in_flight"),
        ([DeliveryState.SENDING, DeliveryState.UNCERTAIN], "in_flight"),
        ([DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.NEEDS_HUMAN], "needs_decision"),
        ([DeliveryState.SENDING, DeliveryState.PUBLISHED], "already_published"),
        ([DeliveryState.SENDING, DeliveryState.PUBLISHED, DeliveryState.VERIFIED], "already_published"),
    ],
)
@pytest.mark.usefixtures("accounts")
def test_what_may_be_public_is_neither_edited_nor_withdrawn(rt, team, states, code):
    post = create(rt, team)
    approve(rt, post.id, team.approver)
    move_first(rt, post, *states)
    with pytest.raises(Conflict, match=code):
        edit(rt, post, team.officer, title="แก้")
    with rt.sessions.begin() as session, pytest.raises(Conflict, match=code):
        posts.withdraw_post(session, post.id, "ผิด", team.officer, START)
    assert (stored(rt, post).state, stored(rt, post).title) == (PostState.APPROVED, "ลอยกระทง 2563")
    with rt.sessions.begin() as session:
        assert [row.state for row in deliveries_of(session, post.id)] == [states[-1], DeliveryState.SCHEDULED]


@pytest.mark.parametrize("state", [DeliveryState.HELD, DeliveryState.FAILED, DeliveryState.MISSED])
@pytest.mark.usefixtures("accounts")
def test_what_surely_never_went_out_is_cancelled_by_an_edit(rt, team, state):
    post = create(rt, team)
    approve(rt, post.id, team.approver)
    move_first(rt, post, state)
    edit(rt, post, team.officer)
    with rt.sessions.begin() as session:
        assert {row.state for row in deliveries_of(session, post.id)} == {DeliveryState.CANCELLED}


@pytest.mark.usefixtures("accounts")
def test_a_withdrawn_post_cancels_what_waits_and_is_never_edited_again(rt, team):
    post = create(rt, team)
    approve(rt, post.id, team.approver)
    with rt.sessions.begin() as session:
        posts.withdraw_post(session, post.id, "ข้อมูลซ้ำ", team.approver, START)
    with rt.sessions.begin() as session:
        assert {(row.state, row.reason) for row in deliveries_of(session, post.id)} == {
            (DeliveryState.CANCELLED, "withdrawn")
        }
    with pytest.raises(Conflict, match="post_withdrawn"):
        edit(rt, post, team.officer)
    with rt.sessions.begin() as session, pytest.raises(BadInput, match="reason_empty"):
        posts.withdraw_post(session, create_id(session, team), "", team.officer, START)


def test_a_post_that_does_not_exist_is_not_found(rt, team):
    with rt.sessions.begin() as session, pytest.raises(NotFound):
        posts.submit_post(session, 999, 1, team.officer, START)


def create_id(session, team):
    return make_post(session, team.officer).id


@pytest.mark.usefixtures("accounts")
def test_a_posts_page_is_loaded_in_a_fixed_number_of_queries(rt, team, queries):
    rows = make_approved(rt, team.officer, team.approver, tags=(Tag(Category.NEWS),))
    with rt.sessions.begin() as session, queries() as seen:
        view = posts.load_post(session, rows[0].post_id)
        assert [row.account.channel for row in view.deliveries] == [Channel.FACEBOOK, Channel.X]
        assert view.names[view.reviews[0].approver_id] == team.approver.name
        assert view.author.name == team.officer.name
    assert len(seen) == 8
    with rt.sessions.begin() as session, pytest.raises(NotFound):
        posts.load_post(session, 999)


def test_lists_are_filtered_and_cost_four_queries_however_long(rt, team, queries):
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        for n in range(12):
            make_post(session, team.officer, now=START + timedelta(minutes=n), event_id=event.id)
        make_post(session, team.officer, PostState.IN_REVIEW)
    with rt.sessions.begin() as session, queries() as seen:
        assert len(posts.list_posts(session)) == 13
    assert len(seen) == 4
    with rt.sessions.begin() as session:
        newest = posts.list_posts(session, PostFilter(states=frozenset({PostState.DRAFT}), limit=5))
        assert len(newest) == 5
        older = posts.list_posts(session, PostFilter(before=newest[-1].changed_at, event_id=event.id))
        assert len(older) == 7
        assert posts.list_posts(session, PostFilter(author_id=team.approver.id)) == []


def test_nothing_is_delivered_before_an_approval(rt, team):
    create(rt, team)
    with rt.sessions.begin() as session:
        make_post(session, team.officer, PostState.IN_REVIEW)
        assert session.scalar(select(func.count(Delivery.id))) == 0
        assert len(approval.inbox(session, team.approver, START)) == 1
